"""The tables of steps: the page that is made of them, who they say acts, and that whatever they
name is there.
"""

from typing import Any, Final

import pytest
from fixtures import callers

from auth.seats.models import SeatChange
from auth.steps import CONSUMER, PROVIDER, AtWork, DidWork, Lifecycle, Person, Seat, Step
from auth.succession.models import Succession
from auth.who_may import who_may
from catalog.assignments.models import Assignment, ListTemplate
from catalog.collection.models import CollectionCheck, RepeatedForm
from catalog.conflicts.models import SourceConflict
from catalog.demand.models import Demand
from catalog.editions.models import Edition
from catalog.negative.models import NegativeContest, NegativeEntry
from catalog.proposals.models import ElementProposal
from catalog.resources.models import DataResource
from catalog.sources.models import SourceClaim, SourceCountersign
from catalog.systems.models import CensusReturn, InformationSystem, SystemCensus
from catalog.updates.models import CatalogueChange
from exchange.consultations.models import GrantConsultation, GrantFiling
from exchange.deliveries.models import Delivery
from exchange.grants.models import ShareGrant
from exchange.requests.models import ShareRequest
from policies.actions import Action
from policies.facts import Fact, ResourceFacts
from policies.rulebook import rulebook
from server.lifecycles import LIFECYCLES
from server.reference.facts import facts_of
from server.reference.lifecycles import PAGE, document

MODELS = dict(
    zip(
        LIFECYCLES,
        (
            SeatChange,
            Succession,
            ElementProposal,
            InformationSystem,
            CensusReturn,
            SystemCensus,
            CollectionCheck,
            RepeatedForm,
            DataResource,
            SourceClaim,
            SourceCountersign,
            SourceConflict,
            NegativeEntry,
            NegativeContest,
            CatalogueChange,
            Edition,
            Demand,
            ListTemplate,
            Assignment,
            ShareRequest,
            ShareGrant,
            GrantConsultation,
            GrantFiling,
            Delivery,
        ),
        strict=True,
    )
)
FACTS: Final[dict[str, Fact]] = {
    "consumer": "dept-consumer",
    "provider": "dept-provider",
    "owner": "dept-provider",
    "proposed_by": "dept-proposer",
    "author": "somebody-of-the-proposer",
    "applicant": "somebody-of-the-consumer",
    "status": "",
    "share_type": "conditional",
    "has_left": True,
    "writers": frozenset(),
    "consenter": "",
    "department": "dept-concerned",
    "proposer": "somebody-of-the-concerned",
    "by_administration": True,
    "opener": "dept-opener",
    "rival": "dept-rival",
    "actors": frozenset(),
    "decider": "",
    "judge": "dept-judge",
    "is_elsewhere": False,
    "is_referred": False,
    "parties": frozenset(),
    "voices": frozenset(),
    "contester": "",
    "answerer": "",
    "office": "",
    "person": "whose-account",
}
#: What the rules know of each kind of case.
ATTRIBUTES: Final = {
    "DataElement": ("status", "proposed_by"),
    "ElementProposal": ("proposed_by", "author", "has_left"),
    "DataResource": ("owner", "status", "share_type", "has_left", "writers", "consenter"),
    "CatalogueChange": ("owner",),
    "UpdateCauses": (),
    "UpdateCause": ("owner",),
    "SourceClaim": ("department", "proposer", "by_administration", "judge"),
    "SourceCountersign": ("department",),
    "SourceConflict": (
        "opener",
        "rival",
        "actors",
        "decider",
        "judge",
        "is_elsewhere",
        "is_referred",
    ),
    "NegativeList": (),
    "NegativeEntry": ("department", "has_left", "proposer", "consenter"),
    "NegativeContest": ("department", "opener", "actors"),
    "ListTemplate": ("status",),
    "Assignment": ("department", "answerer"),
    "Systems": (),
    "System": ("owner",),
    "Departments": (),
    "SeatChange": ("office", "proposer", "person"),
    "CensusReturn": ("owner",),
    "CollectionChecks": (),
    "Lists": (),
    "CollectionCheck": ("owner",),
    "RepeatedForms": (),
    "RepeatedForm": ("owner",),
    "Demands": (),
    "Demand": ("consumer", "provider", "parties", "voices", "answerer", "contester"),
    "ShareRequest": ("consumer", "provider", "status", "applicant", "has_left"),
    "Grant": ("consumer", "provider", "status"),
    "Consultation": ("consumer", "provider"),
}
#: Every row with its table.
ROWS = [(lifecycle, step) for lifecycle in LIFECYCLES for step in lifecycle.steps]
each_row = pytest.mark.parametrize(
    ("lifecycle", "step"), ROWS, ids=[f"{one.of.msgid}-{step.name}" for one, step in ROWS]
)


def test_the_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), (
        "write it anew: python -m server.reference.lifecycles"
    )


@each_row
def test_whoever_acts_is_whom_the_rules_let(lifecycle: Lifecycle[Any], step: Step[Any]) -> None:
    """The seats of a row and the policies say the same; a single person is a fact of the case."""
    seats = [each for each in step.by if isinstance(each, Seat)]
    assert (step.action is None) == (not step.by)
    if step.action is None or not seats:
        return
    kind = rulebook().by_action[step.action].resource_type
    given = {name: FACTS[name] for name in ATTRIBUTES[kind]}
    if kind == "DataElement":  # what is proposed about one that is in force
        given["status"] = "standard"
    elif step.action is Action.CONFLICT_REFER:
        given["is_elsewhere"] = True
    elif "status" in given:
        given["status"] = str((step.at or step.to)[0])
    allowed = {str(words) for words in who_may(step.action, ResourceFacts(kind, "x", given))}
    assert allowed == {str(seat.label) for seat in seats}


def test_the_action_of_every_row_guards_a_route() -> None:
    apps = (callers.control_app(), callers.data_app())
    guarded = {facts.action for app in apps for facts in facts_of(app).values()}
    assert {step.action for _lifecycle, step in ROWS if step.action} <= guarded


@each_row
def test_columns_and_words_that_a_row_names_are_there(
    lifecycle: Lifecycle[Any], step: Step[Any]
) -> None:
    asked = [step.opens.seat] if step.opens else []
    whom = [*step.by, *asked, *(each for notice in step.tells for each in notice.to)]
    for each in whom:
        if isinstance(each, AtWork | DidWork):  # they are found by their tasks
            continue
        named = each.column if isinstance(each, Person) else each.at
        assert not named or hasattr(MODELS[lifecycle], named)
    assert step.inside in ("", CONSUMER, PROVIDER)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda each: each.of.msgid)
def test_every_state_is_reached_and_every_confirmation_is_one_steps(
    lifecycle: Lifecycle[Any],
) -> None:
    moves = list(lifecycle.moves())
    assert {before for before, _step, _to in moves if before} <= {to for _b, _s, to in moves}
    first, *others = (step for step in lifecycle.steps if not step.at)
    assert first is lifecycle.steps[0]
    assert all(step.action is None for step in others), "other beginnings are the platform's own"
    said = {(step.word, step.name) for step in lifecycle.steps if step.done}
    assert len(said) == len({word for word, _name in said})
