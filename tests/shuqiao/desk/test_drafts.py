"""Drafts of forms: always saved, overwritten, of one person only."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from shuqiao.clock import now
from shuqiao.desk.drafts import DRAFT_LIMIT, Draft, all_kept, forget_old
from shuqiao.errors import Forbidden, TooLarge
from shuqiao.subject import Subject

LI, WANG = uuid4(), uuid4()


def test_what_was_typed_comes_back_as_typed_and_the_last_save_counts(session: Session) -> None:
    draft = Draft(session, LI, "resource/items", "307001/000001")
    draft.keep({"title": ["  学校\n"]})
    typed = {"items": ["", "二"], "x": ["31/2"]}
    draft.keep(typed)
    kept = draft.kept()
    assert kept is not None
    assert kept.fields == typed
    assert kept.form.all("items") == ("", "二")


def test_a_draft_is_of_one_person_one_form_and_one_case(session: Session) -> None:
    Draft(session, LI, "request", "307001/000001").keep({"basis": ["依据"]})
    assert Draft(session, WANG, "request", "307001/000001").kept() is None
    assert Draft(session, LI, "request", "307001/000002").kept() is None
    assert Draft(session, LI, "resource/basic", "307001/000001").kept() is None


def test_drafts_are_listed_by_form_and_gone_when_forgotten(session: Session) -> None:
    for form in ("resource/basic", "resource/items", "resources"):
        Draft(session, LI, form, "307001/000001").keep({"a": [form]})
    assert {kept.fields["a"][0] for kept in all_kept(session, LI, form="resource/")} == {
        "resource/basic",
        "resource/items",
    }
    basic = Draft(session, LI, "resource/basic", "307001/000001")
    basic.forget()
    assert basic.kept() is None
    assert len(all_kept(session, LI, form="resource/")) == 1


def test_a_draft_has_a_limit_and_bears_characters_the_database_does_not(session: Session) -> None:
    draft = Draft(session, LI, "request", "1")
    draft.keep({"basis": ["a\x00b"]})
    kept = draft.kept()
    assert kept is not None
    assert kept.fields == {"basis": ["ab"]}
    with pytest.raises(TooLarge):
        draft.keep({"basis": ["x" * (DRAFT_LIMIT + 1)]})


def test_what_comes_late_of_a_form_that_was_sent_is_not_kept(session: Session) -> None:
    draft = Draft(session, LI, "request/new", "307001/000001")
    draft.keep({"basis": ["第一"]}, "form-1")
    draft.sent("form-1")
    assert draft.kept() is None
    assert draft.keep({"basis": ["第一条"]}, "form-1") is None
    assert draft.kept() is None
    assert all_kept(session, LI, form="request/new") == []
    draft.keep({"basis": ["下一份"]}, "form-2")
    kept = draft.kept()
    assert kept is not None
    assert kept.fields == {"basis": ["下一份"]}


def test_a_form_without_a_key_is_sent_all_the_same(session: Session) -> None:
    draft = Draft(session, LI, "request/new", "307001/000001")
    draft.keep({"basis": ["第一"]})
    draft.sent("")
    draft.keep({"basis": ["第二"]})
    assert draft.kept() is not None


def test_a_program_keeps_no_draft(session: Session) -> None:
    with pytest.raises(Forbidden):
        Draft.of(session, Subject.system("worker"), "request", "1")


def test_what_nobody_saves_any_more_goes_in_batches(session: Session) -> None:
    for number in range(3):
        Draft(session, LI, "request", f"307001/00000{number}").keep({"basis": ["依据"]})
    assert forget_old(session, now() - timedelta(minutes=1), limit=2) == 0
    assert forget_old(session, now() + timedelta(minutes=1), limit=2) == 2
    assert forget_old(session, now() + timedelta(minutes=1), limit=2) == 1
    assert list(all_kept(session, LI, form="request")) == []
