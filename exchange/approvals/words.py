"""The kinds of step in a decision."""

from enum import StrEnum


class StepKind(StrEnum):
    """A reply prepared by the approver · released, or sent back, by the
    provider's sharing head (Art. 20).
    """

    PREPARED = "prepared"
    RELEASED = "released"
    SENT_BACK = "sent_back"
