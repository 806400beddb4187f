"""Background jobs, for those who look after the service."""
