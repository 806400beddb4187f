"""What the pages of the trail show."""
