"""The national figures; a local table can only shorten them, and says by which document."""

import shutil
from pathlib import Path

import pytest

from policies.clocks import Clock
from policies.deadlines import Basis, DeadlineTable, deadlines, limits
from policies.files import FOLDER, read
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
#: Clock → working days that the platform sets for what waits inside a department.
POLICY = {
    Clock.UPDATE_NEGATIVE: 10,
    Clock.UPDATE_NEW_DATA: 20,
    Clock.HEAD_CONSENT: 5,
    Clock.SEAT_CHANGE: 3,
    Clock.ENTRY_CORRECTION: 10,
    Clock.OWN_CONSENT: 3,
    Clock.REQUEST_CORRECTION: 10,
    Clock.ELEMENT_INTAKE: 5,
    Clock.ELEMENT_HEARING: 10,
    Clock.ELEMENT_DECISION: 15,
    Clock.ELEMENT_CORRECTION: 10,
    Clock.HELD_EDITION: 5,
    Clock.REFRESH_MENDING: 5,
    Clock.REPEATED_FORM: 10,
    Clock.SUSPENDED_ITEM: 10,
    Clock.CONSULTATION: 10,
    Clock.CONSULTATION_FILING: 10,
    Clock.SYSTEM_CENSUS: 20,
    Clock.CENSUS_CLOSING: 30,
    Clock.SUCCESSION: 20,
    Clock.TEMPLATE_CLOSING: 40,
    Clock.LINE_CLAIM: 10,
    Clock.CLAIM_SETTLING: 5,
    Clock.FILL_REGISTRATION: 15,
    Clock.FILL_PUBLICATION: 15,
    Clock.FILL_DATA: 15,
    Clock.SOURCE_NAMING: 10,
    Clock.SOURCE_COUNTERSIGN: 5,
    Clock.SOURCE_STATEMENT: 5,
    Clock.SOURCE_CONFLICT: 10,
    Clock.DEMAND_ASSIGNMENT: 5,
    Clock.DEMAND_ANSWER: 10,
    Clock.DEMAND_APPLICATION: 20,
    Clock.DEMAND_OBJECTION: 10,
    Clock.DEMAND_MEDIATION: 10,
    Clock.SOURCE_REVIEW_TERM: 10,
    Clock.SOURCE_SUPERIOR: 30,
    Clock.SOURCE_REVIEW: 10,
    Clock.NEGATIVE_REVIEW: 10,
    Clock.NEGATIVE_ANSWER: 5,
    Clock.NEGATIVE_CONTEST: 10,
    Clock.NEGATIVE_CHANGE: 10,
}


#: The document by which a place sets its own limits.
NOTICE = """
[instrument]
zh = "某某自治区政务数据共享管理办法"
en = "Measures of the autonomous region on the sharing of government data"
number = "政办发〔2025〕12号"
"""
REPLY = """
[clock.request_reply_conditional]
working_days = 5
article = "9"
"""


def with_local(tmp_path: Path, text: str) -> DeadlineTable:
    path = tmp_path / "local.toml"
    path.write_text(text, "utf-8")
    return limits(read(FOLDER, path))


@pytest.mark.parametrize("clock", POLICY)
def test_what_the_platform_sets_names_no_article(clock: Clock) -> None:
    limit = deadlines()[clock]
    assert (limit.working_days, limit.basis, limit.article) == (POLICY[clock], Basis.POLICY, "")
    assert set(Clock) == set(NATIONAL) | set(POLICY)


@pytest.mark.parametrize(
    ("section", "fault"),
    [("delivery", ('article = "22"', "")), ("own_consent", ("working", 'article = "20"\nworking'))],
)
def test_law_names_its_article_and_nothing_else_does(
    tmp_path: Path, section: str, fault: tuple[str, str]
) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(FOLDER, folder)
    head, tail = (folder / "deadlines.toml").read_text("utf-8").split(f"[clock.{section}]")
    (folder / "deadlines.toml").write_text(
        f"{head}[clock.{section}]{tail.replace(*fault, 1)}", "utf-8"
    )
    with pytest.raises(PolicyRefused, match=f"{section}: statutory with its article"):
        limits(read(folder))


