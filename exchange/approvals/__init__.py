"""Decide (审核、答复): the provider prepares a reply item by item; its sharing head releases it."""
