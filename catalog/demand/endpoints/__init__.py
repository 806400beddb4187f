"""HTTP of demands."""
