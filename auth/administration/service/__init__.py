"""The rules of administering accounts."""
