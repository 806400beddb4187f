"""Reading the trail (审计)."""
