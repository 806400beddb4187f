"""Define the standard (一标准): data elements and their value domains."""
