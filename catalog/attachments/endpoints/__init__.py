"""HTTP of attaching."""
