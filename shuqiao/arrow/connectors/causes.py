"""Why a database could not be read: one cause, one sentence, what to do.

No word of the server is ever repeated.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shuqiao.errors import Unavailable
from shuqiao.i18n import Message, _, ngettext


class Cause(StrEnum):
    """What kept a connection from working; stable words for programs."""

    REMOVED = "removed"
    NOT_ALLOWED = "not_allowed"
    HOST_UNKNOWN = "host_unknown"
    NO_ANSWER = "no_answer"
    TLS = "tls"
    PASSWORD_REFUSED = "password_refused"
    ENTRY_REFUSED = "entry_refused"
    DATABASE_MISSING = "database_missing"
    RELATION_MISSING = "relation_missing"
    NO_RIGHT = "no_right"
    MAY_WRITE = "may_write"
    TIMED_OUT = "timed_out"
    BUSY = "busy"
    BROKEN_OFF = "broken_off"
    VALUE_REFUSED = "value_refused"
    FAILED = "failed"


#: What happened, and what to do.
SENTENCES: Final[dict[Cause, tuple[Message, Message]]] = {
    Cause.REMOVED: (
        _("The connection to the database is no longer there."),
        _("Ask the operator to add it again."),
    ),
    Cause.NOT_ALLOWED: (
        _("This server is not on the list of servers that may be reached."),
        _("Ask the operator to add it to SHUQIAO_CONNECTOR_HOSTS."),
    ),
    Cause.HOST_UNKNOWN: (
        _("The name of the server is unknown."),
        _("Check how the name is written, or ask for the address of the server."),
    ),
    Cause.NO_ANSWER: (
        _("The server does not answer at this address and port."),
        _("Ask whether the database is running and whether the firewall lets this machine in."),
    ),
    Cause.TLS: (
        _("No encrypted connection to the server comes about."),
        _("Ask whether the server offers TLS and which certificate it shows."),
    ),
    Cause.PASSWORD_REFUSED: (
        _("The server refuses the account or its password."),
        _("Ask for the account and the password, and have the operator enter them again."),
    ),
    Cause.ENTRY_REFUSED: (
        _("The server does not let this account in from this machine."),
        _("Ask the administrator of the database to allow it (pg_hba.conf)."),
    ),
    Cause.DATABASE_MISSING: (
        _("There is no database of this name on the server."),
        _("Check the name of the database."),
    ),
    Cause.RELATION_MISSING: (
        _("This table or view is no longer there."),
        _("Choose another one, or ask the administrator of the database where it went."),
    ),
    Cause.NO_RIGHT: (
        _("The account may not read this data."),
        _("Ask the administrator of the database for the right to read it (GRANT SELECT)."),
    ),
    Cause.MAY_WRITE: (
        _("The account may change data in that database."),
        _("Ask for an account that may only read."),
    ),
    Cause.TIMED_OUT: (
        _("The database takes too long to answer."),
        _("Try again later; if it stays so, ask for an index or a smaller view."),
    ),
    Cause.BUSY: (
        _("The database takes no further connection at the moment."),
        _("Try again later, or ask its administrator for more connections."),
    ),
    Cause.BROKEN_OFF: (
        _("The connection to the database broke off."),
        _("Try again; if it stays so, ask the administrator of the database."),
    ),
    Cause.VALUE_REFUSED: (
        _("The table holds a value that cannot be taken."),
        _("Have it corrected, or leave the column out."),
    ),
    Cause.FAILED: (
        _("The database reports an error."),
        _("Give its administrator the time of this message and the code in it."),
    ),
}

#: SQLSTATE, whole or by class, in the order of asking. The server's
#: words depend on its language, these do not.
_STATES: Final = (
    ("28P01", Cause.PASSWORD_REFUSED),
    ("28", Cause.ENTRY_REFUSED),
    ("3D000", Cause.DATABASE_MISSING),
    ("42P01", Cause.RELATION_MISSING),
    ("3F000", Cause.RELATION_MISSING),
    ("42703", Cause.RELATION_MISSING),
    ("42501", Cause.NO_RIGHT),
    ("57014", Cause.TIMED_OUT),
    ("55P03", Cause.TIMED_OUT),
    ("53", Cause.BUSY),
    ("57P", Cause.BROKEN_OFF),
    ("08", Cause.BROKEN_OFF),
)
_STATE: Final = re.compile(r"[0-9A-Z]{5}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a connection test ended. ``state`` is the server's code (SQLSTATE), if it gave one."""

    cause: Cause | None = None
    state: str = ""
    relations: int = 0

    @property
    def is_ok(self) -> bool:
        return self.cause is None

    @property
    def sentence(self) -> Message:
        """What happened."""
        if self.cause is None:
            return ngettext(
                "The connection works; %(count)s table or view can be read.",
                "The connection works; %(count)s tables and views can be read.",
                self.relations,
            )
        return SENTENCES[self.cause][0]

    @property
    def fix(self) -> Message | None:
        """What to do, when something is wrong."""
        return SENTENCES[self.cause][1] if self.cause else None


class ConnectorFailed(Unavailable):
    """A department's database could not be read.

    ``cause`` says why; the facts hold no secret and no server text.
    """

    code = "connector_failed"
    title = _("The department's database could not be read")

    def __init__(self, cause: Cause, *, state: str = "", column: str = "") -> None:
        happened, fix = SENTENCES[cause]
        if column:
            happened = _("%(what)s Column: %(column)s.", what=happened, column=column)
        if state:
            happened = _("%(what)s (code %(state)s)", what=happened, state=state)
        super().__init__(
            _("%(what)s %(fix)s", what=happened, fix=fix), cause=cause.value, state=state
        )
        self.cause, self.state = cause, state

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.cause, self.state)


def cause_of(state: str | None) -> tuple[Cause, str]:
    """The cause behind a SQLSTATE, and the state itself when it is one."""
    code = state if state and _STATE.fullmatch(state) else ""
    for prefix, cause in _STATES if code else ():
        if code.startswith(prefix):
            return cause, code
    return Cause.FAILED, code
