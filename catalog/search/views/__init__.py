"""What the pages of the search show."""
