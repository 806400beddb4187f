"""The reader's sessions and tokens, as they are shown."""

from pydantic import BaseModel
from sqlmodel import Session

from auth.profile.schemas import SessionRead
from auth.profile.words import GROUPS
from auth.sessions.repository import sessions
from auth.tokens.models import ServiceToken
from auth.tokens.repository import of_user
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
    """A token of the list: never its secret."""

    model_config = {"arbitrary_types_allowed": True}
    token: ServiceToken
    may: list[Message]
    state: Message
    tone: str
    is_live: bool


def shown_tokens(session: Session, subject: Subject) -> list[TokenShown]:
    moment, shown = moment_of(session), []
    for token in of_user(session, subject.user_id):
        held = frozenset(token.scopes)
        words = [text for text, actions in GROUPS.values() if actions <= held]
        rest = held - {
            str(action)
            for _text, actions in GROUPS.values()
            if actions <= held
            for action in actions
        }
        words += [Message("%(action)s", {"action": action}) for action in sorted(rest)]
        state, tone = _("Valid"), "success"
        if token.revoked_at is not None:
            state, tone = pgettext("token", "Revoked"), "neutral"
        elif token.expires_at <= moment:
            state, tone = _("Expired"), "neutral"
        shown.append(
            TokenShown(token=token, may=words, state=state, tone=tone, is_live=tone == "success")
        )
    return shown
