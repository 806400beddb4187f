"""The rules of succession, and what the stages above fill in."""
