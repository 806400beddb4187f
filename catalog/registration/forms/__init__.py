"""Forms of registering."""
