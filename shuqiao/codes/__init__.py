"""Codes with algorithms, as one value and as a column: why one cannot exist, in words."""
