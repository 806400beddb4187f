"""Proposals for the standards: filed by any department, heard by all, decided by the data
administration.
"""
