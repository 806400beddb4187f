"""What can go wrong with data resources."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

from sqlmodel import Session

from audit.append import ObjectRef
from audit.events import Event
from auth.errors import Denial
from auth.guard import Governed
from catalog.resources.words import ResourceStatus
from shuqiao.desk.drafts import Draft
from shuqiao.errors import Conflict, FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

#: What somebody does who finds a secret: said wherever one is met.
SECRET_ADVICE: Final = _(
    "Type nothing more of it here. Report to the secrecy office of your department: it decides "
    "where the data is kept "
    "and what becomes of an entry that is already here (Order 809, Art. 3)."
)


class NotPossibleNow(Conflict):
    """The life cycle has no such step in the present state."""

    code = "not_possible_now"
    title = _("This is not possible in the present state of the resource")

    @classmethod
    def while_it_is(cls, status: ResourceStatus, act: Message) -> Self:
        """The refusal of ``act``, with the way that is open."""
        said = {"act": act, "status": status.label}
        if status is ResourceStatus.PUBLISHED:
            return cls(
                _(
                    "“%(act)s” is not possible while the resource is: %(status)s. A published "
                    "entry stays as it is; open a working copy to change it.",
                    **said,
                )
            )
        return cls(_("“%(act)s” is not possible while the resource is: %(status)s", **said))


class Incomplete(Invalid):
    """The entry lacks something Order 809 or the cataloguing guide asks
    for; every missing field is named.
    """

    code = "resource_incomplete"
    title = _("The catalogue entry is not complete yet")


class SecretDeclared(Invalid, Denial):
    """The form says that the data contains a state or work secret:
    nothing of it is kept but that it was refused.

    ``governed``: the entry, None for a new one. ``form``: the name under which the form's own draft
    was kept so far.
    """

    code = "secret_declared"
    title = _(
        "State and work secrets may not be put on this platform; nothing of the form was stored"
    )
    advice = _(
        "The trail holds that an entry was refused, nothing else. Chosen by mistake? Open the form "
        "again."
    )
    event: ClassVar[Event] = Event.SECRET_REFUSED

    def __init__(
        self, subject: Subject, governed: Governed | None = None, *, form: str = ""
    ) -> None:
        found = _("The assessment says that the data contains a state or work secret")
        super().__init__(
            errors=[FieldError("/secrecy_assessment/conclusion", "secret", found, SECRET_ADVICE)]
        )
        self.subject, self.form = subject, form
        self.obj = governed.audit_ref() if governed else ObjectRef("DataResource", "dataresource")
        self.stream = governed.audit_stream() if governed else f"auth:{subject.account}"

    def why(self) -> Mapping[str, Any]:
        return {}

    def settle(self, session: Session) -> None:
        if self.form and self.subject.user_id is not None:
            Draft.of(session, self.subject, self.form, self.stream).forget()
