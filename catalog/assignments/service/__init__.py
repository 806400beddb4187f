"""The rules of claim and fill."""
