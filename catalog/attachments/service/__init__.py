"""The rules of attaching."""
