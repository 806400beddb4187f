"""What a process does with the policies before it serves anything: read
all, check all, or refuse to start.
"""

from policies.deadlines import deadlines, limits
from policies.facts import ROLES, PrincipalFacts
from policies.files import PolicyFiles
from policies.listing import NotCompilable, residual_by
from policies.refusals import reasons, refusals
from policies.retention import kept, retentions
from policies.rulebook import Rulebook, build, rulebook
from policies.subset import PolicyRefused


def load() -> Rulebook:
    """Read and check every policy file and table of this installation, before anything is served.

    Raises ``PolicyRefused`` if one cannot be served from.
    """
    deadlines()
    refusals()
    retentions()
    return compiled(rulebook())


def check(files: PolicyFiles) -> Rulebook:
    """The same of other files, which nothing is then decided by."""
    limits(files)
    reasons(files)
    kept(files)
    return compiled(build(files))


def compiled(book: Rulebook) -> Rulebook:
    """Every action is compiled into a list filter for every role, so that a new engine whose
    residuals look different is found at start-up and not by a user.
    """
    for action in book.by_action.values():
        for principal in _samples():
            try:
                residual_by(book, action.action, principal, action.resource_type)
            except NotCompilable as error:
                raise PolicyRefused(f"{action.action}: {error}") from error
    return book


def _samples() -> list[PrincipalFacts]:
    """One principal for each role, one with all, one with none, and one
    with a token for nothing.
    """
    sets = [frozenset({role}) for role in sorted(ROLES)] + [ROLES, frozenset[str]()]
    people = [PrincipalFacts("sample", "department", roles, frozenset(), True) for roles in sets]
    return [*people, PrincipalFacts("sample", "department", ROLES, frozenset(), False)]
