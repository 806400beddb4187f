"""What is checked, what each field is answered, and where checks and reports stand."""

from shuqiao.i18n import _
from shuqiao.words import Word


class FormKind(Word):
    """By what the data is to be collected."""

    FORM = "form", _("Form or list to be filled in")
    REPORT = "report", _("Statistical report")
    SYSTEM = "system", _("Planned information system")


class CheckStatus(Word):
    """Open while answers may still be corrected."""

    OPEN = "open", _("Check under way")
    CONCLUDED = "concluded", _("Concluded")

    @property
    def tone(self) -> str:
        return "success" if self is CheckStatus.CONCLUDED else "info"


class Answer(Word):
    """What a field is answered: nobody collects again what is shared (Order 809, Art. 19)."""

    OWN = "own", _("The own department has it")
    SHAREABLE = "shareable", _("To be had by sharing")
    WITHHELD = "withheld", _("Not shared")
    COLLECTABLE = "collectable", _("May be collected")

    @property
    def tone(self) -> str:
        tones = {Answer.SHAREABLE: "info", Answer.OWN: "info", Answer.WITHHELD: "warning"}
        return tones.get(self, "success")


class RepeatStatus(Word):
    """Where a report of a repeated form stands."""

    REPORTED = "reported", _("Raised")
    ANSWERED = "answered", _("Answered")

    @property
    def tone(self) -> str:
        return "success" if self is RepeatStatus.ANSWERED else "warning"


class RepeatOutcome(Word):
    """What becomes of a form that is asked for again and again."""

    STOPPED = "stopped", _("No longer to be filled in")
    PREFILLED = "prefilled", _("Filled in from shared data")
    KEPT = "kept", _("Still to be filled in, with its basis")
