"""One limited child process a file: whatever was uploaded is decoded there."""
