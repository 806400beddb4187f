"""Two people act on one working copy at the same moment: one of them wins, whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest
from fixtures.worlds import World
from sqlmodel import Session

from catalog.copies import service as copies
from catalog.publication import service as publication
from catalog.publication.schemas import ConsentCreate, ReviewCreate
from catalog.registration import service as registration
from catalog.resources import repository
from catalog.resources.access import in_work
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import PreconditionFailed
from shuqiao.subject import Subject

At = Callable[[str], World]
Act = Callable[[Session, Subject, DataResource], object]


def publish(session: Session, subject: Subject, resource: DataResource) -> object:
    body = ReviewCreate.model_validate({"outcome": "published"})
    return publication.review(session, subject, resource, body)


def recall(session: Session, subject: Subject, resource: DataResource) -> object:
    return copies.recall(session, subject, resource, resource.version)


def acted(world: World, who: str, act: Act, barrier: Barrier | None = None) -> bool:
    """Whether the step was taken, in a transaction of its own, as a route does it."""
    if barrier:
        barrier.wait()
    try:
        with unit_of_work() as session:
            subject = world.subjects[who]
            act(session, subject, in_work(world.resource_code, session, subject))
    except (NotPossibleNow, PreconditionFailed):
        return False
    return True


@pytest.mark.parametrize(
    ("who", "other"),
    [("data_admin", publish), ("registrar", recall)],
    ids=["published twice", "published and taken back"],
)
def test_one_of_two_steps_at_the_same_moment_is_taken(
    committed_world: At,
    who: str,
    other: Act,
) -> None:
    world = committed_world("changing_resource")
    assert acted(
        world,
        "registrar",
        lambda session, subject, resource: registration.submit(session, subject, resource),
    )
    assert acted(
        world,
        "head",
        lambda session, subject, resource: publication.consent(
            session, subject, resource, ConsentCreate()
        ),
    )
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(copy_context().run, acted, world, "data_admin", publish, barrier)
        second = pool.submit(copy_context().run, acted, world, who, other, barrier)
        outcome = [first.result(), second.result()]
    assert sorted(outcome) == [False, True]
    with reading() as session:
        entry = repository.by_id(session, world.resource_id)
        copy = repository.working_copy(session, entry)
        is_published = other is publish or outcome[0]
        assert entry.status is ResourceStatus.PUBLISHED
        assert entry.published_version == (2 if is_published else 1)
        assert (copy is None) is is_published
        assert len(publication.versions(session, entry)) == entry.published_version
