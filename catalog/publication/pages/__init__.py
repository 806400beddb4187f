"""Pages of reviewing and of what is published."""
