"""The question before an entry is taken down: it cannot be undone."""

from dataclasses import dataclass

from auth.guard import Authorized
from auth.steps import Step
from catalog.resources.lifecycle import TAKE_DOWN, State
from catalog.resources.models import DataResource
from shuqiao.web.forms import Form
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class TakedownPage(Page):
    template = "publication/takedown.html"
    form: Form
    resource: DataResource
    step: Step[State]


def takedown_page(found: Authorized[DataResource], form: Form) -> TakedownPage:
    return TakedownPage(form, found.object, TAKE_DOWN)
