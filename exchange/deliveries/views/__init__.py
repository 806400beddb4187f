"""What the pages of transfers show."""
