"""Pages of grants (授权): what may be fetched, how, until when; and taking it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth import accounts
from auth.guard import Authorized, authorize, is_allowed, may
from auth.identify import SubjectDep
from auth.once import OnceDep
from exchange.grants import repository, service
from exchange.grants.lifecycle import GrantStatus, may_become
from exchange.grants.models import ShareGrant
from exchange.grants.reading import read_model
from exchange.grants.schemas import GrantRead, Revocation
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk import clocks
from shuqiao.desk.due import due_of
from shuqiao.errors import NotFound
from shuqiao.i18n import Message, _
from shuqiao.ids import uuid7
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paging import PageDep
from shuqiao.web.panels import Panels

router = APIRouter()

#: What higher stages add to a grant's page: the transfers under it.
panels: Panels[ShareGrant] = Panels()

GrantNo = Annotated[str, Path(max_length=20)]
TONES: Final[Mapping[GrantStatus, str]] = {
    GrantStatus.PENDING_DELIVERY: "warning", GrantStatus.ACTIVE: "success", GrantStatus.REVOKED: "danger",
    GrantStatus.EXPIRED: "neutral",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One grant in a list."""

    grant: ShareGrant
    tone: str
    consumer: str
    provider: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code to copy: ``id`` names the element on the page."""

    id: str
    title: Message
    text: str


def to_read(no: GrantNo, session: ReadSessionDep) -> ShareGrant:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


def to_change(no: GrantNo, session: SessionDep) -> ShareGrant:
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


@router.get("/grants")
@example(Example(world="active_grant", who="applicant", success=200, visibility="parties"))
def list_page(
    request: Request, subject: SubjectDep, session: ReadSessionDep, wanted: PageDep,
    request_no: Annotated[str, Query(max_length=20, description="Leads to the grant of this request")] = "",
) -> Response:  # fmt: skip
    """Grants the reader may see, newest first; with ``request_no`` the one that came of that request."""
    if request_no:
        grant = repository.by_request(session, request_no)
        if grant is None:
            raise NotFound
        authorize(subject, Action.GRANT_READ, grant)
        return RedirectResponse(f"/grants/{grant.grant_no}", 303)
    rows, following = repository.page(session, subject, wanted)
    values = {
        "rows": [_row(session, row) for row in rows], "next_href": wanted.href(following) if following else "",
        "is_first": wanted.after is None,
    }  # fmt: skip
    return page(request, "grants/list.html", values)


@router.get("/grants/{no}")
@example(Example(
    world="active_grant", who="applicant", success=200, visibility="parties", stranger="stranger",
    path={"no": lambda world: world.grant_no},
))  # fmt: skip
def show_page(
    request: Request, found: Annotated[Authorized[ShareGrant], may(Action.GRANT_READ, to_read)],
    session: ReadSessionDep, done: Annotated[str, Query(max_length=20)] = "",
) -> Response:  # fmt: skip
    row, subject = found.object, found.subject
    shown = read_model(session, row)
    values = {
        "shown": shown, "tone": TONES[row.status], "is_revoked_now": done == "revoked",
        "dues": [due_of(session, clock) for clock in clocks.clocks_of(session, row.grant_no)],
        "may_revoke": may_become(row.status, GrantStatus.REVOKED) and is_allowed(subject, Action.GRANT_REVOKE, row),
        "may_fetch": is_allowed(subject, Action.GRANT_FETCH, row), "is_live": service.is_live(row),
        "snippets": snippets(shown), "panels": panels.shown(session, subject, row),
    }  # fmt: skip
    return page(request, "grants/show.html", values)


@router.get("/grants/{no}/revocation")
@example(Example(
    world="active_grant", who="provider_head", success=200, visibility="parties", stranger="stranger",
    forbidden="applicant", path={"no": lambda world: world.grant_no},
))  # fmt: skip
def revocation_page(
    request: Request, found: Annotated[Authorized[ShareGrant], may(Action.GRANT_REVOKE, to_read)],
    session: ReadSessionDep,
) -> Response:  # fmt: skip
    """The question before a grant is taken back: running transfers stop and it does not come back."""
    return _revocation(request, session, found.object, Form.of())


@router.post("/grants/{no}/revocations")
@example(Example(
    world="active_grant", who="provider_head", success=303, visibility="parties", stranger="stranger",
    forbidden="applicant", path={"no": lambda world: world.grant_no}, if_match=True,
    body={"reason": "使用目的已经实现"}, event="exchange:grant:revoked",
))  # fmt: skip
def revoke(
    request: Request, found: Annotated[Authorized[ShareGrant], may(Action.GRANT_REVOKE, to_change)],
    session: SessionDep, form: FormDep, once: OnceDep,
) -> Response:  # fmt: skip
    try:
        reason = form.parse(Revocation).reason
    except FormInvalid as error:
        start_over(session)
        return _revocation(request, session, found.object, error.form, status=422)
    service.revoke(session, found.subject, found.object, form.version, reason)
    return RedirectResponse(once.keep_redirect(f"/grants/{found.object.grant_no}?done=revoked"), 303)


def snippets(shown: GrantRead) -> list[Snippet]:
    """Ready code for this grant. The token stays in the reader's own profile or environment."""
    no, url = shown.grant_no, shown.data_url
    python = f"from shuqiao_client import Client\n\nframe = Client.from_profile().grant({no!r}).to_polars()"
    duck = (
        "import duckdb\nfrom shuqiao_client import Client\n\n"
        f"reader = Client.from_profile().grant({no!r}).reader()\n"
        'duckdb.sql("SELECT count(*) FROM reader").show()'
    )
    curl = f'curl --fail -H "Authorization: Bearer $SQ_TOKEN" \\\n  -o {no}.arrows "{url}"'
    command = f"sq resource get {no} -o {no}.parquet"
    return [
        Snippet("code-python", _("Python (polars; to_pandas() and to_arrow() work the same)"), python),
        Snippet("code-duckdb", _("SQL on the stream with DuckDB"), duck),
        Snippet("code-sq", _("Command line"), command),
        Snippet("code-curl", _("Any program that speaks HTTP"), curl),
    ]


def _row(session: Session, row: ShareGrant) -> Row:
    return Row(
        row, TONES[row.status], accounts.department(session, row.consumer_id).name,
        accounts.department(session, row.provider_id).name,
    )  # fmt: skip


def _revocation(request: Request, session: Session, row: ShareGrant, form: Form, *, status: int = 200) -> Response:
    values: dict[str, Any] = {
        "form": form, "row": row, "once_key": uuid7().hex,
        "consumer": accounts.department(session, row.consumer_id).name,
    }  # fmt: skip
    return page(request, "grants/revocation.html", values, status=status)
