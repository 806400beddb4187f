"""What is held to a standard: a column, and a table in batches."""
