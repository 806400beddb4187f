"""The way from the catalogue to the checks before collecting."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from auth.guard import is_allowed
from catalog.collection.models import CHECKS
from policies.actions import Action
from shuqiao.subject import Subject


def opening(_session: Session, subject: Subject, _item: str) -> Mapping[str, Any] | None:
    """For whoever may make a check; those who answer repeated forms come by their to-dos."""
    return {} if is_allowed(subject, Action.COLLECTION_MAKE, CHECKS) else None
