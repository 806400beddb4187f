"""What the commands print: facts for programs, lines for people."""

from typing import Any

from server.backups.schemas import Backup
from server.backups.service.making import Made
from server.backups.service.restoring import Restored
from shuqiao.i18n import Message, _


def of_made(made: Made) -> dict[str, Any]:
    return {
        "folder": str(made.folder),
        **_of(made.backup, made.digest),
        "linked": made.linked,
        "linked_bytes": made.linked_bytes,
        "problems": [each.model_dump() for each in made.backup.problems],
    }


def of_restored(done: Restored) -> dict[str, Any]:
    return {
        **_of(done.backup, done.digest),
        "keys": done.has_keys,
        "verified": True,
        "home_files": done.files,
        "home_bytes": done.bytes,
        "lacking": [each.path for each in done.backup.problems],
    }


def lines_of_made(made: Made) -> list[str]:
    backup = made.backup
    told = [
        _(
            "Backed up to %(folder)s: %(files)s files, %(bytes)s bytes, of which %(linked)s bytes"
            " are linked; the trail up to %(events)s events.",
            folder=str(made.folder),
            files=len(backup.files),
            bytes=backup.total_bytes,
            linked=made.linked_bytes,
            events=backup.trail.events,
        ),
        _("SHA-256 of the manifest: %(digest)s", digest=made.digest),
    ]
    if not backup.has_keys:
        told.append(_LOST_KEYS)
    told += [
        _("%(path)s is not in the backup: it was %(what)s.", path=each.path, what=_WHAT[each.what])
        for each in backup.problems
    ]
    return [str(each) for each in told]


def lines_of_restored(done: Restored) -> list[str]:
    backup = done.backup
    told = [
        _(
            "Restored as of %(moment)s and proved: the trail verifies and ends as the manifest says"
            " (%(events)s events), %(files)s files are there.",
            moment=backup.made_at,
            events=backup.trail.events,
            files=done.files,
        )
    ]
    told += [
        _("%(path)s was removed by the rules of retention after the dump.", path=path)
        for path in backup.cleared
    ]
    told += [
        _("%(path)s is not in the backup: it was %(what)s.", path=each.path, what=_WHAT[each.what])
        for each in backup.problems
    ]
    if not done.has_keys:
        told.append(_LOST_KEYS)
    told += _NEXT
    return [str(each) for each in told]


def lines_of_keys(names: list[str]) -> list[str]:
    told = [_("Key put back: %(name)s", name=name) for name in names]
    return [str(each) for each in told or [_("No key is missing.")]]


def _of(backup: Backup, digest: str) -> dict[str, Any]:
    return {
        "manifest": digest,
        "made_at": backup.made_at,
        "revision": backup.revision,
        "events": backup.trail.events,
        "head": backup.trail.leaf_hash,
        "files": len(backup.files),
        "bytes": backup.total_bytes,
        "keys": backup.has_keys,
        "cleared": list(backup.cleared),
    }


_WHAT: dict[str, Message] = {"missing": _("missing"), "damaged": _("damaged")}
_LOST_KEYS = _(
    "Without keys: pseudonyms of every recipient change, so that old and new data cannot be joined,"
    " and databases of departments have to be connected again."
)
_NEXT = (
    _("Next: start the service, and look at /readyz."),
    _(
        "What was done after that moment is not there: accounts suspended, tokens, grants and"
        " roles withdrawn since then are in force again. Withdraw them before others are let in."
    ),
    _(
        "Rows that the rules of retention removed after that moment are there again; the upkeep"
        " removes them within the hour."
    ),
    _(
        "If you hold an export of the trail from elsewhere, compare: shuqiao audit export FILE,"
        " then shuqiao audit verify FILE --earlier THAT."
    ),
)
