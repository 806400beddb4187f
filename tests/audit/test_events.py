"""The vocabulary of the trail."""

import re

import pytest

from audit.events import Event


@pytest.mark.parametrize("event", Event, ids=str)
def test_a_tag_names_source_subject_and_what_happened(event: Event) -> None:
    assert re.fullmatch(r"[a-z]+:[a-z_]+:[a-z_]+", event.value)
    assert len(event.value) <= 80
    assert event.label.render("zh_CN") != event.label.render("en")
