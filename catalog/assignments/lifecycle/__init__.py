"""The lives of a list template and of an assignment, as tables."""
