"""What pages and answers show of data elements."""
