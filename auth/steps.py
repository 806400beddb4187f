"""One step of a life cycle (生命周期), told once.

The ``lifecycle`` of a room with states is one table of ``Step``: from which states to which, who
takes it by which action, the event it leaves, the clock it starts or ends, the to-do it opens, who
is told what, and the words of its button, its question and its confirmation. ``auth.cases.take``
does what a row says; buttons, pages, time lines, ``docs/lifecycles.md`` and tests read the rows.

A new life cycle is one table more and no function: name its states in ``words`` (with ``label``);
write the rows and ``LIFECYCLE`` in ``lifecycle``; give the model the members of
``auth.cases.Case``; call ``take`` where the rule of a step is told; name the table in
``server/reference/lifecycles.py`` and write the page anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, Protocol, TypeVar

from audit.append import Result
from audit.events import Event
from auth.roles import Role
from policies.actions import Action
from shuqiao.i18n import Message, _


class State(Protocol):
    """A state of a case; as text it is what the event names."""

    @property
    def label(self) -> Message: ...


S = TypeVar("S", bound=State)

#: The columns by which cases name their departments.
CONSUMER: Final = "consumer_id"
PROVIDER: Final = "provider_id"
PROPOSER: Final = "proposer_id"
#: The one department that a case is about.
CONCERNED: Final = "department_id"
#: The two sides of a dispute: who opened it, and whose claim is disputed.
OPENER: Final = "opener_id"
RIVAL: Final = "rival_id"
#: The data administration of the level and area that decides a case.
JUDGE: Final = "judge_id"
#: Of what belongs to one department alone.
OWNER: Final = "owner_id"


@dataclass(frozen=True, slots=True)
class Seat:
    """The holders of a role in the department that the column ``at`` of the case names; without
    it, wherever they are.
    """

    role: Role
    at: str = ""

    @property
    def label(self) -> Message:
        if self.at == CONSUMER:
            return _("%(role)s of the department that applied", role=self.role.label)
        if self.at in (PROVIDER, OWNER):
            return _("%(role)s of the department that provides the data", role=self.role.label)
        if self.at == PROPOSER:
            return _("%(role)s of the department that proposes", role=self.role.label)
        if self.at == OPENER:
            return _("%(role)s of the department that opened the dispute", role=self.role.label)
        if self.at == RIVAL:
            return _("%(role)s of the department whose claim is disputed", role=self.role.label)
        if self.at == JUDGE:
            return _("%(role)s of the level and area that decide", role=self.role.label)
        if self.at == CONCERNED:
            return _("%(role)s of the department concerned", role=self.role.label)
        return self.role.label


@dataclass(frozen=True, slots=True)
class Person:
    """The one person that a column of the case names, and as what that person acts."""

    column: str
    role: Role

    @property
    def label(self) -> Message:
        return self.role.label


@dataclass(frozen=True, slots=True)
class AtWork:
    """Whoever has an open to-do of the case when the step is taken, but the one who takes it: what
    a case has not reached is told nothing of it.
    """

    @property
    def label(self) -> Message:
        return _("Whoever has an open task of the case")


@dataclass(frozen=True, slots=True)
class DidWork:
    """Whoever has done a to-do of the case, but the one who takes the step."""

    @property
    def label(self) -> Message:
        return _("Whoever has done a task of the case")


@dataclass(frozen=True, slots=True)
class Todo:
    """What is asked of whoever acts next; text and page are filled with the case's words."""

    #: Stored with the task: never another word for the same one.
    kind: str
    seat: Seat | Person
    what: Message
    page: str
    #: In short words, for queues.
    short: Message
    #: The clock of the case by which it is due; empty: by none.
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message: to whom, what, and the page it leads to; filled with the case's words."""

    to: tuple[Seat | Person | AtWork | DidWork, ...]
    what: Message
    page: str


