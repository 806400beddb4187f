"""Drafts of forms (草稿): what a person typed is kept as typed, right
or wrong, and never goes into the event log.

Saving always succeeds, within limits; being right is asked when the form is sent. A draft belongs
to one person: nobody else sees it. The case it is about is known by its number only; whoever calls
has asked the guard about that case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from shuqiao.clock import now
from shuqiao.desk.models import FormDraft
from shuqiao.errors import Forbidden, TooLarge
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.upkeep import delete_some
from shuqiao.web.forms import Form

#: Characters of names and texts of one draft together; a form of a
#: thousand items needs about 300,000.
DRAFT_LIMIT: Final = 1_000_000
#: Days that a draft stays after it was saved last: what was typed may be personal.
DRAFT_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it was saved last. ``fields``: field name → texts as typed."""

    case_no: str
    fields: Mapping[str, Sequence[str]]
    saved_at: datetime

    @property
    def form(self) -> Form:
        """The form as it was left."""
        fields = {name: tuple(texts) for name, texts in self.fields.items()}
        return replace(Form(), values=MappingProxyType(fields))


@dataclass(frozen=True, slots=True)
class Draft:
    """What one person has typed into one form about one case, and not sent yet."""

    session: Session
    user_id: UUID
    name: str
    case_no: str

    @classmethod
    def of(cls, session: Session, subject: Subject, name: str, case_no: str) -> "Draft":
        """Raises ``Forbidden`` for a program: it sends what is right, or nothing."""
        if subject.user_id is None:
            raise Forbidden(_("Only a person keeps drafts"))
        return cls(session, subject.user_id, name, case_no)

    def kept(self) -> Kept | None:
        """As it was saved last, None when nothing was, or it was sent."""
        row = self.session.exec(
            select(FormDraft).where(
                FormDraft.user_id == self.user_id,
                FormDraft.form == self.name,
                FormDraft.case_no == self.case_no,
                col(FormDraft.sent_key).is_(None),
            )
        ).first()
        return Kept(row.case_no, row.fields, row.saved_at) if row else None

    def keep(self, fields: Mapping[str, Sequence[str]], key: str = "") -> Kept | None:
        """Save what is typed so far over what was saved before.

        ``key``: of the form (``Form.key``); None: it was sent already, and nothing more is kept.
        Raises ``TooLarge`` above ``DRAFT_LIMIT`` characters.
        """
        typed = {
            name: [text.replace("\x00", "") for text in texts] for name, texts in fields.items()
        }
        if sum(len(name) + sum(map(len, texts)) for name, texts in typed.items()) > DRAFT_LIMIT:
            raise TooLarge(_("The form holds too much text to be saved."))
        kept = Kept(self.case_no, typed, now())
        is_open = col(FormDraft.sent_key).is_distinct_from(key)
        values = {"fields": typed, "saved_at": kept.saved_at, "sent_key": None}
        return kept if self._write(values, is_open) else None

    def sent(self, key: str) -> None:
        """The form was sent: nothing is left of its draft, nor of what is still on its way."""
        if key:
            self._write({"fields": {}, "saved_at": now(), "sent_key": key})
        else:
            self.forget()

    def forget(self) -> None:
        """It is not wanted any more."""
        self.session.connection().execute(
            delete(FormDraft).where(
                col(FormDraft.user_id) == self.user_id,
                col(FormDraft.form) == self.name,
                col(FormDraft.case_no) == self.case_no,
            )
        )

    def _write(self, values: Mapping[str, Any], where: ColumnElement[bool] | None = None) -> bool:
        """Write the one row of this draft where ``where`` holds; who writes waits for who does."""
        query = insert(FormDraft).values(
            id=uuid7(), user_id=self.user_id, form=self.name, case_no=self.case_no, **values
        )
        done = self.session.connection().execute(
            query.on_conflict_do_update(
                index_elements=["user_id", "form", "case_no"], set_=dict(values), where=where
            ).returning(col(FormDraft.id))
        )
        return done.first() is not None


def forget_old(session: Session, before: datetime, limit: int) -> int:
    """Drafts that nobody has saved since ``before``, up to ``limit``; gives how many."""
    return delete_some(session, FormDraft, col(FormDraft.saved_at) < before, limit=limit)


def move(session: Session, case_no: str, to: str) -> None:
    """The case bears another number: the drafts about it, whoever typed them, follow it."""
    query = update(FormDraft).where(col(FormDraft.case_no) == case_no)
    session.connection().execute(query.values(case_no=to))


def all_kept(session: Session, user_id: UUID, *, form: str) -> Sequence[Kept]:
    """The drafts of one kind of form, the latest first; ``form`` ending
    in ``/`` means all that begin so.
    """
    query = select(FormDraft).where(FormDraft.user_id == user_id, col(FormDraft.sent_key).is_(None))
    same = (
        col(FormDraft.form).startswith(form, autoescape=True)
        if form.endswith("/")
        else col(FormDraft.form) == form
    )
    rows = session.exec(
        query.where(same).order_by(col(FormDraft.saved_at).desc(), col(FormDraft.id))
    ).all()
    return [Kept(row.case_no, row.fields, row.saved_at) for row in rows]
