"""Encodings by content, on vectors for each rule."""

import time
from pathlib import Path

import pytest

from shuqiao.arrow.encodings import decoded_chunks, detect_encoding
from shuqiao.arrow.refusals import DecodeRefused

SIMPLIFIED = (
    "学校代码,学校名称,地址\n001,包头市第一中学,内蒙古自治区包头市昆都仑区\n002,洛阳市实验小学,河南省洛阳市涧西区\n"
)
TRADITIONAL = "資料集名稱,資料來源\n宜蘭縣宗教團體名冊,民政處宗教禮俗科\n停車場收費標準,交通處\n"


def written(folder: Path, data: bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "name", "mark"),
    [
        (SIMPLIFIED.encode(), "utf-8", 0),
        (SIMPLIFIED.encode("utf-8-sig"), "utf-8", 3),
        (b"\xff\xfe" + SIMPLIFIED.encode("utf-16-le"), "utf-16-le", 2),
        (b"\xfe\xff" + SIMPLIFIED.encode("utf-16-be"), "utf-16-be", 2),
        (SIMPLIFIED.encode("utf-16-le"), "utf-16-le", 0),
        (SIMPLIFIED.encode("utf-16-be"), "utf-16-be", 0),
        (SIMPLIFIED.encode("gb18030"), "gb18030", 0),
        (SIMPLIFIED.replace("洛阳", "𠮷㐂").encode("gb18030"), "gb18030", 0),
        (TRADITIONAL.encode("cp950"), "cp950", 0),
        (b"name,city\nMu\xf1oz,Le\xf3n\n", "windows-1252", 0),
        (b"a,b\n1,2\n", "utf-8", 0),
    ],
)
def test_each_encoding_is_recognised_and_read(tmp_path: Path, data: bytes, name: str, mark: int) -> None:
    path = written(tmp_path, data)
    found = detect_encoding(path)
    assert (found.name, found.mark_bytes) == (name, mark)
    assert "".join(decoded_chunks(path, found)) == data[mark:].decode(name)


def test_chinese_in_the_middle_of_a_long_ascii_file_decides(tmp_path: Path) -> None:
    data = b"1,plain\n" * 400_000 + "2,包头市教育局，内蒙古自治区\n".encode("gb18030") + b"3,plain\n" * 400_000
    assert detect_encoding(written(tmp_path, data)).name == "gb18030"


def test_confidence_falls_where_the_rule_is_doubtful(tmp_path: Path) -> None:
    assert detect_encoding(written(tmp_path, SIMPLIFIED.encode("gb18030"))).confidence >= 0.75
    assert detect_encoding(written(tmp_path, b"n\nMu\xf1oz\n")).confidence <= 0.5


def test_a_stated_encoding_wins_and_its_mark_is_skipped(tmp_path: Path) -> None:
    found = detect_encoding(written(tmp_path, SIMPLIFIED.encode("utf-8-sig")), "utf-8")
    assert (found.name, found.mark_bytes) == ("utf-8", 3)
    assert detect_encoding(written(tmp_path, SIMPLIFIED.encode("gb18030")), "cp950").name == "cp950"


@pytest.mark.parametrize("data", [b"a,b\n1,\x002\n", bytes(range(256)) * 10, b"\xff\xfe\0\0a\0\0\0"])
def test_zero_bytes_are_no_text(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DecodeRefused) as caught:
        detect_encoding(written(tmp_path, data))
    assert caught.value.reason == "binary"


def test_nonsense_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(DecodeRefused) as caught:
        detect_encoding(written(tmp_path, "Россия, Москва и область\n".encode("koi8-r") * 20))
    assert caught.value.reason == "encoding_unknown"


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_within_a_character_is_refused_with_its_line(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path, SIMPLIFIED.strip().encode()[:-cut])
    with pytest.raises(DecodeRefused) as caught:
        list(decoded_chunks(path, detect_encoding(path)))
    assert caught.value.reason == "not_this_encoding"
    assert caught.value.detail is not None
    assert caught.value.detail.params["line"] == 3


def test_a_zero_byte_far_into_the_file_is_found_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, b"1,plain\n" * 300_000 + b"2,\0\n")
    with pytest.raises(DecodeRefused) as caught:
        list(decoded_chunks(path, detect_encoding(path)))
    assert (caught.value.reason, caught.value.facts["line"]) == ("binary", 300_001)


def test_long_lines_cost_no_more_than_short_ones(tmp_path: Path) -> None:
    path = written(tmp_path, b"x" * 900_000 + b"\n" + "包头市教育局，内蒙古自治区\n".encode("gb18030"))
    started = time.process_time()
    assert detect_encoding(path).name == "gb18030"
    assert time.process_time() - started < 1
