"""Drafts of forms: always saved, overwritten, of one person only."""

from uuid import uuid4

import pytest
from sqlmodel import Session

from shuqiao.desk import drafts
from shuqiao.errors import TooLarge

LI, WANG = uuid4(), uuid4()


def test_what_was_typed_comes_back_as_typed_and_the_last_save_counts(session: Session) -> None:
    drafts.keep(
        session, LI, form="resource/items", case_no="307001/000001", fields={"title": ["  学校\n"]}
    )
    typed = {"items": ["", "二"], "x": ["31/2"]}
    drafts.keep(session, LI, form="resource/items", case_no="307001/000001", fields=typed)
    kept = drafts.kept(session, LI, form="resource/items", case_no="307001/000001")
    assert kept is not None
    assert kept.fields == typed


def test_a_draft_is_of_one_person_one_form_and_one_case(session: Session) -> None:
    drafts.keep(session, LI, form="request", case_no="307001/000001", fields={"basis": ["依据"]})
    assert drafts.kept(session, WANG, form="request", case_no="307001/000001") is None
    assert drafts.kept(session, LI, form="request", case_no="307001/000002") is None
    assert drafts.kept(session, LI, form="resource/basic", case_no="307001/000001") is None


def test_drafts_are_listed_by_form_and_gone_when_forgotten(session: Session) -> None:
    for form in ("resource/basic", "resource/items", "resources"):
        drafts.keep(session, LI, form=form, case_no="307001/000001", fields={"a": [form]})
    assert {kept.fields["a"][0] for kept in drafts.all_kept(session, LI, form="resource/")} == {
        "resource/basic",
        "resource/items",
    }
    drafts.forget(session, LI, form="resource/basic", case_no="307001/000001")
    assert drafts.kept(session, LI, form="resource/basic", case_no="307001/000001") is None
    assert len(drafts.all_kept(session, LI, form="resource/")) == 1


def test_a_draft_has_a_limit_and_bears_characters_the_database_does_not(session: Session) -> None:
    drafts.keep(session, LI, form="request", case_no="1", fields={"basis": ["a\x00b"]})
    kept = drafts.kept(session, LI, form="request", case_no="1")
    assert kept is not None
    assert kept.fields == {"basis": ["ab"]}
    with pytest.raises(TooLarge):
        drafts.keep(
            session,
            LI,
            form="request",
            case_no="1",
            fields={"basis": ["x" * (drafts.DRAFT_LIMIT + 1)]},
        )
