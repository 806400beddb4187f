"""The statutory time limits as a table: how many working days, by which
article, how far they can be extended.

Pure figures. Counting them off on the calendar is the desk's work; nothing here knows a date.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from policies.rulebook import FOLDER
from policies.subset import PolicyRefused

TABLE_FILE = "deadlines.toml"


class Clock(StrEnum):
    """What is waited for. The names of the table's sections."""

    REQUEST_REPLY_UNCONDITIONAL = "request_reply_unconditional"
    REQUEST_REPLY_CONDITIONAL = "request_reply_conditional"
    DELIVERY = "delivery"
    CORRECTION = "correction"
    CATALOGUE_UPDATE = "catalogue_update"
    CATALOGUE_REVIEW = "catalogue_review"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One limit, in working days, first day not counted; a local table
    may not pass ``national_working_days``.
    """

    clock: Clock
    working_days: int
    extension_working_days: int
    extension_conditions: tuple[str, ...]
    national_working_days: int
    article: str
    instrument_zh: str
    instrument_en: str
    starts_zh: str
    starts_en: str
    must_zh: str
    must_en: str


@dataclass(frozen=True, slots=True)
class SupplementRule:
    """Asking once for what is missing (一次性告知, Art. 21), and
    whether the reply clock stops meanwhile.
    """

    times: int
    stops_clock: bool
    within_working_days_conditional: int
    within_working_days_unconditional: int
    article: str


@dataclass(frozen=True, slots=True)
class DeadlineTable:
    """All limits and the rule for supplements."""

    limits: Mapping[Clock, Deadline]
    supplement: SupplementRule

    def __getitem__(self, clock: Clock) -> Deadline:
        return self.limits[clock]

    def reply(self, *, share_type: str) -> Deadline:
        """The limit for replying to a request (Art. 21).

        Raises ``ValueError`` for what cannot be asked for.
        """
        kinds = {
            "unconditional": Clock.REQUEST_REPLY_UNCONDITIONAL,
            "conditional": Clock.REQUEST_REPLY_CONDITIONAL,
        }
        if share_type not in kinds:
            raise ValueError(f"no reply is due for a resource shared as {share_type!r}")
        return self.limits[kinds[share_type]]


def deadlines(folder: Path = FOLDER, local: Path | None = None) -> DeadlineTable:
    """The table in ``folder``, shortened by the ``local`` one if given.

    Raises ``PolicyRefused`` if a section is missing or unknown, a figure is no whole number of
    days, or ``local`` names a longer limit than the national one.
    """
    table = _read(folder / TABLE_FILE)
    national = _national(table)
    return national if local is None else _shortened(national, _read(local))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PolicyRefused(f"{path.name}: {error}") from error


def _national(table: Mapping[str, Any]) -> DeadlineTable:
    try:
        sections, instrument, supplement = table["clock"], table["instrument"], table["supplement"]
        if set(sections) != set(Clock) or set(table) != {"clock", "instrument", "supplement"}:
            raise PolicyRefused(
                f"{TABLE_FILE}: sections differ from the clocks: "
                f"{sorted(set(sections) ^ set(Clock))}"
            )
        limits = {
            Clock(name): _deadline(Clock(name), section, instrument)
            for name, section in sections.items()
        }
        rule = SupplementRule(**supplement)
    except (KeyError, TypeError) as error:
        raise PolicyRefused(f"{TABLE_FILE}: missing or unknown entry: {error}") from error
    for deadline in limits.values():
        _days(f"clock.{deadline.clock}.working_days", deadline.working_days, 1)
        _days(f"clock.{deadline.clock}.extension_working_days", deadline.extension_working_days, 0)
    _check_supplement(rule, TABLE_FILE)
    return DeadlineTable(MappingProxyType(limits), rule)


def _deadline(clock: Clock, section: Mapping[str, Any], instrument: Mapping[str, str]) -> Deadline:
    return Deadline(
        clock=clock,
        extension_conditions=tuple(section.get("extension_conditions", ())),
        national_working_days=section["working_days"],
        instrument_zh=instrument["zh"],
        instrument_en=instrument["en"],
        **{name: value for name, value in section.items() if name != "extension_conditions"},
    )


def _shortened(national: DeadlineTable, local: Mapping[str, Any]) -> DeadlineTable:
    unknown = set(local) - {"clock", "supplement"} | set(local.get("clock", {})) - set(Clock)
    if unknown:
        raise PolicyRefused(f"local deadlines: unknown sections: {sorted(unknown)}")
    limits = dict(national.limits)
    for name, section in local.get("clock", {}).items():
        limits[Clock(name)] = _shorter(limits[Clock(name)], section)
    rule = _shorter_supplement(national.supplement, local.get("supplement", {}))
    return DeadlineTable(MappingProxyType(limits), rule)


def _shorter(national: Deadline, section: Mapping[str, Any]) -> Deadline:
    where = f"local deadlines: clock.{national.clock}"
    if set(section) - {"working_days", "extension_working_days"}:
        raise PolicyRefused(f"{where}: only working_days and extension_working_days can be set")
    days = _days(f"{where}.working_days", section.get("working_days", national.working_days), 1)
    extension = section.get("extension_working_days", national.extension_working_days)
    extension = _days(f"{where}.extension_working_days", extension, 0)
    if days > national.working_days or extension > national.extension_working_days:
        raise PolicyRefused(
            f"{where}: a local limit may be shorter than Art. {national.article} says, never longer"
        )
    return replace(national, working_days=days, extension_working_days=extension)


def _shorter_supplement(national: SupplementRule, section: Mapping[str, Any]) -> SupplementRule:
    where = "local deadlines: supplement"
    if set(section) - {
        "stops_clock",
        "within_working_days_conditional",
        "within_working_days_unconditional",
    }:
        raise PolicyRefused(f"{where}: only stops_clock and the two within_working_days can be set")
    rule = replace(national, **section)
    _check_supplement(rule, where)
    if (
        rule.within_working_days_conditional > national.within_working_days_conditional
        or rule.within_working_days_unconditional > national.within_working_days_unconditional
        or (rule.stops_clock and not national.stops_clock)
    ):
        raise PolicyRefused(
            f"{where}: a local rule may be stricter than the national one, never laxer"
        )
    return rule


def _check_supplement(rule: SupplementRule, where: str) -> None:
    _days(f"{where}: within_working_days_conditional", rule.within_working_days_conditional, 1)
    _days(f"{where}: within_working_days_unconditional", rule.within_working_days_unconditional, 1)
    if rule.times != 1 or not isinstance(rule.stops_clock, bool):
        raise PolicyRefused(f"{where}: everything missing is asked for once (Art. {rule.article})")


def _days(where: str, value: object, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise PolicyRefused(f"{where} must be a whole number of working days, at least {least}")
    return value
