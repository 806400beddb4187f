"""Where a search finds nothing: the way to a demand."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session

from auth.guard import is_allowed
from catalog.demand.models import DEMANDS
from policies.actions import Action
from shuqiao.subject import Subject


def unfound(_session: Session, subject: Subject, words: str) -> Mapping[str, Any] | None:
    """For whoever may file one; the words that were searched for are its title."""
    if not is_allowed(subject, Action.DEMAND_FILE, DEMANDS):
        return None
    return {
        "href": f"/demands/new?{urlencode({'title': words[:200]})}" if words else "/demands/new"
    }
