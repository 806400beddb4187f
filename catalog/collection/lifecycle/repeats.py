"""The life of a report of a repeated form (重复填报反映) as one table."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import Done, Lifecycle, Notice, Person, Seat, Start, Step, Todo
from catalog.collection.words import RepeatStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = RepeatStatus
PAGE: Final = "/repeated-forms/{no}"
LIMIT: Final = Clock.REPEATED_FORM.value
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)

_ANSWER_TODO: Final = Todo(
    kind="answer_repeated_form",
    seat=ADMINISTRATION,
    what=_("Answer the report of the repeated form “%(title)s”"),
    page=PAGE,
    short=_("Answer the report"),
    clock=LIMIT,
)
REPORT: Final = Step(
    name="report",
    to=(_S.REPORTED,),
    action=Action.REPEAT_REPORT,
    by=(Seat(Role.REGISTRAR), Seat(Role.APPLICANT)),
    event=Event.REPEAT_REPORTED,
    starts=Start(LIMIT),
    opens=_ANSWER_TODO,
    label=_("Report a repeated form"),
    done=Done("reported", _("The data administration has been told; it answers here")),
)
ANSWER: Final = Step(
    name="answer",
    at=(_S.REPORTED,),
    to=(_S.ANSWERED,),
    action=Action.REPEAT_ANSWER,
    by=(ADMINISTRATION,),
    event=Event.REPEAT_ANSWERED,
    ends=(LIMIT,),
    tells=(
        Notice(
            (Person("reporter_id", Role.APPLICANT),),
            _("Your report of the repeated form “%(title)s” was answered"),
            PAGE,
        ),
    ),
    label=_("Answer"),
    done=Done("answered", _("The report is answered"), goes_on=True),
    tone="success",
)

LIFECYCLE: Final[Lifecycle[RepeatStatus]] = Lifecycle(
    _("Report of a repeated form"), (REPORT, ANSWER)
)
