"""The operators' program ``shuqiao``."""
