"""The program ``sq`` for users of the data. Only what every start needs is imported here."""

import os
import sys
from collections.abc import Sequence
from typing import Any, Final

from shuqiao_client import errors
from shuqiao_client.words import from_arguments, from_environment, set_language

#: Exit status by error; the most special kind first. 0 is success, 1 any other failure.
EXITS: Final[tuple[tuple[type[errors.ShuqiaoError], int], ...]] = (
    (errors.SeveralGrants, 2),
    (errors.NotFound, 3),
    (errors.NotSignedIn, 4),
    (errors.ProfileRefused, 4),
    (errors.NotAllowed, 5),
    (errors.Conflict, 6),
    (errors.Invalid, 7),
)
_FAILED, _USAGE, _INTERRUPTED = 1, 2, 130


def app() -> None:
    """Entry point: run the command line and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; everything that is not a result goes to stderr."""
    set_language(from_arguments(arguments) or from_environment(os.environ))
    from typer.exceptions import Abort, TyperException

    from shuqiao_client.cli_commands import commands
    from shuqiao_client.cli_output import report

    is_json = "--json" in arguments
    try:
        status = commands(list(arguments), prog_name="sq", standalone_mode=False)
        sys.stdout.flush()
    except errors.ShuqiaoError as error:
        report(error, is_json=is_json)
        return exit_of(error)
    except TyperException as error:
        return _misused(error, is_json=is_json)
    except (KeyboardInterrupt, Abort):
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output has left; nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    except OSError as error:
        report(errors.ShuqiaoError(str(error), code="file"), is_json=is_json)
        return _FAILED
    return status if isinstance(status, int) else 0


def exit_of(error: errors.ShuqiaoError) -> int:
    """The exit status for an error."""
    return next((status for kind, status in EXITS if isinstance(error, kind)), _FAILED)


def _misused(error: Any, *, is_json: bool) -> int:
    from shuqiao_client.cli_output import report

    if is_json or not hasattr(error, "show"):
        report(errors.ShuqiaoError(error.format_message(), code="usage"), is_json=is_json)
    else:
        error.show()
    return _USAGE
