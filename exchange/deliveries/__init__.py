"""Transfer (交付): the governed Arrow stream of exactly what was
granted, with true end events and a receipt.
"""
