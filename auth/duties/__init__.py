"""Duties of departments (三定职责), by the document that gives them."""
