"""How characters are read, and what letters may be as syllables."""

import csv
from pathlib import Path

from shuqiao.readings import read_as, readings, syllables


def test_names_of_places_have_every_reading_that_people_type() -> None:
    assert set(readings("都")) == {"dou", "du"}
    assert ("kun", "du", "lun") in set(read_as("昆都仑"))
    assert ("ke", "shi", "ke", "teng") in set(read_as("克什克腾"))
    assert readings("x") == ()
    assert list(read_as("昆x")) == []


def test_every_name_of_a_place_of_the_sample_can_be_read() -> None:
    areas = Path(__file__).parents[2] / "samples" / "areas.csv"
    with areas.open(encoding="utf-8") as file:
        names = {row["名称"] for row in csv.DictReader(file) if row["代码"].startswith("15")}
    assert names
    assert [name for name in names if not all(map(readings, name))] == []


def test_letters_are_cut_every_way() -> None:
    assert set(syllables("xian")) == {("xian",), ("xi", "an")}
    assert syllables("kundulun") == (("kun", "du", "lun"),)
    assert syllables("hydj") == ()
    assert len(syllables("xian" * 5)) <= 8
