"""A person's own account: settings, password, sessions, tokens."""
