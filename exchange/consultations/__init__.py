"""Consulting about what a negative entry strikes (协商、备案), before a grant is terminated."""
