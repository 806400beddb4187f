"""What is said of the trail: how it is asked, and what its events tell."""
