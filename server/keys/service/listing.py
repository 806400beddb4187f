"""The keys as operators look at them."""

from sqlmodel import Session

from server.keys import repository
from server.keys.schemas import KeyRead
from server.keys.words import words_of
from shuqiao import installation, keys
from shuqiao.keys import Registered


def listed(session: Session) -> list[KeyRead]:
    """Every registered key, and whether this machine's file is the right one.

    Raises ``HomeForeign``: what lies in another installation's home says nothing of ours.
    """
    installation.refuse_foreign_home(repository.own_id(session))
    return [
        KeyRead(
            name=each.name,
            purpose=words_of(each.name).purpose,
            fingerprint=each.fingerprint.hex(),
            generation=each.generation,
            registered_at=each.registered_at.isoformat(timespec="seconds"),
            here=keys.fit(each.name, Registered(each.fingerprint, each.generation)),
        )
        for each in repository.all_keys(session)
    ]
