"""Idempotency for routes: ``once: OnceDep`` takes the key first,
``return once.keep(answer)`` stores the answer.
"""

import json
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.identify import SubjectDep, form_fields
from shuqiao.db import SessionDep
from shuqiao.idempotency import Claim, WholeAnswer, claim, fingerprint, remember
from shuqiao.subject import Subject
from shuqiao.web.bodies import sent_bytes, takes_files
from shuqiao.web.strict_route import KEEPING, Keep

M = TypeVar("M", bound=BaseModel)
#: What the server says anew of each answer.
_OWN: Final = frozenset({"content-length", "set-cookie"})


@dataclass(slots=True)
class Once:
    """The key of this request. ``take`` claims it with what makes the request the same.

    Only routes of files call it themselves.
    """

    session: Session
    owner: str
    key: str | None
    request: Request
    taken: Claim | None = field(default=None)

    def take(self, body: bytes) -> None:
        print_ = fingerprint(self.request.method, self.request.url.path, body)
        self.taken = claim(self.session, owner=self.owner, key=self.key, print_=print_)

    def keep(self, answer: M) -> M:
        """Store the answer with the effect and hand it on."""
        status = getattr(self.request.scope.get("route"), "status_code", None) or 200
        kept = answer.model_dump(mode="json")
        whole: list[Keep] | None = getattr(self.request.state, KEEPING, None)
        if whole is None:
            self._keep(status, kept)
        else:
            whole.append(lambda response: self._keep(status, kept, _as_sent(response, kept)))
        return answer

    def go_to(self, location: str) -> Response:
        """Go on to ``location``; a second click of the same button ends there too."""
        return RedirectResponse(self.keep_redirect(location), 303)

    def keep_redirect(self, location: str) -> str:
        """The same for a form: a second click ends on the same page."""
        self._keep(303, {"location": location})
        return location

    def _keep(self, status: int, answer: dict[str, Any], whole: WholeAnswer | None = None) -> None:
        if self.taken is None:
            raise RuntimeError("keep() before take()")
        remember(self.session, self.taken, status=status, answer=answer, whole=whole)


def once(
    request: Request,
    subject: SubjectDep,
    session: SessionDep,
    body: Annotated[bytes, Depends(sent_bytes)],
    fields: Annotated[dict[str, str], Depends(form_fields)],
    idempotency_key: Annotated[
        str | None, Header(description="One effect per key, kept for 24 hours")
    ] = None,
) -> Once:
    """Take the request's key before anything is changed."""
    sent = idempotency_key or fields.get("once_key")
    found = Once(session, _owner(subject), sent, request)
    if not takes_files(request.url.path):
        found.take(body)
    return found


OnceDep = Annotated[Once, Depends(once, scope="function")]


def _as_sent(response: Response, kept: dict[str, Any]) -> WholeAnswer | None:
    """The answer as it leaves, where it says what is to be kept and no more: a secret that is shown
    once is not in ``kept``, and so its bytes are not kept either.
    """
    body = bytes(response.body)
    if json.loads(body) != kept:
        return None
    headers = {name: text for name, text in response.headers.items() if name not in _OWN}
    return WholeAnswer(body, headers)


def _owner(subject: Subject) -> str:
    return str(subject.user_id or subject.account)
