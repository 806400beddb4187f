"""The page behind every problem's ``type``: what an error code means and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shuqiao.errors import NotFound, ShuqiaoError, known_codes
from shuqiao.i18n import Message, _
from shuqiao.web.error_pages import advice
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class ProblemPage(Page):
    """``kind``: the error of this code."""

    template = "home/problem.html"
    code: str
    kind: type[ShuqiaoError]
    meaning: Message
    advice: Message


def problem_page(code: str) -> ProblemPage:
    """Raises ``NotFound``."""
    kind = known_codes().get(code)
    if kind is None:
        raise NotFound(_("There is no error code of this name."))
    return ProblemPage(code, kind, _meaning(kind.status), kind.advice or advice(kind.status))


def _meaning(status: int) -> Message:
    return _MEANINGS.get(status, _MEANINGS[500 if status >= 500 else 400])


_MEANINGS: Final[Mapping[int, Message]] = {
    400: _(
        "What was sent could not be read: it is cut off, in another encoding or against the form."
    ),
    401: _("Nobody is signed in, or the session has ended, or the token is no longer valid."),
    403: _(
        "You are known and see the thing, but a rule does not let you do this. The answer names "
        "the rule."
    ),
    404: _("There is nothing at this address that you may know of."),
    405: _("The address exists, but does not take this kind of call."),
    406: _("The thing exists, but not in the form that was asked for."),
    408: _("The rest of the call did not come in time."),
    409: _(
        "The thing is in a state in which this step is not possible, or the same step is just "
        "being taken."
    ),
    412: _("Somebody changed the thing after you loaded it. Nothing of yours was stored."),
    413: _("More was sent than is accepted at this address."),
    415: _("The content is of a kind that is not accepted at this address."),
    416: _("The answer is sent whole at this address, and only a part of it was asked for."),
    422: _(
        "What was sent can be read, but some entries are missing or against the rules. Each is "
        "named."
    ),
    428: _(
        "The call must say which version it is changing, so that nobody overwrites what they have "
        "not seen."
    ),
    429: _("There were too many attempts in a short time."),
    500: _("A fault of ours. It has been logged with the request id."),
    503: _(
        "The database or the audit trail cannot be reached. What cannot be recorded is not done."
    ),
    507: _("A disk of the service is full. What cannot be kept is not done."),
}
