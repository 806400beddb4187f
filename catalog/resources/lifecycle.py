"""The life of a data resource (数据资源) as one table: state × act →
state, and whose turn it then is.

Service, buttons, documents and tests are drawn from ``TRANSITIONS``. ``changing`` and
``taken_down`` are words of the vocabulary that nothing leads to yet: a published resource stays as
it is until the issue on changes.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from catalog.resources.words import Act, ResourceStatus, ReviewStep


@dataclass(frozen=True, slots=True)
class State:
    """A status and, during a review, its step."""

    status: ResourceStatus
    step: ReviewStep | None = None


DRAFT: Final = State(ResourceStatus.DRAFT)
WAITING_FOR_HEAD: Final = State(ResourceStatus.IN_REVIEW, ReviewStep.HEAD_CONSENT)
WAITING_FOR_ADMINISTRATION: Final = State(ResourceStatus.IN_REVIEW, ReviewStep.ADMINISTRATION)
RETURNED: Final = State(ResourceStatus.RETURNED)
PUBLISHED: Final = State(ResourceStatus.PUBLISHED)

#: What is not in this table cannot be done: a 409.
TRANSITIONS: Final = MappingProxyType(
    {
        (DRAFT, Act.EDIT): DRAFT,
        (DRAFT, Act.ATTACH): DRAFT,
        (DRAFT, Act.SUBMIT): WAITING_FOR_HEAD,
        (WAITING_FOR_HEAD, Act.CONSENT): WAITING_FOR_ADMINISTRATION,
        (WAITING_FOR_HEAD, Act.RETURN): RETURNED,
        (WAITING_FOR_ADMINISTRATION, Act.PUBLISH): PUBLISHED,
        (WAITING_FOR_ADMINISTRATION, Act.RETURN): RETURNED,
        (RETURNED, Act.EDIT): RETURNED,
        (RETURNED, Act.ATTACH): RETURNED,
        (RETURNED, Act.SUBMIT): WAITING_FOR_HEAD,
    }
)

#: Whose turn it is in each state that waits; of the provider department, but for
#: the data administration. A draft waits for nobody, a published resource neither.
WAITING_FOR: Final = MappingProxyType(
    {
        WAITING_FOR_HEAD: "department_head",
        WAITING_FOR_ADMINISTRATION: "data_admin",
        RETURNED: "registrar",
    }
)


def next_state(state: State, act: Act) -> State | None:
    """The state after ``act``, or None when it is not possible in ``state``."""
    return TRANSITIONS.get((state, act))


def acts(state: State) -> frozenset[Act]:
    """What is possible in ``state``, whoever may do it."""
    return frozenset(act for found, act in TRANSITIONS if found == state)
