"""What an entry must state before it may be reviewed."""
