"""The sections of a registration (登记), how far each can have come, what its fields are called."""

from collections.abc import Mapping
from typing import Final

from catalog.resources.fields import table
from shuqiao.i18n import Message, _
from shuqiao.words import Word

#: What each field is called, on the form, in the error summary and among the answers.
LABELS: Final[Mapping[str, Message]] = {
    **table.LABELS,
    "attachments": _("The data itself"),
    "class_code": _("Class code"),
}


class Section(Word):
    """One part of the registration, in the order of the task list."""

    BASIC = "basic", _("Basic information")
    DATA = "data", _("The data itself")
    ITEMS = "items", _("Information items")
    SHARING = "sharing", _("Sharing")
    ASSESSMENT = "assessment", _("Level and assessments")
    CHECK = "check", _("Check and submit")


#: Fields of the entry by the section that asks for them; the data has files instead.
FIELDS: Final[Mapping[Section, tuple[str, ...]]] = {
    section: named
    for section in Section
    if (named := tuple(each.name for each in table.FIELDS if each.section == section))
}
#: The section to go to for each field.
SECTION_OF: Final[Mapping[str, Section]] = {
    **{name: section for section, names in FIELDS.items() for name in names},
    "attachments": Section.DATA,
}


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
