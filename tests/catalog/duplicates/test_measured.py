"""How right the detector is, on pairs that were labelled before it was written."""

from dataclasses import replace

from fixtures.detecting import item, measured, named, standards
from fixtures.labelled import items

from catalog.duplicates.checks.evidence import evidence
from catalog.duplicates.checks.scoring import THRESHOLD, best
from catalog.duplicates.checks.values import PROVINCES
from catalog.duplicates.words import Signal


def test_the_element_is_among_the_first_three_and_what_is_proposed_is_right() -> None:
    held_back = measured(is_held_back=True)
    assert (held_back.items, held_back.duplicates) == (50, 36)
    # asked for are 0.8 and 0.6; what was reached is held
    assert held_back.recall >= 0.95
    assert held_back.precision >= 0.9
    # what is shown above the threshold is most of what there is, not a choice of the easy ones
    assert held_back.found >= 0.8


def test_the_labels_are_many_and_hard() -> None:
    pairs = list(items())
    true = [each for each in pairs if each.element]
    assert len(true) >= 60
    assert len({each.department for each in pairs}) == 5
    assert sum(len(each.others) for each in pairs) + len(true) >= 200


def test_each_signal_by_itself_says_something() -> None:
    every = {"name", "cover", "definition", "letters", "english", "kind", "prefix", "domain"}
    for signal in ("name", "definition", "letters", "domain"):
        alone = measured(is_held_back=False, without=every - {signal})
        assert alone.recall > 0.25, signal


def test_two_leading_digits_of_division_codes_are_recognised_under_another_name() -> None:
    labelled = next(each for each in items() if each.name == "收发货人注册地编码")
    asked = item(replace(labelled, values=PROVINCES))
    first = next(best(standards(), [asked]))
    assert named(first) == "GB-0001" and first.score >= THRESHOLD
    told = evidence(asked, standards().standards[first.place], first.signals)
    prefix = next(each for each in told if each.signal is Signal.KIND)
    assert (prefix.how, prefix.term, prefix.share) == ("prefix", "2", 100)
