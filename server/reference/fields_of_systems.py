"""Labels of information systems and their census."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

SYSTEMS: Final[Mapping[str, Message]] = {
    "system_no": _("Public number of the system, for example IS-2026-000001"),
    "purpose": _("Business that it supports"),
    "build": _("Who built it"),
    "network": _("Network that it runs in"),
    "protection": _("Level of classified protection"),
    "filing_no": _("Number under which the level is filed"),
    "contractor": _("Whoever builds or runs it by contract"),
    "contract_no": _("Number of the contract"),
    "contract_until": _("Last day of the contract"),
    "contact": _("Office or post that knows it"),
    "owner_code": _("Credit code of that department"),
    "since": _("Day from which it stands there"),
    "begun_on": _("Day on which building began"),
    "launched_on": _("Day from which it runs"),
    "stopping_on": _("Day from which it is being shut down"),
    "stopped_on": _("Day on which it was shut down"),
    "registered_at": _("When it was registered"),
    "year": _("Year"),
    "outcome_label": _("What was said, in words"),
    "system_version": _("Version of the system that it was said of"),
    "confirmed_at": _("When it was confirmed"),
    "census_no": _("Public number of the census"),
    "opened_at": _("When it was opened"),
    "closed_at": _("When it was closed"),
    "owed": _("Departments that were asked"),
    "reported": _("Departments that have reported"),
    "returns": _("What every department reported"),
    "missing": _("Departments that have not reported"),
    "is_reference": _("Whether the Regulations apply by reference only"),
    "reported_at": _("When it reported"),
    "system_count": _("Systems that it reported"),
    "corrected_count": _("Of these, registered or corrected anew"),
    "covered": _("Systems at work with a published entry"),
    "at_work": _("Systems at work"),
    "without": _("Systems at work without any published entry"),
}
