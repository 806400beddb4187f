"""When a failed job is tried again, and what may be written about the failure."""

import re
from datetime import UTC, datetime

import procrastinate
from procrastinate.jobs import Job

from shuqiao import real_time
from shuqiao.codes.identity import mask_valid_inside
from shuqiao.disk import refusal_of
from shuqiao.errors import ShuqiaoError
from shuqiao.reasons import database_error, reason
from shuqiao.settings import settings

LONGEST_PAUSE_SECONDS = 300
#: The first pauses where the disk is full.
FULL_PAUSE_SECONDS = 5

_SECRETS = (
    (re.compile(r"://[^\s/@]*@"), "://…@"),
    (re.compile(r"\bsq_\w+"), "sq_…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), r"\1 …"),
    (re.compile(r"(?i)\b(\w*(?:password|passwd|secret|token|key))(\s*[=:]\s*)\S+"), r"\1\2…"),
)


class Backoff(procrastinate.BaseRetryStrategy):
    """Pauses of 1, 2, 4 … 300 seconds, up to ``SHUQIAO_JOB_ATTEMPTS`` tries.

    What cannot heal is not tried again; what only waits for room on the disk always is.
    """

    def get_retry_decision(
        self, *, exception: BaseException, job: Job
    ) -> procrastinate.RetryDecision | None:
        if refusal_of(exception) is not None:  # there will be room again: it is never given up
            return procrastinate.RetryDecision(
                retry_in={"seconds": max(FULL_PAUSE_SECONDS, pause_seconds(job.attempts))}
            )
        if is_final(exception) or job.attempts + 1 >= settings().job_attempts:
            return None
        # Our time: what the operating system takes for it would park a job until that comes.
        due_ns = real_time.now_ns() + pause_seconds(job.attempts) * 1_000_000_000
        return procrastinate.RetryDecision(retry_at=datetime.fromtimestamp(due_ns / 1e9, UTC))


def pause_seconds(attempts: int) -> int:
    """Seconds to wait after ``attempts`` earlier tries."""
    return min(1 << min(attempts, 16), LONGEST_PAUSE_SECONDS)


def is_final(failure: BaseException) -> bool:
    """A business refusal (4xx other than 409 and 429) will be the same tomorrow."""
    return (
        isinstance(failure, ShuqiaoError)
        and 400 <= failure.status < 500
        and failure.status not in (409, 429)
    )


def describe(failure: BaseException) -> tuple[str, str]:
    """Class and one-line reason for people: no values of rows (``shuqiao.reasons``), no passwords,
    tokens or whole identity numbers, ≤ 500 characters.
    """
    failure = database_error(failure) or failure
    if isinstance(failure, ShuqiaoError):
        said = f"{failure.code}: {(failure.detail or failure.title).render('en')}"
    else:
        said = reason(failure)
    for pattern, replacement in _SECRETS:
        said = pattern.sub(replacement, said)
    return type(failure).__name__[:200], mask_valid_inside(said)[:500]
