"""One file a revision; Alembic reads them by their file names."""
