"""From the address to a check or a report, and who may make one."""

from typing import Annotated

from fastapi import Path

from auth.guard import Authorized, may, may_at, may_list
from catalog.collection import repository
from catalog.collection.models import CHECKS, REPEATS, CollectionCheck, RepeatedForm
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.texts import INT4_MAX

CheckNo = Annotated[str, Path(max_length=20, description="Public number, CK-2026-000001")]
RepeatNo = Annotated[str, Path(max_length=20, description="Public number, RF-2026-000001")]
Position = Annotated[int, Path(ge=1, le=INT4_MAX, description="Number of the field")]


def check_seen(no: CheckNo, session: ReadSessionDep) -> CollectionCheck:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


def check_to_change(no: CheckNo, session: SessionDep) -> CollectionCheck:
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def repeat_seen(no: RepeatNo, session: ReadSessionDep) -> RepeatedForm:
    found = repository.repeat_by_no(session, no)
    if found is None:
        raise NotFound
    return found


def repeat_to_change(no: RepeatNo, session: SessionDep) -> RepeatedForm:
    found = repository.repeat_by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


CheckLister = Annotated[Subject, may_list(Action.COLLECTION_READ)]
CheckMaker = Annotated[Subject, may_at(Action.COLLECTION_MAKE, CHECKS)]
ReadableCheck = Annotated[Authorized[CollectionCheck], may(Action.COLLECTION_READ, check_seen)]
EditableCheckSeen = Annotated[Authorized[CollectionCheck], may(Action.COLLECTION_EDIT, check_seen)]
EditableCheck = Annotated[Authorized[CollectionCheck], may(Action.COLLECTION_EDIT, check_to_change)]
RepeatLister = Annotated[Subject, may_list(Action.REPEAT_READ)]
RepeatReporter = Annotated[Subject, may_at(Action.REPEAT_REPORT, REPEATS)]
ReadableRepeat = Annotated[Authorized[RepeatedForm], may(Action.REPEAT_READ, repeat_seen)]
AnswerableRepeat = Annotated[Authorized[RepeatedForm], may(Action.REPEAT_ANSWER, repeat_to_change)]
