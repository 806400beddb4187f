"""The start page with the three doors, and the page behind every problem's ``type``."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from auth.guard import is_allowed
from auth.identify import MaybeSubjectDep
from policies.actions import Action
from server.desk.access import DESK
from server.desk.pages import tasks_shown
from server.desk.views import message_list
from server.home.views import (
    FIND,
    KEEPERS,
    LOOK_BACK,
    NO_CATALOGUE,
    REGISTER,
    SHOWN,
    box,
    changed_lately,
    doors,
    ending_soon,
    figures,
    under_way,
)
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound, ShuqiaoError
from shuqiao.i18n import Message, _
from shuqiao.web.engine import advice, page
from shuqiao.web.paging import PageRequest

router = APIRouter()


@router.get("/")
def start_page(request: Request, subject: MaybeSubjectDep, session: ReadSessionDep) -> Response:
    """Search, my tasks, doors by role, what is new; for strangers what this is, and the sign-in."""
    if subject.auth == "anonymous":
        return page(request, "home/stranger.html", {"doors": [REGISTER, FIND, LOOK_BACK]})
    has_desk = is_allowed(subject, Action.TODO_READ, DESK)
    reads_catalogue = not subject.roles & NO_CATALOGUE
    values = {
        "doors": list(doors(subject)),
        "has_search": reads_catalogue,
        "shown": SHOWN,
        "is_new": not subject.roles,
        "tasks": box(session, lambda: tasks_shown(session, subject, limit=SHOWN))
        if has_desk
        else None,
        "told": box(session, lambda: message_list(session, subject, PageRequest(limit=SHOWN)))
        if has_desk
        else None,
        "under_way": box(session, lambda: under_way(session, subject))
        if subject.roles & KEEPERS
        else None,
        "changed": box(session, lambda: changed_lately(session, subject))
        if reads_catalogue
        else None,
        "ending": box(session, lambda: ending_soon(session, subject)) if reads_catalogue else None,
        "figures": box(session, lambda: figures(session, subject)) if reads_catalogue else None,
    }
    return page(request, "home/start.html", values)


@router.get("/problems/{code}")
def problem_page(request: Request, code: Annotated[str, Path(max_length=60)]) -> Response:
    """What an error code means and what to do: the page its ``type`` names."""
    kind = problems().get(code)
    if kind is None:
        raise NotFound(_("There is no error code of this name."))
    values = {
        "code": code,
        "kind": kind,
        "meaning": _meaning(kind.status),
        "advice": kind.advice or advice(kind.status),
    }
    return page(request, "home/problem.html", values)


def problems() -> dict[str, type[ShuqiaoError]]:
    """Every stable error code with the error it names; of a family that
    shares a code, the first.
    """
    found: dict[str, type[ShuqiaoError]] = {}
    waiting: list[type[ShuqiaoError]] = [ShuqiaoError]
    while waiting:
        kind = waiting.pop(0)
        found.setdefault(kind.code, kind)
        waiting.extend(kind.__subclasses__())
    return found


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
    409: _(
        "The thing is in a state in which this step is not possible, or the same step is just "
        "being taken."
    ),
    412: _("Somebody changed the thing after you loaded it. Nothing of yours was stored."),
    413: _("More was sent than is accepted at this address."),
    415: _("The content is of a kind that is not accepted at this address."),
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
}
