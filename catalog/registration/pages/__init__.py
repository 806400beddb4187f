"""Pages of registering."""
