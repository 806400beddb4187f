"""Databases that data is read from."""
