"""What is shown of demands."""
