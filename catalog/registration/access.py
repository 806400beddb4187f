"""The door: what declares a state or work secret is refused before anything of it is read, checked
or kept (Art. 3).

It stands behind the guard and before validation, so that a form that is wrong besides leaves no
draft either. What comes in by another way than these routes meets the same refusal in ``service``.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from auth.guard import Authorized, Place, authorize, may
from auth.identify import SubjectDep
from catalog.registration.forms import sections
from catalog.registration.views.sections import draft_form
from catalog.registration.words import Section
from catalog.resources.access import (
    by_code,
    in_work,
    new_entry,
    seen_by_code,
    seen_in_work,
    unlocked_in_work,
)
from catalog.resources.errors import SecretDeclared
from catalog.resources.models import DataResource
from catalog.resources.words import SecrecyConclusion
from policies.actions import Action
from shuqiao.errors import NotFound
from shuqiao.web.forms import FormDep


def own_section(section: str) -> Section:
    """The section of the address that has a form of its own. Raises ``NotFound``."""
    if section not in sections.MODELS:
        raise NotFound
    return Section(section)


SectionDep = Annotated[Section, Depends(own_section)]


_GROUP: Final = "secrecy_assessment"
_PART: Final = "conclusion"


async def in_body(request: Request) -> bool:
    """Whether the JSON that was sent, right or wrong otherwise, declares a secret."""
    sent: Any = await request.json() if await request.body() else None
    stated = sent.get(_GROUP) if isinstance(sent, Mapping) else None
    return isinstance(stated, Mapping) and stated.get(_PART) == SecrecyConclusion.SECRET_FOUND


def in_form(form: FormDep) -> bool:
    """The same of a form, whichever section it is sent as."""
    return any(
        text.strip() == SecrecyConclusion.SECRET_FOUND for text in form.all(f"{_GROUP}.{_PART}")
    )


def without_secrets_in_body(guard: Any) -> Any:
    """``guard`` (of :func:`auth.guard.may`), then the door, for a route
    that takes an entry as JSON.
    """
    return _door(guard, in_body)


def without_secrets_in_form(guard: Any) -> Any:
    """The same for a page's form; the draft kept of it so far goes too."""
    return _door(guard, in_form)


def _door(guard: Any, is_declared: Callable[..., Any]) -> Any:
    def door(
        request: Request,
        found: Annotated[Authorized[Any], guard],
        is_secret: Annotated[bool, Depends(is_declared)],
    ) -> Authorized[Any]:
        if is_secret:
            section = request.path_params.get("section")
            raise SecretDeclared(
                found.subject, found.object, form=draft_form(section) if section else ""
            )
        return found

    return Depends(door)


def registering(subject: SubjectDep) -> Authorized[Place]:
    """The guard of registering: an entry of the own department that is not there yet."""
    place = new_entry(subject)
    return Authorized(authorize(subject, Action.RESOURCE_REGISTER, place), place)


# As of ``auth.guard.may``.
registering.__guards__ = Action.RESOURCE_REGISTER  # type: ignore[attr-defined]
_REGISTERING: Final = Depends(registering)

NewEntry = Annotated[Authorized[Place], _REGISTERING]
NewEntryOfBody = Annotated[Authorized[Place], without_secrets_in_body(_REGISTERING)]
NewEntryOfForm = Annotated[Authorized[Place], without_secrets_in_form(_REGISTERING)]

EditableResourceSeen = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, seen_in_work)]
EditableResourceOfBody = Annotated[
    Authorized[DataResource], without_secrets_in_body(may(Action.RESOURCE_EDIT, in_work))
]
EditableResourceOfForm = Annotated[
    Authorized[DataResource], without_secrets_in_form(may(Action.RESOURCE_EDIT, in_work))
]
#: The entry itself: a working copy bears the code of what is published.
ReclassifiableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, by_code)]
ReclassifiableResourceSeen = Annotated[
    Authorized[DataResource], may(Action.RESOURCE_EDIT, seen_by_code)
]
#: Not locked: what is written is a draft of one person beside the entry.
DraftableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, unlocked_in_work)]
DraftableResourceOfForm = Annotated[
    Authorized[DataResource], without_secrets_in_form(may(Action.RESOURCE_EDIT, unlocked_in_work))
]

SubmittableResourceSeen = Annotated[
    Authorized[DataResource], may(Action.RESOURCE_SUBMIT, seen_in_work)
]
SubmittableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_SUBMIT, in_work)]
