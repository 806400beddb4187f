"""Every SQL statement about causes of updates, and about what is owed for entries."""
