"""Every SQL statement about sessions and about failed sign-ins."""
