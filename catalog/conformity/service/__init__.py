"""The check of a table against the standards of its columns."""
