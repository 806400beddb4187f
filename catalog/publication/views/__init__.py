"""What the pages of publication show."""
