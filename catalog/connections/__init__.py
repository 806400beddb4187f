"""Databases of departments, decided by the operator: who may use which."""
