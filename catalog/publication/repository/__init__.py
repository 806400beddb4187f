"""Every SQL statement of reviews, publications and of who follows a data element."""
