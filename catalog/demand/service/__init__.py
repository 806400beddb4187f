"""The rules of demands: filed, answered, merged, met. Flushes and records, never commits."""
