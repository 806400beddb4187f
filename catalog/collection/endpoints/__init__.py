"""HTTP of checks before collecting, and of reports of repeated forms."""
