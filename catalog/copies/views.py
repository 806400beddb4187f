"""The question before a step that opens, takes back or throws away."""

from dataclasses import dataclass

from auth.guard import Authorized
from auth.steps import Step
from catalog.resources import service as registering
from catalog.resources.lifecycle import CHANGE, State
from catalog.resources.models import DataResource
from shuqiao.web.forms import Form
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class StepPage(Page):
    """``address``: where the answer is sent; ``back``: where nothing happens."""

    template = "copies/step.html"
    form: Form
    resource: DataResource
    step: Step[State]
    address: str
    back: str


def step_page(found: Authorized[DataResource], step: Step[State]) -> StepPage:
    resource = found.object
    back = registering.href(resource) if step is CHANGE else registering.edit_href(resource)
    address = f"/resources/{resource.url_code}/{step.name}"
    return StepPage(Form(), resource, step, address, back)
