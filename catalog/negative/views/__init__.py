"""What is shown of the negative list."""
