"""HTTP of list templates and assignments."""
