"""Pages and files of the search."""
