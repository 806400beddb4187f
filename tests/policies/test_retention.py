"""How long rows are kept: every figure with its reason, and none misread."""

from types import MappingProxyType

import pytest

from policies.files import FOLDER, PolicyFiles, read
from policies.retention import TABLE_FILE, Ended, kept, retentions
from policies.subset import PolicyRefused


def test_every_way_of_ending_says_how_long_and_why() -> None:
    assert set(retentions()) == set(Ended)
    for rule in retentions().values():
        assert rule.days > 0 and rule.reason_zh and rule.reason_en


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("days = 180", "days = 0", "edition.superseded.days must be a whole number, at least 1"),
        ("editions = 3", "edition = 3", "edition.superseded: entries must be"),
        ("[edition.dropped]", "[edition.droped]", "sections must be"),
        ('basis = "policy"', 'basis = "statutory"', "no law sets a figure"),
        ("editions = 3", "editions = true", "must be a whole number"),
    ],
)
def test_a_table_that_errs_is_refused(old: str, new: str, told: str) -> None:
    files = read(FOLDER)
    text = files.text(TABLE_FILE)
    assert old in text
    content = {**files.content, TABLE_FILE: text.replace(old, new, 1).encode()}
    with pytest.raises(PolicyRefused, match=told):
        kept(PolicyFiles(MappingProxyType(content)))
