"""Refusals (被拒操作): where they are written, and how many of them."""
