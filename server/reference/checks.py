"""The automatic checks as a document: ``docs/checks.md``, made from the lists of checks.

``python -m server.reference.checks`` writes it anew; a test compares it with the lists.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from catalog.publication import checks as entries
from exchange.approvals.checks import advice as requests
from server.reference.lifecycles import both
from shuqiao.checks import Check
from shuqiao.i18n import Message, _
from shuqiao.limits import Basis

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "checks.md"
#: In the way of the data, under what they look at.
CHECKS: Final[Sequence[tuple[Message, Sequence[Check[Any]]]]] = (
    (_("Catalogue reviews"), entries.CHECKS),
    (_("Share requests"), requests.CHECKS),
)

_HEAD: Final = """# Automatic checks (自动核验)

Made from the lists of checks by `python -m server.reference.checks`; never edited by hand.
They advise whoever decides; the decision is a person's. What stands in ‹…› is filled in.
"""
_COLUMNS: Final = ("no. 编号", "asks 核验内容", "basis 依据", "a finding means 发现问题时")


def document() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(line for each in CHECKS for line in _chapter(*each))])


def _chapter(title: Message, checks: Sequence[Check[Any]]) -> Iterator[str]:
    yield f"## {both(title)}"
    yield ""
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|{'---|' * len(_COLUMNS)}"
    for check in checks:
        basis, means = both(check.basis or Basis.POLICY.label), both(check.weight.label)
        yield f"| {check.id} | {both(check.asks)} | {basis} | {means} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(document(), encoding="utf-8")
