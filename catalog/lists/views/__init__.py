"""What pages and files of the lists show."""
