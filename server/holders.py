"""What ended departments hold, in the order in which it is named who takes it over: what is asked
and granted goes with its entry, a source conflict with the claims of its sides.
"""

from collections.abc import Sequence

from auth.succession.service.holdings import Holder
from catalog.assignments.service import succession as assigned
from catalog.collection.service import succession as collected
from catalog.conflicts import service as conflicts
from catalog.demand.service import succession as wanted
from catalog.negative.service import succession as withheld
from catalog.proposals.service import succession as proposals
from catalog.sources.service import succession as claims
from catalog.systems.service import succession as systems
from catalog.updates import service as updating
from exchange.grants.service import succession as granted
from exchange.requests import service as asking
from shuqiao.i18n import _


def holders() -> Sequence[Holder]:
    return (*_entries(), *_sources(), *_standards(), *_systems(), *_assigned(), *_exchange())


def _entries() -> Sequence[Holder]:
    return (
        Holder(
            "entry",
            _("Catalogue entries"),
            updating.held_entries,
            updating.succeed,
            follow=(withheld.follow_entry, asking.follow_entry, granted.follow_entry),
        ),
        Holder(
            "negative_entry", _("Entries of the negative list"), withheld.held, withheld.succeed
        ),
        Holder("data", _("New data without an entry"), updating.held_data, updating.succeed_data),
    )


def _sources() -> Sequence[Holder]:
    return (
        Holder(
            "claim",
            _("Sources of data elements"),
            claims.held,
            claims.succeed,
            follow=(conflicts.follow_claim,),
        ),
        Holder(
            "countersign",
            _("Countersigning that is asked for"),
            claims.held_countersigns,
            claims.succeed_countersign,
        ),
        Holder("conflict", _("Source conflicts"), conflicts.held, conflicts.succeed),
    )


def _standards() -> Sequence[Holder]:
    return (
        Holder("proposal", _("Proposals for the standards"), proposals.held, proposals.succeed),
        Holder(
            "opinion",
            _("Opinions that are asked for"),
            proposals.held_opinions,
            proposals.succeed_opinion,
        ),
        Holder(
            "element_draft",
            _("Drafts of data elements"),
            proposals.held_drafts,
            proposals.succeed_draft,
        ),
    )


def _systems() -> Sequence[Holder]:
    return (
        Holder("system", _("Information systems"), systems.held, systems.succeed),
        Holder(
            "census_return",
            _("Reports to the census"),
            systems.held_returns,
            systems.succeed_return,
        ),
        Holder(
            "collection_check",
            _("Checks before collecting"),
            collected.held_checks,
            collected.succeed_check,
        ),
        Holder(
            "repeated_form",
            _("Reports of repeated forms"),
            collected.held_repeats,
            collected.succeed_repeat,
        ),
    )


def _assigned() -> Sequence[Holder]:
    return (
        Holder("demand", _("Demands under way"), wanted.held, wanted.succeed),
        Holder("assignment", _("Assignments under way"), assigned.held, assigned.succeed),
        Holder(
            "list_template",
            _("Drafts of list templates that suggest it"),
            assigned.held_drafts,
            assigned.succeed_draft,
        ),
    )


def _exchange() -> Sequence[Holder]:
    return (
        Holder("request", _("Requests under way"), asking.held, asking.succeed),
        Holder("grant", _("Grants in use"), granted.held, granted.succeed, asks_passing=True),
    )
