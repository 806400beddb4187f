"""The rules of proposals. Flushes and records, never commits."""
