"""Pages of claim and fill."""