@pytest.mark.parametrize("clock", NATIONAL)
def test_the_national_limits(clock: Clock) -> None:
    limit = deadlines()[clock]
    assert (limit.working_days, limit.extension_working_days, limit.article) == NATIONAL[clock]
    assert limit.national_working_days == limit.working_days
    assert bool(limit.extension_conditions) == (limit.extension_working_days > 0)
    assert limit.basis is Basis.STATUTORY
    assert limit.instrument.zh == "政务数据共享条例"
    assert limit.instrument.number == "国务院令第809号"
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


def test_a_local_table_shortens_and_says_by_which_document(tmp_path: Path) -> None:
    table = with_local(tmp_path, NOTICE + REPLY + "[supplement]\nstops_clock = false\n")
    limit = table[Clock.REQUEST_REPLY_CONDITIONAL]
    days = (limit.working_days, limit.national_working_days, limit.extension_working_days)
    assert days == (5, 10, 10)
    assert (limit.basis, limit.article) == (Basis.LOCAL, "9")
    assert limit.instrument.number == "政办发〔2025〕12号"
    assert not table.supplement.stops_clock
    assert table[Clock.DELIVERY] == deadlines()[Clock.DELIVERY]


def test_the_hash_in_every_event_covers_the_local_table(tmp_path: Path) -> None:
    path = tmp_path / "local.toml"
    hashes = {read(FOLDER).hash}
    for text in (NOTICE, NOTICE + REPLY):
        path.write_text(text, "utf-8")
        hashes.add(read(FOLDER, path).hash)
    assert len(hashes) == 3


def test_files_changed_under_a_running_process_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "local.toml"
    path.write_text(NOTICE + REPLY, "utf-8")
    files = read(FOLDER, path)
    known = files.hash
    path.write_text(NOTICE + REPLY.replace("5", "3"), "utf-8")
    assert limits(files)[Clock.REQUEST_REPLY_CONDITIONAL].working_days == 5
    assert files.hash == known


@pytest.mark.parametrize(
    "text",
    [
        "[clock.request_reply_conditional]\nworking_days = 11\narticle = '9'",
        "[clock.request_reply_conditional]\nextension_working_days = 11\narticle = '9'",
        "[clock.request_reply_unconditional]\nextension_working_days = 1\narticle = '9'",
        "[clock.delivery]\nworking_days = 0\narticle = '9'",
        "[clock.delivery]\nworking_days = true\narticle = '9'",
        "[clock.delivery]\nworking_days = 5.5\narticle = '9'",
        "[clock.delivery]\nworking_days = '5'\narticle = '9'",
        "[clock.delivery]\nworking_days = 5",
        "[clock.delivery]\nworking_days = 5\narticle = ''",
        "[clock.delivery]\nworking_days = 5\narticle = '9'\nbasis = 'statutory'",
        "[clock.delivary]\nworking_days = 5\narticle = '9'",
        "[supplement]\nwithin_working_days_conditional = 6",
        "[supplement]\ntimes = 2",
        "[supplement]\nstops_clock = 'no'",
        "[anything]\nx = 1",
        "not toml",
    ],
)
def test_a_local_table_that_lengthens_or_errs_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PolicyRefused, match="SHUQIAO_LOCAL_DEADLINES"):
        with_local(tmp_path, NOTICE + text)


@pytest.mark.parametrize("line", NOTICE.strip().splitlines())
def test_a_local_table_without_its_whole_document_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(PolicyRefused, match="SHUQIAO_LOCAL_DEADLINES"):
        with_local(tmp_path, NOTICE.replace(line, "") + REPLY)


def test_a_local_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyRefused, match=r"none\.toml"):
        read(FOLDER, tmp_path / "none.toml")
