"""Departments that share data."""
