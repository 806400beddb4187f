"""What the pages of requests show."""
