"""What pages and programs are shown of proposals and of suspected duplicates."""
