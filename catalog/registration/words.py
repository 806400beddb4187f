"""The sections of a registration (登记), how far each can have come, what its fields are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shuqiao.i18n import Message, _
from shuqiao.words import Word

#: What each field is called, on the form, in the error summary and among the answers.
LABELS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "title": _("Catalogue name"),
        "abstract": _("Abstract"),
        "category": _("Category"),
        "format": _("Data format"),
        "update_cycle": _("Update frequency"),
        "keywords": _("Keywords"),
        "related_code": _("Related resource"),
        "items": _("Information items"),
        "share_type": _("Share type"),
        "share_condition": _("Sharing condition"),
        "use_condition": _("Use conditions"),
        "share_way": _("Way of sharing"),
        "withholding": _("Legal basis for not sharing"),
        "withholding.kind": _("Kind of the legal basis"),
        "withholding.basis": _("Legal basis for not sharing"),
        "withholding.reason": _("Reason for not sharing"),
        "is_open": _("Open to the public"),
        "open_condition": _("Condition of opening"),
        "security_level": _("Level"),
        "secrecy_assessment": _("Secrecy risk assessment"),
        "secrecy_assessment.conclusion": _("Secrecy risk assessment: conclusion"),
        "secrecy_assessment.assessor": _("Secrecy risk assessment: assessed by"),
        "secrecy_assessment.assessed_on": _("Secrecy risk assessment: date"),
        "privacy_assessment": _("Personal information protection impact assessment"),
        "privacy_assessment.conclusion": _("Impact assessment: conclusion"),
        "privacy_assessment.assessor": _("Impact assessment: assessed by"),
        "privacy_assessment.assessed_on": _("Impact assessment: date"),
        "attachments": _("The data itself"),
        "class_code": _("Class code"),
    }
)


class Section(Word):
    """One part of the registration, in the order of the task list."""

    BASIC = "basic", _("Basic information")
    DATA = "data", _("The data itself")
    ITEMS = "items", _("Information items")
    SHARING = "sharing", _("Sharing")
    ASSESSMENT = "assessment", _("Level and assessments")
    CHECK = "check", _("Check and submit")


#: Fields of the entry by the section that asks for them; the data has files instead.
FIELDS: Final[Mapping[Section, tuple[str, ...]]] = MappingProxyType(
    {
        Section.BASIC: (
            "title",
            "abstract",
            "category",
            "format",
            "update_cycle",
            "keywords",
            "related_code",
        ),
        Section.ITEMS: ("items",),
        Section.SHARING: (
            "share_type",
            "share_condition",
            "use_condition",
            "share_way",
            "withholding",
            "is_open",
            "open_condition",
        ),
        Section.ASSESSMENT: ("security_level", "secrecy_assessment", "privacy_assessment"),
    }
)


#: Sections that are counted: all but the check.
COUNTED: Final = tuple(section for section in Section if section is not Section.CHECK)


class Stage(Word):
    """How far one section has come."""

    NOT_STARTED = "not_started", _("Not started")
    DRAFT = "draft", _("Draft, not yet saved to the entry")
    GAPS = "gaps", _("To be completed")
    STORING = "storing", _("Being stored")
    NOT_NEEDED = "not_needed", _("No file needed")
    DONE = "done", _("Completed")


TONES: Final = {
    Stage.NOT_STARTED: "neutral",
    Stage.DRAFT: "warning",
    Stage.GAPS: "warning",
    Stage.STORING: "info",
    Stage.NOT_NEEDED: "neutral",
    Stage.DONE: "success",
}
