"""The answer when sessions were ended."""

from audit.schemas import EventReceipt


class SessionsEnded(EventReceipt):
    """How many sessions were ended."""

    ended: int
