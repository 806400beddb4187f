"""Pages and files of the three lists."""
