"""The ground: mechanisms every part stands on. Knows no department, no resource, no grant."""
