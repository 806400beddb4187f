"""Every SQL statement of the three lists."""
