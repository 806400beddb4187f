"""Backups (备份) of an installation: made, restored and proved; and the look at a home."""
