"""What is shown of list templates and assignments."""
