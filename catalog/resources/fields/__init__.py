"""The table of what may be said of a resource and of its items."""
