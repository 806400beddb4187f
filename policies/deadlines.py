"""The time limits as a table: how many working days, on which basis, how far they can be extended.

Pure figures. Counting them off on the calendar is the desk's work; nothing here knows a date.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from policies.clocks import Clock
from policies.files import LOCAL_FILE, PolicyFiles, packaged
from policies.roles import Role
from policies.subset import PolicyRefused
from shuqiao.limits import Basis, Instrument, Limit

TABLE_FILE = "deadlines.toml"
_SECTIONS = {"clock", "escalation", "instrument", "supplement"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One limit, in working days, first day not counted; a local table
    may not pass ``national_working_days``.

    ``article``: of ``instrument``, a number as in ``21``; empty for what the platform itself sets.
    """

    clock: Clock
    working_days: int
    extension_working_days: int
    extension_conditions: tuple[str, ...]
    national_working_days: int
    basis: Basis
    article: str
    instrument: Instrument
    starts_zh: str
    starts_en: str
    must_zh: str
    must_en: str

    @property
    def given(self) -> Limit:
        """The limit as a clock is started with it."""
        return Limit(self.working_days, self.basis, self.article, self.instrument)


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
class Escalation:
    """The role that is told of a limit once it has been over for so many working days."""

    to: str
    after_working_days: int


@dataclass(frozen=True, slots=True)
class DeadlineTable:
    """All limits, the rule for supplements, and who is told of what is overdue, in this order:
    of a limit of law, and of one of the platform's own.
    """

    limits: Mapping[Clock, Deadline]
    supplement: SupplementRule
    of_law: tuple[Escalation, ...]
    of_policy: tuple[Escalation, ...]

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


@lru_cache(maxsize=1)
def deadlines() -> DeadlineTable:
    """The table of this installation, read once per process."""
    return limits(packaged())


def limits(files: PolicyFiles) -> DeadlineTable:
    """The national table, shortened by the place's own one if it has one.

    Raises ``PolicyRefused`` if a section is missing or unknown, a figure is no whole number of
    days, or the local table names a longer limit than the national one.
    """
    national = _national(_table(files, TABLE_FILE))
    return (
        _shortened(national, _table(files, LOCAL_FILE))
        if LOCAL_FILE in files.content
        else (national)
    )


def _table(files: PolicyFiles, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(files.text(name))
    except ValueError as error:
        if isinstance(error, PolicyRefused):
            raise
        raise PolicyRefused(f"{name}: {error}") from error


def _national(table: Mapping[str, Any]) -> DeadlineTable:
    try:
        differing = (set(table) ^ _SECTIONS) | (set(table["clock"]) ^ set(Clock))
        if differing:
            raise PolicyRefused(f"{TABLE_FILE}: sections differ from the clocks: {differing}")
        instrument = Instrument(**table["instrument"])
        found = {
            Clock(name): _deadline(Clock(name), section, instrument)
            for name, section in table["clock"].items()
        }
        rule = SupplementRule(**table["supplement"])
        ways = {kind: _way(kind, rows) for kind, rows in table["escalation"].items()}
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, PolicyRefused):
            raise
        raise PolicyRefused(f"{TABLE_FILE}: missing or unknown entry: {error}") from error
    for deadline in found.values():
        _days(f"clock.{deadline.clock}.working_days", deadline.working_days, 1)
        _days(f"clock.{deadline.clock}.extension_working_days", deadline.extension_working_days, 0)
    _check_supplement(rule, TABLE_FILE)
    return DeadlineTable(MappingProxyType(found), rule, ways["law"], ways["policy"])


def _way(kind: str, rows: list[dict[str, Any]]) -> tuple[Escalation, ...]:
    """Roles that are there, each later than the one before it."""
    way = tuple(Escalation(**row) for row in rows)
    days = [_days(f"escalation.{kind}", each.after_working_days, 1) for each in way]
    if not {each.to for each in way} <= set(Role) or days != sorted(set(days)):
        raise PolicyRefused(f"{TABLE_FILE}: escalation.{kind}: roles, each later than the last")
    return way


def _deadline(clock: Clock, section: Mapping[str, Any], instrument: Instrument) -> Deadline:
    own = {"article": "", **section, "basis": Basis(section["basis"])}
    if own["basis"] is Basis.LOCAL or own["basis"].is_law != bool(own["article"]):
        raise PolicyRefused(
            f"{TABLE_FILE}: clock.{clock}: statutory with its article, or policy without one"
        )
    conditions = tuple(own.pop("extension_conditions", ()))
    return Deadline(
        clock=clock,
        extension_conditions=conditions,
        national_working_days=section["working_days"],
        instrument=instrument,
        **own,
    )


def _shortened(national: DeadlineTable, local: Mapping[str, Any]) -> DeadlineTable:
    unknown = set(local) - {"instrument", "clock", "supplement"}
    unknown |= set(local.get("clock", {})) - set(Clock)
    if unknown:
        raise PolicyRefused(f"{LOCAL_FILE}: unknown sections: {sorted(unknown)}")
    instrument = _local_instrument(local)
    found = dict(national.limits)
    for name, section in local.get("clock", {}).items():
        found[Clock(name)] = _shorter(found[Clock(name)], section, instrument)
    rule = _shorter_supplement(national.supplement, local.get("supplement", {}))
    return replace(national, limits=MappingProxyType(found), supplement=rule)


def _local_instrument(local: Mapping[str, Any]) -> Instrument:
    """Whoever sets a shorter limit says by which document."""
    named = local.get("instrument")
    needed = {"zh", "en", "number"}
    if not isinstance(named, dict) or not needed <= set(named) <= needed | {"number_en"}:
        raise PolicyRefused(f"{LOCAL_FILE}: [instrument] needs {sorted(needed)}")
    if not all(isinstance(text, str) and text.strip() for text in named.values()):
        raise PolicyRefused(f"{LOCAL_FILE}: [instrument] has an empty entry")
    return Instrument(**named)


def _shorter(national: Deadline, section: Mapping[str, Any], instrument: Instrument) -> Deadline:
    where = f"{LOCAL_FILE}: clock.{national.clock}"
    if set(section) - {"working_days", "extension_working_days", "article"}:
        raise PolicyRefused(
            f"{where}: only working_days, extension_working_days and article can be set"
        )
    article = section.get("article")
    if not isinstance(article, str) or not article.strip():
        raise PolicyRefused(f"{where}: article is missing: the one of {instrument.number}")
    days = _days(f"{where}.working_days", section.get("working_days", national.working_days), 1)
    extension = section.get("extension_working_days", national.extension_working_days)
    extension = _days(f"{where}.extension_working_days", extension, 0)
    if days > national.working_days or extension > national.extension_working_days:
        raise PolicyRefused(
            f"{where}: a local limit may be shorter than Art. {national.article} says, never longer"
        )
    return replace(
        national,
        working_days=days,
        extension_working_days=extension,
        basis=Basis.LOCAL,
        article=article,
        instrument=instrument,
    )


def _shorter_supplement(national: SupplementRule, section: Mapping[str, Any]) -> SupplementRule:
    where = f"{LOCAL_FILE}: supplement"
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
