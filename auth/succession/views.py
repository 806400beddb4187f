"""What is shown of a succession: what is left by kind, and what has its successor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlmodel import Session

from auth.departments import repository as departments
from auth.departments.models import Department, Reorganisation
from auth.succession import repository
from auth.succession.models import Succession
from auth.succession.schemas import HeldRead, SucceededRead, SuccessionRead
from auth.succession.service import succession as succeeding
from auth.succession.service.holdings import HOLDERS, Holder
from auth.succession.service.succession import Left
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

LABELS: Final[Mapping[str, Message]] = {
    "kind": _("Kind"),
    "numbers": _("What is taken over"),
    "successor": _("Successor"),
    "document_no": _("Number of the document"),
    "article": _("Article"),
    "is_passed_on": _("Duty and matter pass to the successor"),
    "is_confirmed": _("The security of personal and important data was looked after"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One kind: what may be named at once, and what is named one by one."""

    kind: str
    label: Message
    asks_passing: bool
    together: Sequence[Left]
    alone: Sequence[Left]


@dataclass(frozen=True, slots=True)
class SuccessionPage(Page):
    """The succession after one act."""

    template = "succession/succession.html"
    form: Form
    labels: Mapping[str, Message]
    act: Reorganisation
    ended: Sequence[Department]
    successors: Sequence[tuple[str, str]]
    shown: SuccessionRead
    parts: Sequence[Part]
    may_name: bool
    #: What the form is about: a kind, or one object that is named alone.
    asked: Part | None
    alone: Left | None
    done: bool
    #: What can be ticked, and how much has no successor yet.
    tickable: Sequence[tuple[str, str, str]]
    left: int


def succession_page(
    session: Session, act: Reorganisation, form: Form, *, may_name: bool, done: bool = False
) -> SuccessionPage:
    ended, after = repository.sides(session, act)
    found = succeeding.left(session, act)
    parts = []
    for holder in HOLDERS.held:
        own = [each for each in found if each.holder.kind == holder.kind]
        if own:
            parts.append(_part(holder, own))
    shown = read_model(session, act)
    asked = next((part for part in parts if part.kind == form.text("kind")), None)
    numbers = form.all("numbers")
    alone = next((e for e in asked.alone if e.held.number in numbers), None) if asked else None
    if asked is not None and alone is None and not numbers:
        form = replace_numbers(form, [each.held.number for each in asked.together])
    return SuccessionPage(
        form=form,
        labels=LABELS,
        act=act,
        ended=ended,
        successors=[(each.code, each.name) for each in after if each.ended_on is None],
        shown=shown,
        parts=parts,
        may_name=may_name and bool(parts) and shown.status is not None,
        asked=asked,
        alone=alone,
        done=done,
        tickable=[
            (each.held.number, each.held.title, each.held.number)
            for each in (asked.together if asked is not None else ())
        ],
        left=len(found),
    )


def _part(holder: Holder, own: Sequence[Left]) -> Part:
    return Part(
        holder.kind,
        holder.label,
        holder.asks_passing,
        together=[each for each in own if not each.held.is_sensitive],
        alone=[each for each in own if each.held.is_sensitive],
    )


def replace_numbers(form: Form, numbers: Sequence[str]) -> Form:
    """The form with all of the kind ticked."""
    values = {name: list(texts) for name, texts in form.values.items()}
    return replace(Form.of({**values, "numbers": list(numbers)}), errors=form.errors)


def read_model(session: Session, act: Reorganisation) -> SuccessionRead:
    """The succession after an act as programs read it."""
    succession = repository.of_act(session, act.act_no)
    ended, _after = repository.sides(session, act)
    labels = {holder.kind: str(holder.label) for holder in HOLDERS.held}
    return SuccessionRead(
        act_no=act.act_no,
        effective_on=act.effective_on,
        status=succession.status if succession else None,
        status_label=str(succession.status.label if succession else _("Nothing was held")),
        left=[
            HeldRead(
                kind=each.holder.kind,
                kind_label=str(each.holder.label),
                number=each.held.number,
                title=each.held.title,
                department=each.department.name,
                is_sensitive=each.held.is_sensitive,
            )
            for each in succeeding.left(session, act)
        ],
        succeeded=_succeeded(session, succession, labels) if succession else [],
        accounts=repository.count_accounts(session, {each.id for each in ended}),
        version=succession.version if succession else 0,
    )


def _succeeded(
    session: Session, succession: Succession, labels: Mapping[str, str]
) -> list[SucceededRead]:
    rows = repository.succeeded(session, succession.id)
    homes = departments.names(session, {row.to_id for row in rows})
    return [
        SucceededRead(
            kind=row.kind,
            kind_label=labels.get(row.kind, row.kind),
            number=row.number,
            title=row.title,
            successor=homes[row.to_id],
            document_no=row.document_no,
            article=row.article,
            is_passed_on=row.is_passed_on,
            named_at=row.named_at,
        )
        for row in rows
    ]
