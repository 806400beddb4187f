"""What is shown of departments and areas."""
