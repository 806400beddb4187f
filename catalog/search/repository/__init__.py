"""Every SQL statement of the search, and what is asked of its index."""
