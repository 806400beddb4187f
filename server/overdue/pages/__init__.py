"""Pages of what is overdue: the list, and its file."""
