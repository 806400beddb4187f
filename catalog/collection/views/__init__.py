"""Checks before collecting and reports of repeated forms, as answers and pages show them."""
