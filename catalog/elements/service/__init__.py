"""The rules of data elements. Flushes and records, never commits."""
