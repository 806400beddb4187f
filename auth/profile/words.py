"""What a service token may be for, in words."""

from collections.abc import Mapping
from typing import Final, Literal

from policies.actions import Action
from shuqiao.i18n import Message, _

Group = Literal["find", "fetch", "apply", "desk"]


#: What a token may be for, in words, and the actions that stand behind each.
GROUPS: Final[Mapping[Group, tuple[Message, frozenset[Action]]]] = {
    "find": (
        _("search the catalogue and read entries"),
        frozenset({Action.ELEMENT_READ, Action.RESOURCE_READ}),
    ),
    "fetch": (
        _("fetch granted data and see deliveries"),
        frozenset({Action.GRANT_READ, Action.GRANT_FETCH, Action.DELIVERY_READ}),
    ),
    "apply": (
        _("draft, submit and withdraw requests"),
        frozenset(
            {
                Action.REQUEST_CREATE,
                Action.REQUEST_READ,
                Action.REQUEST_EDIT,
                Action.REQUEST_SUBMIT,
                Action.REQUEST_WITHDRAW,
            }
        ),
    ),
    "desk": (_("read my tasks and messages"), frozenset({Action.TODO_READ})),
}
