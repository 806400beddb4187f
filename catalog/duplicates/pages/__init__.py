"""Pages of proposals and of suspected duplicates."""
