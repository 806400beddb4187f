"""Reasons as facts: what is told of a proposal, and what is not."""

from fixtures.detecting import item, named, standards
from fixtures.labelled import Labelled, items, values_of

from catalog.duplicates.checks.evidence import Evidence, evidence, fingerprint
from catalog.duplicates.checks.scoring import THRESHOLD, best
from catalog.duplicates.words import Signal


def _told(labelled: Labelled) -> tuple[str, float, list[Evidence]]:
    asked = item(labelled)
    first = next(best(standards(), [asked], floor=0))
    standard = standards().standards[first.place]
    return named(first), first.score, evidence(asked, standard, first.signals)


def _made(name: str, column: str, values: str) -> Labelled:
    return Labelled("", name, column, "", "C", values_of(values, seed=name), "", ())


def test_values_alone_are_enough() -> None:
    element, score, told = _told(_made("a1", "col7", "@division"))
    assert element == "GB-0001" and score >= THRESHOLD
    assert [(each.signal, each.how, each.share) for each in told] == [
        (Signal.KIND, "form", 100),
        (Signal.DOMAIN, "codes", 100),
    ]


def test_a_name_is_told_as_it_fits() -> None:
    assert _told(_made("区划代码", "qhdm", "@division"))[2][0] == Evidence(
        Signal.NAME, "synonym", "区划代码"
    )
    assert _told(_made("患者身份证号", "sfz", "@identity_number"))[2][0] == Evidence(
        Signal.NAME, "holds", "公民身份号码"
    )


def test_what_speaks_against_is_told_too() -> None:
    told = _told(_made("公民身份号码", "gmsfhm", "@phone"))[2]
    assert Evidence(Signal.KIND, "other", is_against=True) in told


def test_no_value_is_among_the_reasons() -> None:
    for labelled in items()[:20]:
        text = repr(_told(labelled)[2])
        assert not any(len(value) > 3 and value in text for value in labelled.values)


def test_reasons_survive_being_kept_and_small_shares_do_not_change_them() -> None:
    told = _told(_made("a1", "col7", "@division"))[2]
    assert [Evidence.of(each.kept()) for each in told] == told
    close = [Evidence(Signal.DOMAIN, "codes", share=91)]
    assert fingerprint(close) == fingerprint([Evidence(Signal.DOMAIN, "codes", share=95)])
    assert fingerprint(close) != fingerprint([Evidence(Signal.DOMAIN, "codes", share=71)])
    assert fingerprint(close) != fingerprint(close + told)
