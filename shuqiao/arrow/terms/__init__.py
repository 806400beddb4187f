"""What a grant says of rows and columns: filters and masks."""
