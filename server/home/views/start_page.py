"""The start page with the three doors, and what a stranger sees of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from auth.guard import is_allowed
from catalog.resources.schemas import ResourceSummary
from policies.actions import Action
from server.desk.access import DESK
from server.desk.schemas import MessageList
from server.desk.views import TaskShown, message_list, tasks_shown
from server.home.views.boxes import (
    KEEPERS,
    SHOWN,
    Box,
    Change,
    Ending,
    Figures,
    box,
    changed_lately,
    ending_soon,
    figures,
    under_way,
)
from server.home.views.doors import FIND, LOOK_BACK, NO_CATALOGUE, REGISTER, Door, doors
from shuqiao.subject import Subject
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest


@dataclass(frozen=True, slots=True)
class StrangerPage(Page):
    """What this is, and the sign-in."""

    template = "home/stranger.html"
    doors: Sequence[Door]


@dataclass(frozen=True, slots=True)
class StartPage(Page):
    """A box that is None is none of the reader's."""

    template = "home/start.html"
    doors: Sequence[Door]
    tasks: Box[list[TaskShown]] | None
    told: Box[MessageList] | None
    under_way: Box[list[ResourceSummary]] | None
    changed: Box[list[Change]] | None
    ending: Box[list[Ending]] | None
    figures: Box[Figures] | None


def stranger_page() -> StrangerPage:
    return StrangerPage([REGISTER, FIND, LOOK_BACK])


def start_page(session: Session, subject: Subject) -> StartPage:
    """Search, my tasks, doors by role, what is new."""
    has_desk = is_allowed(subject, Action.TODO_READ, DESK)
    reads_catalogue = not subject.roles & NO_CATALOGUE
    is_keeper = bool(subject.roles & KEEPERS)
    tasks = told = way = changed = ending = held = None
    if has_desk:
        tasks = box(session, lambda: tasks_shown(session, subject, limit=SHOWN))
        told = box(session, lambda: message_list(session, subject, PageRequest(limit=SHOWN)))
    if is_keeper:
        way = box(session, lambda: under_way(session, subject))
    if reads_catalogue:
        changed = box(session, lambda: changed_lately(session, subject))
        ending = box(session, lambda: ending_soon(session, subject))
        held = box(session, lambda: figures(session, subject))
    return StartPage(list(doors(subject)), tasks, told, way, changed, ending, held)
