import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from shuqiao.db import make_engine, unit_of_work
from shuqiao.jobs import enqueue, list_jobs


def tasks(session: Session) -> list[str]:
    return [job.task for job in list_jobs(session)]


def test_a_job_is_committed_with_its_step(queue: Engine) -> None:
    with unit_of_work() as session:
        number = enqueue(session, "test.a", case="REQ-2026-000001")
    with unit_of_work() as session:
        [job] = list_jobs(session)
    assert (job.id, job.task, job.args, job.state) == (
        number,
        "test.a",
        {"case": "REQ-2026-000001"},
        "queued",
    )


def test_a_job_is_rolled_back_with_its_step(queue: Engine) -> None:
    def broken_step() -> None:
        with unit_of_work() as session:
            enqueue(session, "test.a")
            raise KeyError

    with pytest.raises(KeyError):
        broken_step()
    with unit_of_work() as session:
        assert list_jobs(session) == []


def test_an_equal_waiting_job_is_not_added_and_the_step_goes_on(queue: Engine) -> None:
    with unit_of_work() as session:
        assert enqueue(session, "test.a", queueing_lock="one") is not None
        assert enqueue(session, "test.a", queueing_lock="one") is None
        assert enqueue(session, "test.b") is not None
    with unit_of_work() as session:
        assert tasks(session) == ["test.b", "test.a"]


def test_a_running_job_can_be_put_back_while_an_equal_one_waits(session: Session) -> None:
    """Without the release at the start the put-back violates the index,
    and the job is "doing" for ever.
    """
    first = enqueue(session, "test.a", queueing_lock="one")
    connection = session.connection()
    connection.execute(text("SELECT procrastinate_fetch_job_v2(NULL, NULL)"))
    second = enqueue(session, "test.a", queueing_lock="one")
    connection.execute(
        text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)"), {"id": first}
    )
    assert [(view.id, view.state) for view in list_jobs(session)] == [
        (second, "queued"),
        (first, "queued"),
    ]


def test_a_task_nobody_here_knows_may_be_named(session: Session) -> None:
    assert enqueue(session, "exchange.grants.activate", grant="GR-2026-000001") is not None


def test_arguments_that_are_not_json_are_refused(session: Session) -> None:
    with pytest.raises(TypeError):
        enqueue(session, "test.a", when=object())


def test_a_lost_database_is_an_operational_error(queue: Engine, url: str) -> None:
    own = make_engine(url)
    try:
        with Session(own) as session, Session(queue) as other:
            process = session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
            other.connection().execute(
                text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process}
            )
            with pytest.raises(OperationalError):
                enqueue(session, "test.a")
    finally:
        own.dispose()
