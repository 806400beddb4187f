"""Pages of transfers: reading about them, and download for people."""
