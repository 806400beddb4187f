"""The pages of the start: what stands behind the doors, and what an error code means."""
