"""HTTP of sign-in and service tokens."""

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth.identify import SubjectDep
from auth.sessions.service import sessions
from auth.sign_in.access import THREADS, HadCookie, attempt, drop_cookie, set_cookie
from auth.sign_in.schemas import Me, SessionClosed, SessionOpened, SignIn
from shuqiao.db import SessionDep
from shuqiao.subject import Subject
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


@router.post("/sessions", status_code=201, operation_id="sessions_open", summary="Sign in")
async def open_session(body: SignIn, response: Response, had: HadCookie) -> SessionOpened:
    signed_in = await THREADS.run(attempt, body.account, body.password, had)
    set_cookie(response, signed_in.cookie)
    return SessionOpened(
        me=_me(signed_in.subject), csrf_token=signed_in.csrf_token, **signed_in.receipt
    )


@router.delete("/sessions/current", operation_id="sessions_close", summary="Sign out")
def close_session(subject: SubjectDep, session: SessionDep, response: Response) -> SessionClosed:
    sessions.end(session, subject)
    drop_cookie(response)
    return SessionClosed(**receipt(session))


@router.get("/me", operation_id="me_show", summary="Who am I")
def me(subject: SubjectDep) -> Me:
    return _me(subject)


def _me(subject: Subject) -> Me:
    return Me(
        account=subject.account,
        name=subject.name,
        department=subject.department_name,
        roles=sorted(subject.roles),
        auth=subject.auth,
    )