@dataclass(frozen=True, slots=True)
class Start:
    """The clock that begins with the step. ``is_due_told``: the event names the date; ``goes_on``:
    one that runs already goes on as it is.
    """

    clock: str
    is_due_told: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What the step is confirmed with. ``word`` stands for it in the address (``?done=``)."""

    word: str
    title: Message
    text: Message | None = None
    #: After it the reader's own queue goes on.
    goes_on: bool = False


class Tasks(Enum):
    """What becomes of the open to-dos of the case."""

    #: Ticked off by whoever takes the step.
    DONE = "done"
    #: Fell away: nobody did them.
    DROPPED = "dropped"
    #: Stay open.
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step(Generic[S]):
    """One row. ``at``: the states it is possible in, none for the step that makes the case; ``to``:
    where it may lead, nowhere when it stays where it is.
    """

    name: str
    at: tuple[S, ...] = ()
    to: tuple[S, ...] = ()
    #: Where a row begins that the step makes beside its case, such as a working copy.
    begins: tuple[S, ...] = ()
    #: What the rules are asked, and whom they let; None and nobody: a step of the system itself.
    action: Action | None = None
    by: tuple[Seat | Person, ...] = ()
    event: Event | Mapping[S, Event]
    result: Result = "allow"
    #: Whether the event names the states before and after.
    has_change: bool = True
    #: An event of the case that leaves the case and its version as they are.
    is_note: bool = False
    #: The columns that keep who took the step: of the one person, or of all who ever did.
    signs: tuple[str, ...] = ()
    starts: Start | None = None
    #: Clocks that end with the step, those that run; the others of the case go on.
    ends: tuple[str, ...] = ()
    tasks: Tasks = Tasks.DONE
    #: Those that stay open whatever becomes of the others.
    keeps: tuple[Todo, ...] = ()
    opens: Todo | None = None
    tells: tuple[Notice, ...] = ()
    label: Message
    #: What follows, told before the step is confirmed.
    effect: Message | None = None
    done: Done | None = None
    tone: str | Mapping[S, str] = "info"
    #: The column of the only department that may know of the step; empty: both sides may.
    inside: str = ""

    @property
    def word(self) -> str:
        """What stands for the step in the address of the page that confirms it."""
        return self.done.word if self.done else ""

    def leads(self, state: S, wanted: S | None = None) -> S:
        """The state after the step; ``wanted`` where there are several."""
        if wanted is None:
            assert len(self.to) < 2, "a step with several ends is told which"
            return self.to[0] if self.to else state
        assert wanted in self.to, "services name only targets of the table"
        return wanted

    def event_at(self, state: S) -> Event:
        """The event of the step that led to ``state``."""
        return self.event[state] if isinstance(self.event, Mapping) else self.event

    def tone_at(self, state: S) -> str:
        return self.tone[state] if isinstance(self.tone, Mapping) else self.tone


@dataclass(frozen=True, slots=True, eq=False)
class Lifecycle(Generic[S]):
    """The table of one kind of case, in the order of its way."""

    of: Message
    steps: tuple[Step[S], ...]
    #: States in which nobody must act: drafts, and what is in force. Every other state that is not
    #: an end waits: it has an owner, who has a to-do, and a clock.
    steady: tuple[S, ...] = ()

    def possible(self, state: S) -> Sequence[Step[S]]:
        """What can be done in ``state``, whoever may do it."""
        return [step for step in self.steps if state in step.at]

    def moves(self) -> Iterator[tuple[S | None, Step[S], S]]:
        """(state before, step, state after) of everything that can happen; a case begins with
        None.
        """
        for step in self.steps:
            for before in step.at or (None,):
                for after in step.to or step.at:
                    if step.to or after == before:
                        yield before, step, after

    def waiting(self) -> Mapping[S, Todo]:
        """The states in which somebody must act, and what that is."""
        return {
            state: step.opens
            for step in self.steps
            if step.opens
            for state in step.to
            if state not in self.steady
        }

    def after(self, event: str) -> tuple[Step[S], S] | None:
        """The step that leaves ``event``, and the state it leads to."""
        return next(
            ((step, to) for _before, step, to in self.moves() if step.event_at(to) == event), None
        )

    def done(self, word: str, state: S | None = None) -> Done | None:
        """What the step is confirmed with that ``word`` stands for in an address; with ``state``
        only while the case is where the step led.
        """
        named = (step for step in self.steps if step.done and step.done.word == word)
        is_there = (step for step in named if state is None or state in (step.to or step.at))
        return next((step.done for step in is_there), None)
