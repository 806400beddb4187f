"""The rules of grants, and how they go over to a successor."""
