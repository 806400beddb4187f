"""Passwords: argon2id, and the rules for choosing one."""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _

SHORTEST = 12
LONGEST = 128
_COMMON = (
    "password",
    "123456",
    "qwerty",
    "admin",
    "government",
    "shuqiao",
    "111111",
    "abc123",
    "letmein",
    "welcome",
)

#: 19 MiB and two passes: the floor of the OWASP password storage guide, about 45 ms a check.
_hasher = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))


def hashed(password: str) -> str:
    return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Compare in the same time whether or not the account exists (``stored`` None)."""
    is_match = _hasher.verify(password[:LONGEST], stored or _nobody())
    return is_match and stored is not None


def check_choice(password: str, *, account: str, pointer: str = "/password") -> None:
    """Refuse short, over-long and guessable passwords with what to do instead."""
    folded = password.casefold()
    stripped = folded
    for word in (*_COMMON, account.casefold()):
        stripped = stripped.replace(word, "")
    problem = None
    if not SHORTEST <= len(password) <= LONGEST:
        problem = _("The password has %(found)s characters", found=len(password))
    elif len(set(folded)) < 6 or len(stripped) < 6:
        problem = _("The password is easy to guess")
    if problem:
        fix = _(
            "Choose %(low)s to %(high)s characters, for example four unrelated words",
            low=SHORTEST,
            high=LONGEST,
        )
        raise Invalid(errors=[FieldError(pointer, "weak_password", problem, fix)])


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
