"""List templates and assignments as they are written and read."""
