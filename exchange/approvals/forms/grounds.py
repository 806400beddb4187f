"""What single reasons of a refusal ask for beside the remark, as the decision form has it.

``items.0.provision.kind name article wording``, ``items.0.department`` (its name or its code),
``items.0.suspension.number decided_on``.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

from policies.refusals import refusals
from shuqiao.i18n import Message, _

FIELDS: Final[Mapping[str, Message]] = {
    "provision.kind": _("Kind of the legal basis"),
    "provision.name": _("Name of the law, regulation or decision"),
    "provision.article": _("Article"),
    "provision.wording": _("What it says"),
    "department": _("Department to ask"),
    "suspension.number": _("Number of the decision to suspend"),
    "suspension.decided_on": _("Day of the decision to suspend"),
}
#: The group of fields of the answer that a need of a reason asks for.
GROUPS: Final = {"legal_text": "provision", "suspension": "suspension"}


def stated(text: Callable[[str], str], sources: Mapping[str, str]) -> dict[str, Any]:
    """What the chosen reason asks for, as the API takes it; fields of another reason may be hidden
    and stale. ``sources``: code → name of the departments that may be named.
    """
    reason = refusals().get(text("reason"))
    needs = reason.needs if reason else frozenset[str]()
    found: dict[str, Any] = {}
    for need, group in GROUPS.items():
        typed = {name.partition(".")[2]: text(name) for name in _of(group) if text(name)}
        if need in needs and typed:
            found[group] = typed
    if "department" in needs:
        codes = {name: code for code, name in sources.items()}
        typed_code = unicodedata.normalize("NFKC", text("department"))
        found["department"] = codes.get(text("department"), typed_code)
    return found


def shown(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a stored answer; one from before they were asked for has none."""
    groups = {group: answer.get(group) or {} for group in GROUPS.values()}
    return {"department": answer.get("department", "")} | {
        f"{group}.{name}": value for group, told in groups.items() for name, value in told.items()
    }


def field(pointer: str) -> str:
    """Where a pointer into a group was typed; the group as a whole at its first field."""
    parts = pointer.strip("/").split("/")
    return pointer if len(parts) > 3 else f"{pointer}/{_of(parts[2])[0].partition('.')[2]}"


def _of(group: str) -> list[str]:
    return [name for name in FIELDS if name.startswith(f"{group}.")]
