"""What a process does with the policies before it serves anything: read
all, check all, or refuse to start.
"""

from pathlib import Path

from policies.deadlines import deadlines
from policies.facts import ROLES, PrincipalFacts
from policies.listing import NotCompilable, residual_by
from policies.refusals import refusals
from policies.rulebook import FOLDER, Rulebook, build, rulebook
from policies.subset import PolicyRefused


def load(folder: Path = FOLDER) -> Rulebook:
    """Read and check every policy file and table.

    Raises ``PolicyRefused`` if one cannot be served from.

    Besides the checks of the rulebook, every action is compiled into a list filter for every role,
    so that a new engine whose residuals look different is found at start-up and not by a user.
    """
    book = rulebook() if folder == FOLDER else build(folder)
    for action in book.by_action.values():
        for principal in _samples():
            try:
                residual_by(book, action.action, principal, action.resource_type)
            except NotCompilable as error:
                raise PolicyRefused(f"{action.action}: {error}") from error
    deadlines(folder)
    refusals(folder)
    return book


def _samples() -> list[PrincipalFacts]:
    """One principal for each role, one with all, one with none, and one
    with a token for nothing.
    """
    sets = [frozenset({role}) for role in sorted(ROLES)] + [ROLES, frozenset[str]()]
    people = [PrincipalFacts("sample", "department", roles, frozenset(), True) for roles in sets]
    return [*people, PrincipalFacts("sample", "department", ROLES, frozenset(), False)]
