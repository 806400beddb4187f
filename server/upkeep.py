"""What is removed when its time is over: one row for each kind, with how long it stays and who
removes it. ``docs/operations.md`` says the same for people.

What is not here stays: cases, their events, messages, tokens, editions' manifests. The rows of
editions go by ``policies/retention.toml``, with an event (``catalog.editions``).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from auth.sessions.repository import sessions
from auth.sessions.service import throttle
from catalog.attachments.service import leftovers
from exchange.deliveries import repository as deliveries
from exchange.deliveries.repository import tickets
from shuqiao import idempotency, scratch, uploads
from shuqiao.arrow.snapshots.writer import remove_unfinished
from shuqiao.desk import drafts, outbox
from shuqiao.home import folder
from shuqiao.jobs import forget_old as forget_jobs
from shuqiao.settings import settings
from shuqiao.upkeep import Part, rows


def _no_time() -> timedelta:
    """It is over by what holds it, or by rules of its own."""
    return timedelta(0)


def _days(name: str) -> Callable[[], timedelta]:
    return lambda: timedelta(days=getattr(settings(), name))


def _hours(name: str) -> Callable[[], timedelta]:
    return lambda: timedelta(hours=getattr(settings(), name))


def _left_by_the_dead(remove: Callable[[], int]) -> Callable[[datetime, int], int]:
    """Held by a lock that the kernel lets go of: all of it at once."""

    def removed(_before: datetime, limit: int) -> int:
        remove()
        return 0

    return removed


PARTS: Final = (
    Part("answers", _hours("idempotency_hours"), rows(idempotency.forget_old)),
    Part("drafts", lambda: timedelta(days=drafts.DRAFT_DAYS), rows(drafts.forget_old)),
    Part("sessions", _days("session_kept_days"), rows(sessions.forget_old), by_database=True),
    Part("download_tickets", _no_time, rows(tickets.forget_old), by_database=True),
    Part("failed_sign_ins", _no_time, rows(throttle.forget_old), by_database=True),
    Part("outbox", _days("outbox_days"), rows(outbox.forget_old)),
    Part("jobs", _days("job_days"), rows(forget_jobs), by_database=True),
    Part("shown_cells", _days("upload_days"), leftovers.clear_previews),
    Part("uploads", _days("upload_days"), leftovers.remove_uploads),
    Part("decoding", _no_time, leftovers.remove_decoding),
    Part(
        "snapshots",
        _no_time,
        lambda _before, limit: leftovers.remove_unnamed(limit, deliveries.named),
    ),
    Part(
        "half_snapshots",
        _no_time,
        _left_by_the_dead(lambda: remove_unfinished(folder("snapshots"))),
    ),
    Part("half_uploads", _no_time, _left_by_the_dead(uploads.remove_unfinished)),
    Part("scratch", _no_time, _left_by_the_dead(scratch.remove_abandoned)),
)
