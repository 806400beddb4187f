"""Labels of the fields that only value domains have."""

from collections.abc import Mapping
from typing import Final

from catalog.domains.views import LABELS
from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_DOMAINS: Final[Mapping[str, Message]] = {
    **{
        name: LABELS[name]
        for name in (
            *("code_column", "label_column", "parent_column"),
            *("from_column", "until_column", "revoked_column"),
            *("lost_zeros", "repeated_code", "repeated_row", "blank_label", "unknown_parent"),
        )
    },
    "acknowledged": _("Defects imported as published: kind, how many, why"),
    "after": _("Label in the later edition, or its number"),
    "before": _("Label in the earlier edition, or its number"),
    "code_count": _("How many codes the edition has"),
    "current": _("The edition that is in force today"),
    "digest": _("SHA-256 of the codes in their order"),
    "domain": _("A value domain that exists"),
    "editions": _("Editions, those of the latest days first"),
    "imported_at": _("When it was imported"),
    "in_force_from": _("First day on which it is in force"),
    "in_force_until": _("First day on which it is no longer in force"),
    "is_revoked": _("Whether the list itself gave the code up"),
    "owner": _("Department that keeps the list"),
    "parent_code": _("Code one level above"),
    "renamed": _("How many codes have another label"),
    "standing": _("Where it stands today: upcoming, in_force or ended"),
    "standing_label": _("Where it stands today, in words"),
    "valid_from": _("First day on which the code is valid"),
}
