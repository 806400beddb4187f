"""Labels of the fields that only sources of data elements, and conflicts about them, have."""

from collections.abc import Mapping
from typing import Final

from server.reference.fields_of_conflicts import OF_CONFLICTS
from server.reference.fields_of_consultations import OF_CONSULTATIONS
from server.reference.fields_of_negative import OF_NEGATIVE
from server.reference.fields_of_seats import OF_SEATS
from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_SOURCES: Final[Mapping[str, Message]] = {
    **OF_CONFLICTS,
    **OF_CONSULTATIONS,
    **OF_NEGATIVE,
    **OF_SEATS,
    "answer": _("Whether the department agrees"),
    "area": _("Name of the area"),
    "area_code": _("Code of the area, which contains the areas below it"),
    "as_source": _("Elements whose source the department itself is"),
    "asked_at": _("When the department was asked"),
    "belongs": _("How an object is told to belong to it"),
    "claim_no": _("Public number of the source claim, for example SC-2026-000001"),
    "collected_by": _("System or business that collects it"),
    "confirmed_on": _("First day on which it is the source"),
    "copied": _("Of these, items taken from their source"),
    "countersign_no": _("Number of the countersigning, for example SC-2026-000001#1"),
    "countersigns": _("What the collecting departments said"),
    "department_code": _("Unified social credit code of the department"),
    "departments": _("By department that holds the elements"),
    "element_name": _("Name of the data element"),
    "elements": _("Elements that need a source and are in use"),
    "ended_on": _("First day on which it is the source no longer"),
    "excepted": _("Areas below that have a source of their own"),
    "exceptions": _("Areas below that have a source of their own"),
    "ground": _("How the source came to be named"),
    "holdings": _("Departments that hold the element, with how many entries and items"),
    "is_by_administration": _("Whether the data administration opened the naming itself"),
    "is_rival": _("Whether it is one side of a source conflict"),
    "is_source": _("Whether the department is the source"),
    "is_upper": _("Whether it is an upper source: of another level, or led from above"),
    "open_claims": _("Claims that wait for the data administration"),
    "replaces": _("Number of the standing claim in whose place it is to come"),
    "scope": _("Object scope; null: all objects"),
    "scopes": _("Object scopes of the element, none of which shares an object with another"),
    "share": _("Elements with a source, in per cent; null where none is in use"),
    "signed_at": _("When it was countersigned"),
    "sources": _("The sources that are named, by scope and area"),
    "sourcing": _("Whether it needs a source"),
    "sourcing_label": _("Whether it needs a source, in words"),
    "duty_no": _("Number of the duty that it rests on"),
    "processed": _("Of these, items produced by processing"),
    "taken_from": _("Departments from which they are taken"),
    "recorded_at": _("When it was recorded"),
    "total": _("All together"),
    "with_source": _("Of these, elements whose source is named"),
}
