"""Every SQL statement of reviews and publications."""
