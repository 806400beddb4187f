"""``shuqiao backup | restore | check-home``: a backup of the whole installation, the way back with
its proof, and a look at the home.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from server.process.output import FAILED, USAGE, Json, speaking, stop

_Passphrase = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="The keys are sealed with the first line of FILE, kept elsewhere."
    ),
]
_WithoutKeys = Annotated[
    bool,
    typer.Option(
        "--without-keys",
        help="No keys: restored, pseudonyms change and connections have to be added again.",
    ),
]
_Thorough = Annotated[
    bool, typer.Option("--thorough", help="Read every file and compare its digest, not its size.")
]


def backup(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or an empty folder.")],
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="EARLIER", help="An earlier backup on the same disk: its files are linked."
        ),
    ] = None,
    dated: Annotated[
        bool,
        typer.Option(
            "--dated",
            help="In FOLDER a new one, named by the moment; files of the last one are linked.",
        ),
    ] = False,
    passphrase_file: _Passphrase = None,
    without_keys: _WithoutKeys = False,
    thorough: _Thorough = False,
    as_json: Json = False,
) -> None:
    """Back up database, snapshots, uploads and sealed keys into FOLDER, while the service serves.

    Ends with 1 also when the backup is made, but a file that the database names was not there.
    """
    from server.backups import views
    from server.backups.service import making

    with speaking(), _disk():
        phrase = _passphrase(passphrase_file, without_keys=without_keys)
        if dated:
            folder, last = making.dated(folder)
            since = since or last
        made = making.make(folder, since=since, passphrase=phrase, is_thorough=thorough)
        _say(views.of_made(made), views.lines_of_made(made), as_json)
    if made.backup.problems:
        raise typer.Exit(FAILED)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A finished backup.")],
    passphrase_file: _Passphrase = None,
    without_keys: _WithoutKeys = False,
    bootstrap: Annotated[
        bool,
        typer.Option(
            "--bootstrap", help="First create roles and database, with SHUQIAO_ADMIN_DATABASE_URL."
        ),
    ] = False,
    keys_only: Annotated[
        bool,
        typer.Option(
            "--keys-only", help="Into this home as it is: the keys that are missing, no more."
        ),
    ] = False,
    thorough: _Thorough = False,
    as_json: Json = False,
) -> None:
    """Restore FOLDER into an empty home and an empty database, and prove that it is all there.

    Nothing serves from a home whose restore did not end well.
    """
    from server.backups import views
    from server.backups.service import restoring

    with speaking(), _disk():
        phrase = _passphrase(passphrase_file, without_keys=without_keys)
        if keys_only:
            names = _keys_back(folder, phrase)
            _say({"keys": names}, views.lines_of_keys(names), as_json)
            return
        done = restoring.restore(
            folder, passphrase=phrase, is_thorough=thorough, is_bootstrap=bootstrap
        )
        _say(views.of_restored(done), views.lines_of_restored(done), as_json)


def check_home(thorough: _Thorough = False, as_json: Json = False) -> None:
    """Compare the home with what the database names: files, sizes, keys, strays, markers.

    Ends with 1 when something is not as it should be; each is named.
    """
    from server.backups.service import looking

    with speaking(), _disk():
        is_sound = True
        told: list[dict[str, str]] = []
        look, findings = looking.look_at_home(is_thorough=thorough)
        for each in findings:
            is_sound = False
            if as_json and len(told) < looking.MOST_TOLD:
                told.append({"path": each.path, "code": each.code, "sentence": str(each.sentence)})
            elif not as_json:
                typer.echo(str(each.sentence))
        facts = {"ok": is_sound, "files": look.files, "bytes": look.bytes, "findings": told}
        _say(facts, [str(look.summary)], as_json)
    if not is_sound:
        raise typer.Exit(FAILED)


def _keys_back(folder: Path, phrase: bytes | None) -> list[str]:
    from server.backups.service import restoring
    from shuqiao.i18n import _

    if phrase is None:
        raise stop(str(_("--keys-only needs --passphrase-file.")), USAGE)
    return restoring.put_keys_back(folder, phrase)


def _passphrase(file: Path | None, *, without_keys: bool) -> bytes | None:
    from server.backups.service import sealed_keys
    from shuqiao.i18n import _

    if (file is None) != without_keys:
        raise stop(
            str(
                _(
                    "Say what becomes of the keys: --passphrase-file FILE seals them,"
                    " --without-keys leaves them out."
                )
            ),
            USAGE,
        )
    return None if file is None else sealed_keys.read_passphrase(file)


@contextmanager
def _disk() -> Iterator[None]:
    """A disk that refuses is one sentence."""
    try:
        yield
    except OSError as error:
        raise stop(f"{error.filename or 'disk'}: {error.strerror}", FAILED) from None


def _say(facts: dict[str, Any], lines: list[str], as_json: bool) -> None:
    for line in [json.dumps(facts, ensure_ascii=False)] if as_json else lines:
        typer.echo(line)
