"""Running a plan: batches out of snapshots or live tables, with their receipt."""
