"""HTTP of the three lists."""
