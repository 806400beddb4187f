"""What can go wrong with a grant."""

from exchange.grants.words import GrantStatus
from shuqiao.errors import Conflict, Forbidden, PreconditionFailed
from shuqiao.i18n import Message, _


class GrantWrongState(Conflict):
    code = "wrong_state"

    def __init__(self, status: GrantStatus) -> None:
        super().__init__(
            _("The grant is in the state: %(status)s", status=status.label), status=status.value
        )


class GrantChanged(PreconditionFailed):
    code = "grant_changed"


class NothingToProve(Conflict):
    """A trial run is asked for again only after one has failed."""

    code = "nothing_to_prove"
    title = _("No trial run has failed, or another one is already under way")


class StillNotAllowed(Conflict):
    """The entry does not allow the item again yet."""

    code = "item_not_allowed"

    def __init__(self, why: Message) -> None:
        super().__init__(_("It cannot be resumed: %(why)s", why=why))


class NotSuspended(Conflict):
    code = "item_not_suspended"
    title = _("This item is not suspended")


class TerminateInstead(Conflict):
    """What a negative entry strikes is ended by consultation and filing (Order 809, Art. 27)."""

    code = "terminate_instead"
    title = _("A negative entry strikes this grant, so its provider cannot simply revoke it")

    def __init__(self) -> None:
        super().__init__(
            _(
                "Consult the consumer and file it with the data administration first; then "
                "terminate the grant (Order 809, Art. 27). Nothing of what is struck leaves."
            )
        )


class GrantNotLive(Forbidden):
    """Nothing may leave under this grant now."""

    code = "grant_not_live"

    def __init__(self, status: GrantStatus) -> None:
        super().__init__(
            _("No data leaves under this grant: %(status)s", status=status.label),
            status=status.value,
        )
