"""Claim and fill (认领与填报): expected entries are given to departments, which answer and fill."""
