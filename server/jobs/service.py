"""One more try for a parked job, with its event."""

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from shuqiao.jobs import JobState, JobView, job, requeue
from shuqiao.subject import Subject


def retry(session: Session, subject: Subject, number: int) -> JobView:
    """Give a parked job one more try.

    Raises ``NotFound``, or ``Conflict`` when it has not failed.
    """
    requeue(session, number)
    found = job(session, number)
    append(
        session,
        subject,
        Event.JOB_RETRIED,
        stream=f"job:{number}",
        obj=ObjectRef("Job", str(number)),
        why={"task": found.task, "tries": found.attempts},
        change=(JobState.FAILED, found.state),
    )
    return found
