"""What the pages of registering show."""
