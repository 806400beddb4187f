"""What goes in and out of the routes of working copies."""

from audit.schemas import EventReceipt


class Discarded(EventReceipt):
    """What was thrown away, by its code; ``is_published``: the entry itself stays in force."""

    code: str
    is_published: bool
