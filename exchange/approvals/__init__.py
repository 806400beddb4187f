"""Decide (审批): the provider prepares a reply item by item; its sharing head releases it."""
