"""The start page with the three doors, the help page, and the page behind every problem's ``type``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from auth.guard import is_allowed
from auth.identify import MaybeSubjectDep
from auth.roles import Role
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.lifecycle import ResourceStatus
from catalog.resources.schemas import ResourceSummary
from policies.actions import Action
from server.desk import DESK, message_list
from server.desk_pages import TaskShown, tasks_shown
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound, ShuqiaoError
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.engine import advice, page
from shuqiao.web.examples import Example, example
from shuqiao.web.paging import PageRequest

router = APIRouter()

#: How many lines of each list the start page shows.
SHOWN: Final = 5
#: Not yet published: what a department is still working on.
_UNDER_WAY: Final = (ResourceStatus.RETURNED, ResourceStatus.IN_REVIEW, ResourceStatus.DRAFT)
_KEEPERS: Final = frozenset({Role.REGISTRAR, Role.DEPARTMENT_HEAD, Role.DATA_ADMIN})
_ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


@dataclass(frozen=True, slots=True)
class Door:
    """One of the ways in: where it leads, what waits behind it."""

    title: Message
    text: Message
    href: str


@router.get("/")
@example(Example(world="accounts", who="applicant", success=200, visibility="public"))
def start_page(request: Request, subject: MaybeSubjectDep, session: ReadSessionDep) -> Response:
    """Doors by role, my tasks, what I was told; for strangers what this is, and the sign-in."""
    if subject.auth == "anonymous":
        return page(request, "home/stranger.html", {"doors": [_FIND, _KEEP, _LOOK_BACK]})
    has_desk = is_allowed(subject, Action.TODO_READ, DESK)
    values = {
        "doors": list(doors(subject)), "has_search": not subject.roles & _ADMINISTRATORS,
        "tasks": _tasks(session, subject) if has_desk else [],
        "told": message_list(session, subject) if has_desk else None,
        "under_way": _under_way(session, subject), "shown": SHOWN,
    }  # fmt: skip
    return page(request, "home/start.html", values)


@router.get("/help")
@example(Example(world="accounts", who="applicant", success=200, visibility="public"))
def help_page(request: Request) -> Response:
    """How each of the ways is gone, on one short page."""
    return page(request, "home/help.html")


@router.get("/problems/{code}")
@example(Example(
    world="accounts", who="applicant", success=200, visibility="public", path={"code": "changed_meanwhile"},
))  # fmt: skip
def problem_page(request: Request, code: Annotated[str, Path(max_length=60)]) -> Response:
    """What an error code means and what to do: the page its ``type`` names."""
    kind = problems().get(code)
    if kind is None:
        raise NotFound(_("There is no error code of this name."))
    values = {"code": code, "kind": kind, "meaning": _meaning(kind.status), "advice": advice(kind.status)}
    return page(request, "home/problem.html", values)


def problems() -> dict[str, type[ShuqiaoError]]:
    """Every stable error code with the error it names; of a family that shares a code, the first."""
    found: dict[str, type[ShuqiaoError]] = {}
    waiting: list[type[ShuqiaoError]] = [ShuqiaoError]
    while waiting:
        kind = waiting.pop(0)
        found.setdefault(kind.code, kind)
        waiting.extend(kind.__subclasses__())
    return found


def _meaning(status: int) -> Message:
    return _MEANINGS.get(status, _MEANINGS[500 if status >= 500 else 400])


def doors(subject: Subject) -> Iterator[Door]:
    """The doors this person has business behind."""
    roles = subject.roles
    if not roles & _ADMINISTRATORS:
        yield _FIND
    if roles & _KEEPERS:
        yield _KEEP
    if roles & {Role.SHARING_HEAD, Role.APPROVER}:
        yield _DECIDE
    if roles & {Role.SECURITY_REVIEWER, Role.AUDIT_ADMIN}:
        yield _LOOK_BACK
    elif roles & {Role.APPLICANT, Role.SHARING_HEAD, Role.APPROVER, Role.DATA_ADMIN}:
        yield _FOLLOW
    if Role.SYSTEM_ADMIN in roles:
        yield _RUN


def _tasks(session: Session, subject: Subject) -> list[TaskShown]:
    return tasks_shown(session, subject, limit=SHOWN)


def _under_way(session: Session, subject: Subject) -> list[ResourceSummary]:
    """Entries on their way into the catalogue, those that were returned first."""
    if not subject.roles & _KEEPERS:
        return []
    wanted = PageRequest(limit=SHOWN)
    rows = [row for status in _UNDER_WAY for row in resources.page(session, subject, wanted, status=status)[0]]
    return registering.summaries(session, rows[:SHOWN])


_FIND: Final = Door(
    _("Find data and apply"),
    _("Search the catalogue by name, information item or provider, and ask for the items your work needs."),
    "/catalog",
)  # fmt: skip
_KEEP: Final = Door(
    _("Register and keep current"),
    _("Your department's data resources: register them once, at their source, and answer what the review returns."),
    "/help#register",
)  # fmt: skip
_DECIDE: Final = Door(
    _("Consent and decide"),
    _("Requests that wait for your department's word, each with its statutory time limit."),
    "/desk",
)  # fmt: skip
_FOLLOW: Final = Door(
    _("Follow a request"),
    _("Where each request stands, who acts next, and everything that has happened to it."),
    "/requests",
)  # fmt: skip
_LOOK_BACK: Final = Door(
    _("Look back"),
    _("The audit trail of every step, from the approval to the last byte, to be verified offline."),
    "/trail",
)  # fmt: skip
_RUN: Final = Door(
    _("Look after the service"),
    _("Background jobs: what runs, what waits, and what was parked and why."),
    "/jobs",
)  # fmt: skip

_MEANINGS: Final[Mapping[int, Message]] = {
    400: _("What was sent could not be read: it is cut off, in another encoding or against the form."),
    401: _("Nobody is signed in, or the session has ended, or the token is no longer valid."),
    403: _("You are known and see the thing, but a rule does not let you do this. The answer names the rule."),
    404: _("There is nothing at this address that you may know of."),
    405: _("The address exists, but does not take this kind of call."),
    406: _("The thing exists, but not in the form that was asked for."),
    409: _("The thing is in a state in which this step is not possible, or the same step is just being taken."),
    412: _("Somebody changed the thing after you loaded it. Nothing of yours was stored."),
    413: _("More was sent than is accepted at this address."),
    415: _("The content is of a kind that is not accepted at this address."),
    422: _("What was sent can be read, but some entries are missing or against the rules. Each is named."),
    428: _("The call must say which version it is changing, so that nobody overwrites what they have not seen."),
    429: _("There were too many attempts in a short time."),
    500: _("A fault of ours. It has been logged with the request id."),
    503: _("The database or the audit trail cannot be reached. What cannot be recorded is not done."),
}
