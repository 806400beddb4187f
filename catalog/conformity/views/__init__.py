"""How far data keeps to its standards, as answers and pages show it."""
