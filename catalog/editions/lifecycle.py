"""The life of an edition (数据更新批次) as one table.

Its task and clock hang on its own number, ``code#2``: no step of a review ticks off what an edition
asks for, and no step of an edition what a review does.
"""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import PROVIDER, Done, Lifecycle, Notice, Seat, Start, Step, Tasks, Todo
from catalog.editions.words import EditionStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = EditionStatus

#: Where the registrar of the entry works on its editions.
PAGE: Final = "/resources/{code}/editions"
HELD: Final = Clock.HELD_EDITION.value
MENDING: Final = Clock.REFRESH_MENDING.value
REGISTRAR: Final = Seat(Role.REGISTRAR, PROVIDER)

#: Rows outside of what the entry declares: nothing of them is released, by anybody.
SETTLE: Final = Todo(
    kind="settle_edition",
    seat=REGISTRAR,
    what=_("Edition %(number)s of “%(title)s” holds rows outside its declared coverage"),
    page=PAGE,
    short=_("Settle the held edition"),
    clock=HELD,
)
#: The copy that was due could not be made.
MEND: Final = Todo(
    kind="mend_refresh",
    seat=REGISTRAR,
    what=_("The data of “%(title)s” could not be renewed"),
    page=PAGE,
    short=_("Mend the renewal"),
    clock=MENDING,
)

#: The stored rows are not what was written.
RESTORE: Final = Todo(
    kind="restore_edition",
    seat=REGISTRAR,
    what=_("The stored rows of edition %(number)s of “%(title)s” are damaged"),
    page=PAGE,
    short=_("Attach the rows again, or have them restored"),
)
#: Where those who run the service look.
OPERATORS: Final = (Seat(Role.SYSTEM_ADMIN),)
_READ: Final = (_S.ARRIVING, _S.HELD, _S.CURRENT, _S.KEPT)

#: New rows of a published entry are stored and have its shape. What a version of the entry is
#: published with is current at once: it was reviewed.
ARRIVE: Final = Step(
    name="arrive",
    to=(_S.ARRIVING, _S.CURRENT),
    event={_S.ARRIVING: Event.EDITION_ARRIVED, _S.CURRENT: Event.EDITION_CURRENT},
    tasks=Tasks.KEPT,
    label=_("Take in new rows"),
)
#: All rows lie inside of what is declared.
PASS: Final = Step(
    name="pass",
    at=(_S.ARRIVING,),
    to=(_S.CURRENT,),
    event=Event.EDITION_CURRENT,
    ends=(HELD,),
    tasks=Tasks.DROPPED,
    keeps=(RESTORE,),
    label=_("Make it the current edition"),
    tone="success",
)
HOLD: Final = Step(
    name="hold",
    at=(_S.ARRIVING,),
    to=(_S.HELD,),
    event=Event.EDITION_HELD,
    result="error",
    starts=Start(HELD, goes_on=True),
    tasks=Tasks.KEPT,
    opens=SETTLE,
    label=_("Hold the edition"),
    tone="warning",
)
#: A later edition was current before the check of this one had ended.
OVERTAKE: Final = Step(
    name="overtake",
    at=(_S.ARRIVING,),
    to=(_S.KEPT,),
    event=Event.EDITION_KEPT,
    ends=(HELD,),
    tasks=Tasks.DROPPED,
    keeps=(RESTORE,),
    label=_("Keep an edition that was overtaken"),
    tone="neutral",
)
#: The next edition takes its place.
GIVE_WAY: Final = Step(
    name="give_way",
    at=(_S.CURRENT,),
    to=(_S.KEPT,),
    event=Event.EDITION_KEPT,
    tasks=Tasks.KEPT,
    label=_("Give way to a later edition"),
    tone="neutral",
)
CHECK: Final = Step(
    name="check",
    at=(_S.HELD,),
    to=(_S.ARRIVING,),
    action=Action.RESOURCE_ATTACH,
    by=(REGISTRAR,),
    event=Event.EDITION_CHECK_ASKED,
    tasks=Tasks.KEPT,
    label=_("Check again"),
    done=Done("checked", _("The edition is being checked again")),
)
DROP: Final = Step(
    name="drop",
    at=(_S.HELD,),
    to=(_S.REMOVED,),
    action=Action.RESOURCE_ATTACH,
    by=(REGISTRAR,),
    event=Event.EDITION_DROPPED,
    ends=(HELD,),
    label=_("Drop the edition"),
    effect=_("Nothing of it was ever delivered, and nothing will be. The current edition stays."),
    done=Done("dropped", _("The edition has been dropped")),
    tone="danger",
)
#: By the rules of retention; no live grant is pinned to it, no running transfer reads it.
CLEAR: Final = Step(
    name="clear",
    at=(_S.KEPT, _S.REMOVED),
    to=(_S.REMOVED,),
    event=Event.EDITIONS_CLEARED,
    tasks=Tasks.DROPPED,
    label=_("Remove the rows of an edition whose time is over"),
    tone="neutral",
)

#: Found at a use: nothing of the edition is delivered from now on.
DAMAGE: Final = Step(
    name="damage",
    at=_READ,
    event=Event.EDITION_DAMAGED,
    result="error",
    has_change=False,
    tasks=Tasks.KEPT,
    opens=RESTORE,
    tells=(
        Notice(
            to=OPERATORS,
            what=_(
                "The stored rows of edition %(number)s of “%(title)s” are damaged: restore the "
                "folder of the snapshot %(snapshot)s… from a backup, and look at the disk"
            ),
            page="/jobs",
        ),
    ),
    label=_("Mark an edition whose stored rows are damaged"),
    tone="danger",
)
#: All of its files and digests were read since, and hold.
SOUND: Final = Step(
    name="sound",
    at=_READ,
    event=Event.EDITION_SOUND,
    has_change=False,
    tasks=Tasks.DROPPED,
    keeps=(SETTLE,),
    tells=(
        Notice(
            to=OPERATORS,
            what=_("The stored rows of edition %(number)s of “%(title)s” are sound again"),
            page="/jobs",
        ),
    ),
    label=_("Note that the stored rows are sound again"),
    tone="success",
)

LIFECYCLE: Final[Lifecycle[EditionStatus]] = Lifecycle(
    _("Edition of the data"),
    (ARRIVE, PASS, HOLD, OVERTAKE, GIVE_WAY, CHECK, DROP, CLEAR, DAMAGE, SOUND),
    steady=(_S.ARRIVING, _S.CURRENT, _S.KEPT),
)
