from uuid import UUID

from sqlalchemy import Connection
from sqlmodel import Session

from shuqiao.desk import messages, outbox
from shuqiao.i18n import Message, _
from shuqiao.ids import uuid7
from shuqiao.jobs import list_jobs
from shuqiao.subject import Subject

WHAT = _("The working-day calendar of %(year)s was loaded", year=2027)


def person(user_id: UUID) -> Subject:
    return Subject(user_id, "a", "甲", None, "", frozenset({"applicant"}), "session")


def test_each_person_is_told_once_and_one_outbox_row_carries_them(session: Session) -> None:
    one, other = uuid7(), uuid7()
    written = messages.send(session, user_ids=[one, other, one], what=WHAT, href="/requests/1")
    assert sorted(message.user_id for message in written) == sorted([one, other])
    [row] = outbox.waiting(session)
    assert sorted(row.payload["messages"]) == sorted(str(message.id) for message in written)
    [job] = list_jobs(session, task=outbox.HAND_OVER)
    assert job.args == {"outbox_id": str(row.id)}


def test_the_text_is_kept_until_it_is_read_in_the_readers_language(session: Session) -> None:
    one = uuid7()
    messages.send(session, user_ids=[one], what=WHAT, href="/desk")
    [message] = messages.inbox(session, person(one))
    assert Message.from_json(message.what).render("zh_CN") == "已加载2027年工作日日历"
    assert (
        Message.from_json(message.what).render("en")
        == "The working-day calendar of 2027 was loaded"
    )


def test_nobody_to_tell_leaves_no_trace(session: Session) -> None:
    assert messages.send(session, user_ids=[], what=WHAT, href="/desk") == []
    assert outbox.waiting(session) == []


def test_a_failed_step_leaves_no_message_row_and_no_job(session: Session) -> None:
    one = uuid7()
    step = session.begin_nested()
    messages.send(session, user_ids=[one], what=WHAT, href="/desk")
    assert len(list_jobs(session, task=outbox.HAND_OVER)) == 1
    step.rollback()
    assert messages.inbox(session, person(one)) == []
    assert outbox.waiting(session) == []
    assert list_jobs(session, task=outbox.HAND_OVER) == []


def test_people_read_and_mark_their_own_only(session: Session) -> None:
    one, other = uuid7(), uuid7()
    written = messages.send(session, user_ids=[one, other], what=WHAT, href="/desk")
    ids = [message.id for message in written]
    assert messages.mark_read(session, person(one), ids) == 1
    assert messages.mark_read(session, person(one), ids) == 0
    assert messages.unread_count(session, person(one)) == 0
    assert messages.unread_count(session, person(other)) == 1
    assert messages.inbox(session, person(one), unread_only=True) == []


def test_handing_over_says_that_it_stayed_in_house_and_happens_once(
    session: Session, connection: Connection
) -> None:
    messages.send(session, user_ids=[uuid7()], what=WHAT, href="/desk")
    [row] = outbox.waiting(session)
    outbox.hand_over(str(row.id))
    session.refresh(row)
    first = row.sent_at
    assert first is not None and row.channel == "in_house" and row.attempts == 1
    outbox.hand_over(str(row.id))
    session.refresh(row)
    assert row.sent_at == first
    assert outbox.waiting(session) == []
