"""The life of a data resource (数据资源) as one table: state × act →
state, and whose turn it then is.

Service, buttons, documents and tests are drawn from ``TRANSITIONS``. ``changing`` and
``taken_down`` are words of the vocabulary that nothing leads to yet: a published resource stays as
it is until the issue on changes.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from catalog.elements.lifecycle import Word
from shuqiao.i18n import _


class ResourceStatus(Word):
    """Where a resource is on its way into the catalogue."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned for correction")
    PUBLISHED = "published", _("Published")
    CHANGING = "changing", _("Being changed")
    TAKEN_DOWN = "taken_down", _("Taken down")


class ReviewStep(Word):
    """The two steps of a review, in order (Order 809, Arts. 13 and 16)."""

    HEAD_CONSENT = "head_consent", _("Consent of the department head")
    ADMINISTRATION = "administration", _("Review by the data administration")


class Act(Word):
    """What can be done to a resource."""

    EDIT = "edit", _("Edit")
    ATTACH = "attach", _("Attach data")
    SUBMIT = "submit", _("Submit for review")
    CONSENT = "consent", _("Consent to the entry")
    RETURN = "return", _("Return for correction")
    PUBLISH = "publish", _("Publish")


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


class DataSource(Word):
    """Where attached data comes from."""

    FILE = "file", _("Uploaded file")
    POSTGRESQL = "postgresql", _("PostgreSQL database")


class AttachmentStatus(Word):
    """previewed → confirmed → stored | refused; a refused file may be
    confirmed again with other types.
    """

    PREVIEWED = "previewed", _("Previewed, types to be confirmed")
    CONFIRMED = "confirmed", _("Being stored")
    STORED = "stored", _("Stored as a snapshot")
    REFUSED = "refused", _("File refused")


#: States of an attachment in which its types can be confirmed.
CONFIRMABLE: Final = frozenset({AttachmentStatus.PREVIEWED, AttachmentStatus.REFUSED})
