"""The help (帮助)."""
