"""What can go wrong with the source of an element."""

from collections.abc import Sequence

from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class ClaimNotNow(Conflict):
    code, title = "claim_not_now", _("This is not possible in the present state of the claim")

    def __init__(self, step: Message, status: Message) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status)
        )


class ClaimChanged(PreconditionFailed):
    code, title = "claim_changed", _("The claim has changed since you looked at it")


class SourceStands(Conflict):
    """One source at most for an element, a scope and an area at a moment (Art. 19)."""

    code = "source_stands"
    title = _("The element has a source already for these objects and this area")

    def __init__(self, claim_no: str, department: str) -> None:
        super().__init__(
            _(
                "The source is %(department)s by claim %(no)s. Open a source conflict for it; for "
                "an area below, let the data administration record an exception.",
                department=department,
                no=claim_no,
            )
        )
        self.see = f"/source-claims/{claim_no}"


class ClaimedAlready(Conflict):
    """Somebody else's claim waits; which of them is right is for a conflict to decide."""

    code = "claimed_already"
    title = _("The element is claimed already for these objects and this area")

    def __init__(self, claim_no: str, department: str) -> None:
        super().__init__(
            _(
                "%(department)s has claimed it: %(no)s. Open a source conflict, or wait for the "
                "decision.",
                department=department,
                no=claim_no,
            )
        )
        self.see = f"/source-claims/{claim_no}"


class NoSourceNeeded(Conflict):
    code = "no_source_needed"
    title = _("This element has no source to be named")


class NotInForce(Conflict):
    code = "element_not_in_force"
    title = _("Only an adopted element has a source")


class CountersigningOpen(Conflict):
    code = "countersigning_open"
    title = _("The collecting departments have not all said yet whether they agree")


class ConflictOpen(Conflict):
    code = "source_conflict_open"
    title = _("A source conflict is open; its decision settles this claim")


class ScopeExists(Conflict):
    code = "scope_exists"
    title = _("The element has an object scope of this name")


class ScopeInUse(Conflict):
    code = "scope_in_use"
    title = _("A claim for this object scope stands or waits")

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(
            _("End or decide these first: %(numbers)s.", numbers="、".join(numbers)),
        )


class ExceptionExists(Conflict):
    code = "exception_exists"
    title = _("This exception is recorded already")
