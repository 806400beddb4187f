"""The rules of sessions and of failed sign-ins."""
