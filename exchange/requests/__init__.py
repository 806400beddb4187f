"""Apply (统一受理): a share request is drafted, consented to on its own
side, and reaches the unified intake.
"""
