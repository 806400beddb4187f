"""From the address to the entry of the negative list, and to the contest of its basis."""

from typing import Annotated

from fastapi import Path

from auth.guard import Authorized, may, may_at, may_list
from catalog.negative.models import NegativeContest, NegativeEntry
from catalog.negative.repository import entries as repository
from catalog.negative.service.alone import LIST
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

EntryNo = Annotated[
    str, Path(max_length=20, description="Public number, for example NE-2026-000123")
]
ContestNo = Annotated[
    str, Path(max_length=20, description="Public number, for example NC-2026-000123")
]


def to_change(no: EntryNo, session: SessionDep) -> NegativeEntry:
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def to_read(no: EntryNo, session: ReadSessionDep) -> NegativeEntry:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


def contest_to_change(no: ContestNo, session: SessionDep) -> NegativeContest:
    found = repository.contest_by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def contest_to_read(no: ContestNo, session: ReadSessionDep) -> NegativeContest:
    found = repository.contest_by_no(session, no)
    if found is None:
        raise NotFound
    return found


Proposer = Annotated[Subject, may_at(Action.NEGATIVE_PROPOSE, LIST)]
EntryReader = Annotated[Subject, may_list(Action.NEGATIVE_READ)]
ReadableEntry = Annotated[Authorized[NegativeEntry], may(Action.NEGATIVE_READ, to_read)]
WithdrawableEntry = Annotated[Authorized[NegativeEntry], may(Action.NEGATIVE_WITHDRAW, to_change)]
ConsentableEntry = Annotated[Authorized[NegativeEntry], may(Action.NEGATIVE_CONSENT, to_change)]
ReviewableEntry = Annotated[Authorized[NegativeEntry], may(Action.NEGATIVE_REVIEW, to_change)]
KeepableEntry = Annotated[Authorized[NegativeEntry], may(Action.NEGATIVE_KEEP, to_change)]
EndableEntry = Annotated[Authorized[NegativeEntry], may(Action.NEGATIVE_END, to_change)]
ContestableEntry = Annotated[Authorized[NegativeEntry], may(Action.NEGATIVE_CONTEST, to_change)]
ReadableContest = Annotated[Authorized[NegativeContest], may(Action.CONTEST_READ, contest_to_read)]
AnswerableContest = Annotated[
    Authorized[NegativeContest], may(Action.CONTEST_ANSWER, contest_to_change)
]
DecidableContest = Annotated[
    Authorized[NegativeContest], may(Action.CONTEST_DECIDE, contest_to_change)
]
