"""People who work with the service: accounts, roles, passwords."""
