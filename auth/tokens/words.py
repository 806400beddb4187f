"""What a service token may be for: the scopes (权限范围), and the actions behind each.

Told here once: the rules say which role gives which scope (``AUT-SCO-…``), tokens, guard, pages and
the reference go by this table. What Order 809 asks of a person in charge – the head's consent, the
sharing head's consent and release – is in no scope, nor is preparing a reply, ending a grant,
giving more time for an update, answering a repeated form or a demand: a program does the work,
people decide.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from policies.actions import Action
from shuqiao.i18n import _
from shuqiao.words import Word


class Scope(Word):
    """A scope with what a token that carries it may do."""

    CATALOG_READ = "catalog:read", _("search the catalogue and read entries")
    DATA_FETCH = "data:fetch", _("fetch granted data and see deliveries")
    REQUESTS_WRITE = "requests:write", _("draft, submit and withdraw requests")
    CATALOG_WRITE = (
        "catalog:write",
        _("register, edit and submit my department's entries, and attach data to them"),
    )
    CATALOG_REVIEW = (
        "catalog:review",
        _("publish or return entries under review, adopt data elements, import value domains"),
    )
    DESK_READ = "desk:read", _("read my tasks, messages and the working-day calendars")


_READING: Final = frozenset(
    {
        Action.DOMAIN_READ,
        Action.ELEMENT_READ,
        Action.PROPOSAL_READ,
        Action.SOURCE_READ,
        Action.CONFLICT_READ,
        Action.NEGATIVE_READ,
        Action.CONTEST_READ,
        Action.RESOURCE_READ,
        Action.LIST_READ,
        Action.DEPARTMENT_BROWSE,
        Action.AREA_BROWSE,
    }
)
#: Scope → the actions it is for. Who may change an entry must be able to read it.
ACTIONS: Final[Mapping[Scope, frozenset[Action]]] = {
    Scope.CATALOG_READ: _READING,
    Scope.DATA_FETCH: frozenset(
        {
            Action.GRANT_READ,
            Action.GRANT_FETCH,
            Action.CONSULTATION_READ,
            Action.DELIVERY_READ,
        }
    ),
    Scope.REQUESTS_WRITE: frozenset(
        {
            Action.REQUEST_CREATE,
            Action.REQUEST_READ,
            Action.REQUEST_EDIT,
            Action.REQUEST_SUBMIT,
            Action.REQUEST_WITHDRAW,
            Action.DEMAND_FILE,
            Action.DEMAND_READ,
            Action.DEMAND_WITHDRAW,
            Action.COLLECTION_MAKE,
            Action.COLLECTION_READ,
            Action.COLLECTION_EDIT,
            Action.REPEAT_REPORT,
            Action.REPEAT_READ,
        }
    ),
    Scope.CATALOG_WRITE: _READING
    | {
        Action.ELEMENT_PROPOSE,
        Action.PROPOSAL_MEND,
        Action.RESOURCE_REGISTER,
        Action.RESOURCE_EDIT,
        Action.RESOURCE_ATTACH,
        Action.RESOURCE_SUBMIT,
        Action.CONNECTION_READ,
        Action.CONNECTION_USE,
        Action.DUPLICATE_READ,
        Action.DUPLICATE_DISMISS,
        Action.UPDATE_RECORD,
        Action.UPDATE_READ,
        Action.UPDATE_ASK,
        Action.UPDATE_NAME,
        Action.CAUSE_RECORD,
        Action.CAUSE_READ,
        Action.SOURCE_CLAIM,
        Action.SOURCE_WITHDRAW,
        Action.CONFLICT_OPEN,
        Action.NEGATIVE_PROPOSE,
        Action.NEGATIVE_WITHDRAW,
        Action.NEGATIVE_KEEP,
        Action.TEMPLATE_READ,
        Action.ASSIGNMENT_READ,
        Action.ASSIGNMENT_ANSWER,
        Action.ASSIGNMENT_FILL,
        Action.SYSTEM_READ,
        Action.SYSTEM_REGISTER,
        Action.SYSTEM_EDIT,
        Action.CENSUS_READ,
        Action.CENSUS_REPORT,
        Action.DEMAND_FILE,
        Action.DEMAND_READ,
        Action.DEMAND_WITHDRAW,
        Action.COLLECTION_MAKE,
        Action.COLLECTION_READ,
        Action.COLLECTION_EDIT,
        Action.REPEAT_REPORT,
        Action.REPEAT_READ,
    },
    Scope.CATALOG_REVIEW: _READING
    | {
        Action.RESOURCE_REVIEW,
        Action.ELEMENT_ADOPT,
        Action.ELEMENT_PROPOSE,
        Action.PROPOSAL_MEND,
        Action.PROPOSAL_DECIDE,
        Action.SOURCE_SCOPE,
        Action.SOURCE_CLAIM,
        Action.SOURCE_WITHDRAW,
        Action.DOMAIN_IMPORT,
        Action.SELF_REVIEW_READ,
        Action.DUPLICATE_READ,
        Action.DUPLICATE_DISMISS,
        Action.UPDATE_RECORD,
        Action.UPDATE_READ,
        Action.CAUSE_RECORD,
        Action.CAUSE_READ,
        Action.COLLECTION_READ,
        Action.REPEAT_READ,
        Action.TEMPLATE_READ,
        Action.TEMPLATE_WRITE,
        Action.ASSIGNMENT_READ,
        Action.ASSIGNMENT_SETTLE,
        Action.SYSTEM_READ,
        Action.CENSUS_READ,
        Action.CENSUS_OPEN,
        Action.DEMAND_READ,
        Action.DEMAND_ASSIGN,
        Action.DEMAND_MERGE,
    },
    Scope.DESK_READ: frozenset({Action.TODO_READ, Action.OVERDUE_READ, Action.CALENDAR_READ}),
}
#: What a token carries when nothing is chosen, as far as the person's roles give it: finding,
#: applying, fetching, looking back. What changes or publishes an entry is asked for by its name.
USUAL: Final = frozenset(
    {Scope.CATALOG_READ, Scope.DATA_FETCH, Scope.REQUESTS_WRITE, Scope.DESK_READ}
)
#: Whatever a token can be given: scopes, or single actions for less than a scope.
SCOPE_NAMES: Final = (*Scope, *sorted(frozenset[str]().union(*ACTIONS.values())))


def giving(action: str) -> tuple[Scope, ...]:
    """The scopes that are for ``action``; none: it stays with people."""
    return tuple(scope for scope in Scope if action in ACTIONS[scope])


def actions_of(names: Iterable[str]) -> frozenset[str]:
    """The actions that ``names`` stand for: scopes, or – narrower than any – single ones."""
    found = frozenset(names)
    scopes = frozenset(scope for scope in Scope if scope in found)
    narrow = found - scopes
    return narrow.union(*(ACTIONS[scope] for scope in scopes))
