"""The rules of transfer and its machinery."""
