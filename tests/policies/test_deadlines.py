"""The statutory figures, and that a local table can only shorten them."""

from pathlib import Path

import pytest

from policies.deadlines import Clock, deadlines
from policies.subset import PolicyRefused

#: Clock → working days, extension, article (Order 809).
NATIONAL = {
    Clock.REQUEST_REPLY_UNCONDITIONAL: (1, 0, "21"),
    Clock.REQUEST_REPLY_CONDITIONAL: (10, 10, "21"),
    Clock.DELIVERY: (20, 0, "22"),
    Clock.CORRECTION: (10, 0, "26"),
    Clock.CATALOGUE_UPDATE: (10, 5, "17"),
    Clock.CATALOGUE_REVIEW: (2, 0, "17"),
}


def local(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "local.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("clock", Clock)
def test_the_national_limits(clock: Clock) -> None:
    limit = deadlines()[clock]
    assert (limit.working_days, limit.extension_working_days, limit.article) == NATIONAL[clock]
    assert limit.national_working_days == limit.working_days
    assert bool(limit.extension_conditions) == (limit.extension_working_days > 0)
    assert "809" in limit.instrument_zh
    assert limit.must_zh
    assert limit.starts_en


def test_the_reply_depends_on_how_the_resource_is_shared() -> None:
    assert deadlines().reply(share_type="unconditional").working_days == 1
    assert deadlines().reply(share_type="conditional").working_days == 10
    with pytest.raises(ValueError, match="withheld"):
        deadlines().reply(share_type="withheld")


def test_a_supplement_is_asked_for_once_and_early() -> None:
    rule = deadlines().supplement
    assert (rule.times, rule.stops_clock) == (1, True)
    assert (rule.within_working_days_conditional, rule.within_working_days_unconditional) == (5, 1)


def test_a_local_table_shortens(tmp_path: Path) -> None:
    text = (
        "[clock.request_reply_conditional]\nworking_days = 5\n[supplement]\nstops_clock = false\n"
    )
    table = deadlines(local=local(tmp_path, text))
    limit = table[Clock.REQUEST_REPLY_CONDITIONAL]
    assert (limit.working_days, limit.national_working_days, limit.extension_working_days) == (
        5,
        10,
        10,
    )
    assert not table.supplement.stops_clock
    assert table[Clock.DELIVERY] == deadlines()[Clock.DELIVERY]


@pytest.mark.parametrize(
    "text",
    [
        "[clock.request_reply_conditional]\nworking_days = 11",
        "[clock.request_reply_conditional]\nextension_working_days = 11",
        "[clock.request_reply_unconditional]\nextension_working_days = 1",
        "[clock.delivery]\nworking_days = 0",
        "[clock.delivery]\nworking_days = true",
        "[clock.delivery]\nworking_days = 5.5",
        '[clock.delivery]\nworking_days = "5"',
        '[clock.delivery]\narticle = "99"',
        "[clock.delivary]\nworking_days = 5",
        "[supplement]\nwithin_working_days_conditional = 6",
        "[supplement]\ntimes = 2",
        '[supplement]\nstops_clock = "no"',
        "[anything]\nx = 1",
        "not toml",
    ],
)
def test_a_local_table_that_lengthens_or_errs_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PolicyRefused):
        deadlines(local=local(tmp_path, text))
