"""What a list is asked with, and sheets that come back."""
