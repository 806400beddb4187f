"""The coded reasons for refusing (不同意) a request, with the provision each rests on."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from policies.facts import VOCABULARY
from policies.files import PolicyFiles, packaged
from policies.subset import PolicyRefused

TABLE_FILE = "refusals.toml"
NEEDS = frozenset({"remark", "legal_text", "department", "suspension", "items"})
_FIELDS = frozenset({"zh", "en", "basis", "share_types", "needs"})


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A law or regulation and the articles of it."""

    instrument_zh: str
    instrument_en: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason.

    ``needs`` says what the reply must state beside it; ``share_types`` where it may be used.
    """

    code: str
    zh: str
    en: str
    basis: tuple[LegalBasis, ...]
    share_types: frozenset[str]
    needs: frozenset[str]


@lru_cache(maxsize=1)
def refusals() -> Mapping[str, Refusal]:
    """The reasons of this installation, read once per process."""
    return reasons(packaged())


def reasons(files: PolicyFiles) -> Mapping[str, Refusal]:
    """The reasons by code, in the order of the file.

    Raises ``PolicyRefused`` if the table is incomplete.
    """
    try:
        table = tomllib.loads(files.text(TABLE_FILE))
        found = {
            code: _refusal(code, entry, table["instrument"])
            for code, entry in table["refusal"].items()
        }
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, PolicyRefused):
            raise
        raise PolicyRefused(f"{TABLE_FILE}: {type(error).__name__}: {error}") from error
    if not found:
        raise PolicyRefused(f"{TABLE_FILE}: no reason at all")
    return MappingProxyType(found)


def _refusal(
    code: str, entry: Mapping[str, Any], instruments: Mapping[str, Mapping[str, str]]
) -> Refusal:
    basis = tuple(_basis(item, instruments) for item in entry["basis"])
    refusal = Refusal(
        code,
        entry["zh"],
        entry["en"],
        basis,
        frozenset(entry["share_types"]),
        frozenset(entry["needs"]),
    )
    known_types = VOCABULARY[("DataResource", "share_type")] - {"withheld"}
    sound = (
        set(entry) == _FIELDS
        and refusal.zh.strip()
        and refusal.en.strip()
        and basis
        and refusal.needs <= NEEDS
    )
    if not sound or not refusal.share_types or not refusal.share_types <= known_types:
        raise PolicyRefused(
            f"{TABLE_FILE}: {code} needs both texts, a basis, share_types and known needs"
        )
    return refusal


def _basis(item: Mapping[str, Any], instruments: Mapping[str, Mapping[str, str]]) -> LegalBasis:
    instrument = instruments[item["instrument"]]
    if not item["articles"]:
        raise PolicyRefused(f"{TABLE_FILE}: a basis without article")
    return LegalBasis(instrument["zh"], instrument["en"], tuple(item["articles"]))
