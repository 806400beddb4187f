"""The life of an update of the catalogue (目录更新) as one table (Order 809, Art. 17), and
what each kind of cause (更新事由) opens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import PROVIDER, Done, Lifecycle, Notice, Seat, Start, Step, Tasks, Todo
from catalog.updates.words import ChangeKind, UpdateStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import Message, _

_S = UpdateStatus

UPDATE: Final = Clock.CATALOGUE_UPDATE.value
PAGE: Final = "/change-events/{no}"

REGISTRAR: Final = Seat(Role.REGISTRAR, PROVIDER)
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)


@dataclass(frozen=True, slots=True)
class Opens:
    """What a cause opens for each entry it reaches, for the registrar of its department.

    ``clock``: None opens nothing. ``meets``: what ends the limit. ``touches``: the fields of which
    one is expected to change, where the kind says which; a reviewer is told if none did.
    """

    clock: Clock | None
    task: Message
    meets: Message
    touches: tuple[str, ...] = ()


_VERSION: Final = _("The limit ends when the next version of the entry is published.")
_UPDATE: Final = _("Update the entry")
_BY_LAW: Final = Opens(Clock.CATALOGUE_UPDATE, _UPDATE, _VERSION)
_SHARING: Final = ("share_type", "withheld_kind", "withheld_basis", "withheld_reason")
#: The one table of causes: under which clock – of law (Art. 17), or set by the platform –, what is
#: to be done, and what meets it. A new name changes no duty: it is kept, and opens nothing.
OPENS: Final[Mapping[ChangeKind, Opens]] = {
    ChangeKind.LAW: _BY_LAW,
    ChangeKind.ADMINISTRATIVE_REGULATION: _BY_LAW,
    ChangeKind.STATE_COUNCIL_DECISION: _BY_LAW,
    ChangeKind.DUTY: _BY_LAW,
    ChangeKind.SOURCE_RE_ASSIGNED: Opens(
        Clock.CATALOGUE_UPDATE,
        _("Check the entry: the items refer to the source that is named now"),
        _VERSION,
        ("origin",),
    ),
    ChangeKind.DEPARTMENT_REORGANISED: Opens(
        Clock.CATALOGUE_UPDATE, _("Update the entry that was taken over"), _VERSION
    ),
    ChangeKind.BASIS_LAPSED: Opens(
        Clock.CATALOGUE_UPDATE,
        _("Set the share type anew: the basis of not sharing has lapsed"),
        _VERSION,
        _SHARING,
    ),
    ChangeKind.NEGATIVE_ENTRY: Opens(
        Clock.UPDATE_NEGATIVE,
        _("Set the share type anew: a negative entry is in force"),
        _VERSION,
        _SHARING,
    ),
    ChangeKind.NEW_DATA: Opens(
        Clock.UPDATE_NEW_DATA,
        _("Register an entry for new data"),
        _("The limit ends when the entry that is named for the data is published."),
    ),
    ChangeKind.DEPARTMENT_RENAMED: Opens(
        None, _("Nothing"), _("The next version of each entry bears the new name.")
    ),
}

_UPDATE_TODO: Final = Todo(
    kind="update_resource",
    seat=REGISTRAR,
    what=_("%(task)s: “%(title)s” (%(kind)s, %(on)s)"),
    page=PAGE,
    short=_("Update the entry"),
    clock=UPDATE,
)
_EXTENSION_TODO: Final = Todo(
    kind="extend_update",
    seat=ADMINISTRATION,
    what=_("Decide on more time for updating the catalogue entry “%(title)s”"),
    page=PAGE,
    short=_("Decide on the extension"),
    clock=UPDATE,
)

#: The first day of the limit is the day of the change, whenever it is recorded.
RECORD: Final = Step(
    name="record",
    to=(_S.DUE,),
    action=Action.UPDATE_RECORD,
    by=(REGISTRAR, ADMINISTRATION),
    event=Event.CHANGE_RECORDED,
    starts=Start(UPDATE, is_due_told=True),
    opens=_UPDATE_TODO,
    label=_("Record a change of law or duties"),
    effect=_(
        "The entry is to be updated within the limit of Order 809, Art. 17, counted from the day "
        "of the change."
    ),
    done=Done("recorded", _("The change is recorded; the limit for updating the entry runs")),
)
ASK_EXTENSION: Final = Step(
    name="ask_extension",
    at=(_S.DUE,),
    to=(_S.EXTENSION_ASKED,),
    action=Action.UPDATE_ASK,
    by=(REGISTRAR,),
    event=Event.EXTENSION_ASKED,
    tasks=Tasks.KEPT,
    opens=_EXTENSION_TODO,
    label=_("Ask for more time"),
    effect=_("Until the data administration consents, the limit runs on unchanged."),
    done=Done("asked", _("The data administration has been asked")),
)
#: Once, and only while the limit still runs (Art. 17).
EXTEND: Final = Step(
    name="extend",
    at=(_S.EXTENSION_ASKED,),
    to=(_S.EXTENDED,),
    action=Action.UPDATE_EXTEND,
    by=(ADMINISTRATION,),
    event=Event.UPDATE_EXTENDED,
    tasks=Tasks.DROPPED,
    opens=_UPDATE_TODO,
    tells=(Notice((REGISTRAR,), _("More time was given for updating “%(title)s”"), PAGE),),
    label=_("Consent to the extension"),
    done=Done("extended", _("The limit is extended"), goes_on=True),
    tone="success",
)
REFUSE_EXTENSION: Final = Step(
    name="refuse_extension",
    at=(_S.EXTENSION_ASKED,),
    to=(_S.DUE,),
    action=Action.UPDATE_EXTEND,
    by=(ADMINISTRATION,),
    event=Event.EXTENSION_REFUSED,
    tasks=Tasks.DROPPED,
    opens=_UPDATE_TODO,
    tells=(
        Notice(
            (REGISTRAR,), _("No more time was given for updating “%(title)s”: %(remark)s"), PAGE
        ),
    ),
    label=_("Refuse the extension"),
    done=Done("refused", _("The limit stays as it is"), goes_on=True),
    tone="warning",
)
#: The next version of the entry is published.
MEET: Final = Step(
    name="meet",
    at=(_S.DUE, _S.EXTENSION_ASKED, _S.EXTENDED),
    to=(_S.MET,),
    event=Event.UPDATE_MET,
    ends=(UPDATE,),
    label=_("Note that the entry was updated"),
    tone="success",
)

#: New data (新增数据): which entry registers it. Named at any time, and again if need be.
NAME_ENTRY: Final = Step(
    name="name_entry",
    at=(_S.DUE, _S.EXTENSION_ASKED, _S.EXTENDED),
    action=Action.UPDATE_NAME,
    by=(REGISTRAR,),
    event=Event.UPDATE_ENTRY_NAMED,
    has_change=False,
    tasks=Tasks.KEPT,
    label=_("Name the entry for the data"),
    effect=_("The limit ends when this entry is published."),
    done=Done("named", _("The entry is named")),
)
#: What does not concern the entry after all; said with reasons.
DISMISS: Final = Step(
    name="dismiss",
    at=(_S.DUE, _S.EXTENSION_ASKED, _S.EXTENDED),
    to=(_S.DISMISSED,),
    action=Action.UPDATE_DISMISS,
    by=(ADMINISTRATION,),
    event=Event.UPDATE_DISMISSED,
    ends=(UPDATE,),
    tasks=Tasks.DROPPED,
    tells=(Notice((REGISTRAR,), _("No update of “%(title)s” is needed: %(reason)s"), PAGE),),
    label=_("Decide that no update is needed"),
    done=Done("dismissed", _("No update is needed any more"), goes_on=True),
    tone="neutral",
)

LIFECYCLE: Final[Lifecycle[UpdateStatus]] = Lifecycle(
    _("Update of the catalogue"),
    (RECORD, NAME_ENTRY, ASK_EXTENSION, EXTEND, REFUSE_EXTENSION, MEET, DISMISS),
)
