"""HTTP of a person's own account."""
