"""The life of an update of the catalogue (目录更新) as one table (Order 809, Art. 17)."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import PROVIDER, Done, Lifecycle, Notice, Seat, Start, Step, Tasks, Todo
from catalog.updates.words import UpdateStatus
from policies.actions import Action
from policies.deadlines import Clock
from shuqiao.i18n import _

_S = UpdateStatus

UPDATE: Final = Clock.CATALOGUE_UPDATE.value
PAGE: Final = "/change-events/{no}"

REGISTRAR: Final = Seat(Role.REGISTRAR, PROVIDER)
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)

_UPDATE_TODO: Final = Todo(
    kind="update_resource",
    seat=REGISTRAR,
    what=_("Update the catalogue entry “%(title)s”: law or duties changed on %(on)s"),
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

LIFECYCLE: Final[Lifecycle[UpdateStatus]] = Lifecycle(
    _("Update of the catalogue"), (RECORD, ASK_EXTENSION, EXTEND, REFUSE_EXTENSION, MEET)
)
