"""The reader's sessions and tokens, as they are shown."""

from pydantic import BaseModel
from sqlmodel import Session

from auth.profile.schemas import SessionRead
from auth.sessions.repository import sessions
from auth.tokens.models import ServiceToken
from auth.tokens.repository import of_user
from auth.tokens.service import in_force
from auth.tokens.words import ACTIONS, Scope, actions_of
from shuqiao.db import moment_of
from shuqiao.i18n import Message, _, pgettext
from shuqiao.subject import Subject


def shown_sessions(session: Session, subject: Subject) -> list[SessionRead]:
    assert subject.user_id is not None, "only people have sessions"
    return [
        SessionRead(
            id=row.id,
            created_at=row.created_at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
            is_current=row.id == subject.credential_id,
        )
        for row in sessions.live_of(session, subject.user_id)
    ]


class TokenShown(BaseModel):
    """A token of the list: never its secret. ``lost``: what it carries, and its owner's roles no
    longer give.
    """

    model_config = {"arbitrary_types_allowed": True}
    token: ServiceToken
    may: list[Message]
    lost: list[Message]
    state: Message
    tone: str
    is_live: bool


def shown_tokens(session: Session, subject: Subject) -> list[TokenShown]:
    moment, shown = moment_of(session), []
    for token in of_user(session, subject.user_id):
        held = in_force(subject, token.scopes)
        state, tone = _("Valid"), "success"
        if token.revoked_at is not None:
            state, tone = pgettext("token", "Revoked"), "neutral"
        elif token.expires_at <= moment:
            state, tone = _("Expired"), "neutral"
        shown.append(
            TokenShown(
                token=token,
                may=_said(held),
                lost=_said(frozenset(token.scopes) - held),
                state=state,
                tone=tone,
                is_live=tone == "success",
            )
        )
    return shown


def _said(names: frozenset[str]) -> list[Message]:
    """Scopes in words; single actions by their names, unless they make up a scope."""
    narrow = names - frozenset(map(str, Scope))
    scopes = [scope for scope in Scope if scope in names or ACTIONS[scope] <= narrow]
    rest = sorted(narrow - actions_of(scopes))
    return [
        *(scope.label for scope in scopes),
        *(Message("%(action)s", {"action": action}) for action in rest),
    ]
