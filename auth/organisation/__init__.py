"""Departments, their duties and areas, as everybody reads them, and who describes them."""
