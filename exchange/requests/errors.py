"""What can go wrong with a share request."""

from auth.errors import ForbiddenByCase
from exchange.requests.words import RequestStatus
from policies.actions import Action
from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class WrongState(Conflict):
    """The step is not possible in the present status."""

    code = "wrong_state"

    def __init__(self, status: RequestStatus) -> None:
        super().__init__(
            _("The request is in the state: %(status)s", status=status.label), status=status.value
        )


class RequestChanged(PreconditionFailed):
    code = "request_changed"


class NotRequestable(Conflict):
    """The resource cannot be asked for now."""

    code = "not_requestable"

    def __init__(self, why: Message) -> None:
        super().__init__(why)


class AskedAlready(Conflict):
    """The department asks, or may fetch, for the same purpose already.

    It is its own department's request that is named: nobody learns of another's.
    """

    code = "asked_already"

    def __init__(self, first_no: str, status: RequestStatus) -> None:
        super().__init__(
            _(
                "Your department asked for this already, for the same purpose: %(no)s (%(status)s)."
                " Go on with that one, or say what else it is needed for.",
                no=first_no,
                status=status.label,
            )
        )
        self.see = f"/requests/{first_no}"


class OwnRequest(ForbiddenByCase):
    """Asked and answered for by one person: the sharing head vouches
    for somebody else's request (Art. 20).
    """

    code = "own_request"
    title = _("Whoever made the request cannot consent to it")
    rule, action_name = "EXC-EYES-1", Action.REQUEST_CONSENT
