"""Forms of departments and areas: what is sent, and what its fields are called."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import ValidationError

from auth.departments.words import Act
from auth.reorganisations.schemas import ReorganisationRecord
from shuqiao.errors import Invalid
from shuqiao.i18n import Message, _
from shuqiao.texts import LongText, Strict, TextRule
from shuqiao.web.validation import field_errors

DESCRIPTION: Final[Mapping[str, Message]] = {
    "parent_code": _("Department above"),
    "level": _("Level of government"),
    "area_code": _("Area"),
    "line": _("Led by"),
    "regime": _("Scope of the Regulations"),
    "sharing_unit": _("Sharing work unit"),
    "sharing_contact": _("How to reach it"),
}
QUOTA: Final[Mapping[str, Message]] = {"quota_mb": _("Storage quota, in MB")}
DUTY: Final[Mapping[str, Message]] = {
    "text": _("Duty"),
    "document": _("Document that gives it"),
    "document_no": _("Number of the document"),
    "article": _("Article"),
    "valid_from": _("In effect from"),
    "valid_until": _("Last day"),
}
ACT: Final[Mapping[str, Message]] = {
    "kind": _("Kind of act"),
    "document_no": _("Number of the document"),
    "effective_on": _("In effect from"),
    "before": _("Departments before"),
    "after": _("Departments after"),
}
AREA: Final[Mapping[str, Message]] = {
    "code": _("Code of the area"),
    "name": _("Name of the area"),
    "parent_code": _("Area above"),
    "valid_from": _("In effect from"),
    "valid_until": _("Last day"),
    "basis": _("Document that set it up"),
}


class ReorganisationForm(Strict):
    """The same from text areas: a department a line, its code first."""

    kind: Literal[Act.MERGED, Act.SPLIT]
    document_no: Annotated[str, TextRule(100)]
    effective_on: date
    before: LongText
    after: LongText

    def record(self) -> ReorganisationRecord:
        """Raises ``Invalid`` naming the text area whose codes are none."""
        sides = {"before": _codes(self.before), "after": _codes(self.after)}
        try:
            return ReorganisationRecord.model_validate({**dict(self), **sides})
        except ValidationError as wrong:
            errors = field_errors(wrong.errors(include_url=False, include_input=False))
            raise Invalid(errors=list(errors)) from None


def _codes(text: str) -> Sequence[str]:
    return [line.split()[0] for line in text.splitlines() if line.strip()]
