"""From the address to a value domain, for whoever is signed in; and who may import one."""

from typing import Annotated

from fastapi import Depends, Path

from auth.guard import Place, may_at
from catalog.domains import repository
from catalog.domains.models import ValueDomain
from policies.actions import Action
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.texts import INT4_MAX

DOMAINS = Place("Domains", "domains")

Reader = Annotated[Subject, may_at(Action.DOMAIN_READ, DOMAINS)]
Importer = Annotated[Subject, may_at(Action.DOMAIN_IMPORT, DOMAINS)]

EditionNumber = Annotated[int, Path(ge=1, le=INT4_MAX, description="Counted within the domain")]


def to_read(identifier: str, session: ReadSessionDep, subject: Reader) -> ValueDomain:
    found = repository.by_identifier(session, identifier)
    if found is None:
        raise NotFound
    return found


ReadableDomain = Annotated[ValueDomain, Depends(to_read)]
