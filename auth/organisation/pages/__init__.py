"""Pages of departments and areas."""
