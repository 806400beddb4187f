"""Every SQL statement about list templates and assignments."""
