"""Registering at first use (``registering``), at the start (``settling``); lists, rotations."""
