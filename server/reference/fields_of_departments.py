"""Labels of departments, their duties, what they keep on the disk and what became of them, and of
areas.
"""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

ORGANISATION: Final[Mapping[str, Message]] = {
    "act_no": _("Number of the act"),
    "after": _("Departments after the act"),
    "area_code": _("Code of its area"),
    "area_name": _("Name of its area"),
    "before": _("Departments before the act"),
    "document": _("Document that gives the duty"),
    "document_no": _("Number of the document"),
    "duties": _("Duties of the department"),
    "duty_no": _("Number by which the duty is cited"),
    "effective_on": _("Day from which it is in effect"),
    "ended_on": _("Day on which the department ended"),
    "former_names": _("Names that it bore before"),
    "heads": _("Who heads it, and its sharing work"),
    "history": _("Acts by which it was renamed, merged or split"),
    "level": _("Level of government"),
    "line": _("Who leads it: its own government, from above, or both"),
    "parent_code": _("Code of the one above"),
    "rank": _("How high the area stands, read from its code"),
    "regime": _("How far the Regulations apply"),
    "quota_mb": _("What it may keep on the disk, in MB; null: what the installation says"),
    "arriving_bytes": _("What uploads under way may still bring"),
    "department_count": _("How many departments there are"),
    "department_name": _("Name of the department"),
    "disk_bytes": _("Size of the disk"),
    "free_bytes": _("What is free on the disk"),
    "has_own_quota": _("Whether its quota is its own, or that of the installation"),
    "headroom_bytes": _("What always stays free"),
    "over_quota": _("How many departments keep as much as they may"),
    "quota_bytes": _("What it may keep"),
    "quota_share": _("What is used of the quota; 1.0 is all of it"),
    "snapshot_bytes": _("Stored data"),
    "upload_bytes": _("Uploaded files whose time is not over"),
    "used_bytes": _("All that is kept"),
    "sharing_contact": _("How to reach its sharing work unit"),
    "sharing_unit": _("Its sharing work unit"),
    "span_from": _("First number of the range that the area takes in"),
    "span_to": _("First number after that range"),
    "valid_from": _("First day"),
    "kind_label": _("Kind of the object, in words"),
    "numbers": _("Numbers of what is taken over; empty: all of the kind"),
    "successor": _("Credit code or name of the successor"),
    "is_passed_on": _("Whether duty and matter pass; else it is suspended for disposal"),
    "is_sensitive": _("Whether it holds personal or important data"),
    "left": _("What has no successor yet"),
    "succeeded": _("What has its successor"),
    "named_at": _("When the successor was named"),
}
