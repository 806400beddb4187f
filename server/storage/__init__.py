"""What each department keeps on the disk, and what is left of it."""
