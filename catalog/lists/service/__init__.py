"""How the lists are read, compared and dated."""
