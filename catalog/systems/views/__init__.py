"""What is shown of information systems."""
