"""What departments do in the tests of the negative list: register, publish, look."""

from typing import Any

from fixtures import people
from fixtures.bases import BASIS
from fixtures.worlds import World
from fixtures.written import entry
from sqlmodel import Session, select

from auth.accounts.service.accounts import create_user
from auth.accounts.service.subjects import subject_of
from auth.roles import Role
from catalog.copies import service as copies
from catalog.negative.models import NegativeEntry
from catalog.negative.repository import covers_of
from catalog.publication import service as publishing
from catalog.publication.schemas import ConsentCreate, ReviewCreate
from catalog.registration import service as registration
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.schemas import ResourceCreate, ResourceUpdate
from shuqiao.db import reading, unit_of_work
from shuqiao.subject import Subject

HEADS = {"registrar": "head", "consumer_registrar": "police_head"}


def item(name: str, *, stated: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    """An item as it is written; ``stated``: changes of the basis by which it is withheld."""
    told = {"name": name, "column_name": name, "data_type": "C", **said}
    if stated is not None:
        told |= {"share_type": "withheld", "withholding": {**BASIS, **stated}}
    return told


def body(*items: dict[str, Any], **said: Any) -> dict[str, Any]:
    """A complete entry that is served, so that it needs no file."""
    rest = [*items, item("机构名称")]
    return entry(format="service", share_way="service", items=rest, **said)


def hire_head(world: World) -> None:
    """The police gets a head of department."""
    with unit_of_work() as session:
        user = create_user(
            session,
            Subject.system("cli"),
            account="police_head",
            name="公安负责人",
            roles=frozenset({Role.DEPARTMENT_HEAD}),
            department_code=people.DEPARTMENTS["police"][1],
            password=people.password_of("police_head"),
        )
        world.subjects["police_head"] = subject_of(session, user)


def draft(world: World, *items: dict[str, Any], who: str = "registrar", **said: Any) -> str:
    """A draft; gives its code."""
    with unit_of_work() as session:
        told = ResourceCreate.model_validate(body(*items, **said))
        return registering.register(session, world.subjects[who], told).code


def row(session: Session, code: str, *, lock: bool = False) -> DataResource:
    """The working copy of an entry, or else the entry."""
    found = resources.by_code(session, code, lock=lock)
    assert found is not None
    return resources.working_copy(session, found, lock=lock) or found


def submit(world: World, code: str, who: str = "registrar") -> None:
    with unit_of_work() as session:
        registration.submit(session, world.subjects[who], row(session, code, lock=True))


def consent(world: World, code: str, who: str = "registrar") -> None:
    with unit_of_work() as session:
        head = world.subjects[HEADS[who]]
        publishing.consent(session, head, row(session, code, lock=True), ConsentCreate())


def review(world: World, code: str) -> None:
    with unit_of_work() as session:
        verdict = ReviewCreate.model_validate({"outcome": "published"})
        publishing.review(
            session, world.subjects["data_admin"], row(session, code, lock=True), verdict
        )


def published(world: World, *items: dict[str, Any], who: str = "registrar", **said: Any) -> str:
    """An entry published with these items; gives its code."""
    code = draft(world, *items, who=who, **said)
    for step in (submit, consent):
        step(world, code, who)
    review(world, code)
    return code


def change(world: World, code: str, *items: dict[str, Any], **said: Any) -> None:
    """Another version of a published entry, in a working copy."""
    with unit_of_work() as session:
        found = resources.by_code(session, code, lock=True)
        assert found is not None
        who = world.subjects["registrar"]
        made = copies.open_copy(session, who, found, found.version)
        told = body(*items, **said)
        told.pop("class_code")
        update = ResourceUpdate.model_validate(told)
        registration.edit(session, who, made, update, version=made.version)


def entries(**limits: Any) -> list[NegativeEntry]:
    """All entries in the order in which they were proposed."""
    with reading() as session:
        query = select(NegativeEntry).order_by(NegativeEntry.id)
        found = session.exec(query).all()
        session.expunge_all()
        return [each for each in found if all(getattr(each, k) == v for k, v in limits.items())]


def struck(code: str) -> dict[str, list[str]]:
    """Numbers of the entries that strike each item of a published entry now."""
    with reading() as session:
        found = resources.by_code(session, code)
        assert found is not None
        items = resources.items_of(session, found.id)
        covers = covers_of(session, [each.id for each in items])
        return {each.name: [e.entry_no for e in covers.get(each.id, [])] for each in items}


def shares(code: str) -> dict[str, str]:
    """The raw share attributes of a published entry, which only its owner changes."""
    with reading() as session:
        found = resources.by_code(session, code)
        assert found is not None
        rows = session.exec(select(ResourceItem).where(ResourceItem.resource_id == found.id)).all()
        return {each.name: each.share_type.value for each in rows} | {"": found.share_type.value}
