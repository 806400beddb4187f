"""Attach data (挂接): files and tables behind an entry."""
