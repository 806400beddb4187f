"""Pages of causes, of what is owed for entries, and of what is due."""
