"""How long the rows of editions that are over are kept (留存规定), as a table.

Pure figures: which editions they reach is asked by the room of editions, what still needs them by
the exchange.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from policies.files import PolicyFiles, packaged
from policies.subset import PolicyRefused
from shuqiao.i18n import Message
from shuqiao.limits import Basis, Named

TABLE_FILE: Final = "retention.toml"
_FIELDS: Final = {"basis", "editions", "days", "reason_zh", "reason_en"}


class Ended(StrEnum):
    """How an edition was over. The names of the table's sections."""

    SUPERSEDED = "superseded"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Retention:
    """The newest ``editions`` are kept, each of the others ``days`` calendar days after its end."""

    basis: Basis
    editions: int
    days: int
    reason_zh: str
    reason_en: str

    @property
    def reason(self) -> Message:
        return Named.of(zh=self.reason_zh, en=self.reason_en)


@lru_cache(maxsize=1)
def retentions() -> Mapping[Ended, Retention]:
    """The table of this installation, read once per process."""
    return kept(packaged())


def kept(files: PolicyFiles) -> Mapping[Ended, Retention]:
    """The table by the way in which an edition ended.

    Raises ``PolicyRefused`` if a section or an entry is missing or unknown, a figure is no whole
    number, or the basis would need an article.
    """
    try:
        table = tomllib.loads(files.text(TABLE_FILE))
        if set(table) != {"edition"} or set(table["edition"]) != set(Ended):
            raise PolicyRefused(f"{TABLE_FILE}: sections must be edition.{'|'.join(Ended)}")
        found = {Ended(name): _kept(name, row) for name, row in table["edition"].items()}
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, PolicyRefused):
            raise
        raise PolicyRefused(f"{TABLE_FILE}: missing or unknown entry: {error}") from error
    return MappingProxyType(found)


def _kept(name: str, row: Mapping[str, Any]) -> Retention:
    where = f"{TABLE_FILE}: edition.{name}"
    if set(row) != _FIELDS:
        raise PolicyRefused(f"{where}: entries must be {sorted(_FIELDS)}")
    if row["basis"] != Basis.POLICY:
        raise PolicyRefused(f"{where}: basis must be {Basis.POLICY.value}: no law sets a figure")
    for figure, least in (("editions", 0), ("days", 1)):
        value = row[figure]
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise PolicyRefused(f"{where}.{figure} must be a whole number, at least {least}")
    if not all(
        isinstance(row[text], str) and row[text].strip()
        for text in _FIELDS - {"basis", "editions", "days"}
    ):
        raise PolicyRefused(f"{where}: reason_zh and reason_en say why")
    return Retention(**{**row, "basis": Basis(row["basis"])})
