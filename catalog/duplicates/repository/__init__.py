"""Every SQL statement about suspected duplicates: elements, the sweep, the list."""
