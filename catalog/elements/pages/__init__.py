"""Pages of data elements."""
