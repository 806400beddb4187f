"""Encodings by content, on vectors for each rule."""

import time
from pathlib import Path

import pytest

from shuqiao.arrow.intake.encodings import decoded_chunks, detect_encoding, guess_warning
from shuqiao.arrow.refusals import DecodeRefused

SIMPLIFIED = (
    "学校代码,学校名称,地址\n001,包头市第一中学,内蒙古自治区包头市昆都仑区\n"
    "002,洛阳市实验小学,河南省洛阳市涧西区\n"
)
TRADITIONAL = "資料集名稱,資料來源\n宜蘭縣宗教團體名冊,民政處宗教禮俗科\n停車場收費標準,交通處\n"

KOREAN = "코드,시도명,청사\n11,서울특별시,중구\n26,부산광역시,연제구\n"
JAPANESE = "コード,都道府県,庁舎の所在地\n1,北海道,札幌市中央区\n13,東京都,新宿区西新宿\n"


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
        (
            b"name,city\nMu\xf1oz,Le\xf3n\nN\xfa\xf1ez,M\xe1laga\nIb\xe1\xf1ez,C\xf3rdoba\n",
            "windows-1252",
            0,
        ),
        (KOREAN.encode("cp949"), "cp949", 0),
        (JAPANESE.encode("cp932"), "cp932", 0),
        (JAPANESE.encode("euc_jp"), "euc_jp", 0),
        ("房屋编号,面积\nA00,20㎡\nA01,21㎡\n".encode("gb18030"), "gb18030", 0),
        (b"a,b\n1,2\n", "utf-8", 0),
    ],
)
def test_each_encoding_is_recognised_and_read(
    tmp_path: Path, data: bytes, name: str, mark: int
) -> None:
    path = written(tmp_path, data)
    found = detect_encoding(path)
    assert (found.name, found.mark_bytes, found.readings) == (name, mark, ())
    assert "".join(decoded_chunks(path, found)) == data[mark:].decode(name)


def test_chinese_in_the_middle_of_a_long_ascii_file_decides(tmp_path: Path) -> None:
    data = (
        b"1,plain\n" * 400_000
        + "2,包头市教育局，内蒙古自治区\n".encode("gb18030")
        + b"3,plain\n" * 400_000
    )
    assert detect_encoding(written(tmp_path, data)).name == "gb18030"


def test_confidence_falls_where_the_rule_is_doubtful(tmp_path: Path) -> None:
    assert detect_encoding(written(tmp_path, SIMPLIFIED.encode("gb18030"))).confidence >= 0.75
    assert detect_encoding(written(tmp_path, b"n\nMu\xf1oz\n")).confidence <= 0.5


@pytest.mark.parametrize(
    ("text", "encoding", "rival"),
    [
        ("code,name\n003,喆堃,8888\n", "gb18030", "cp949"),
        ("name,alias\n嫘祖,x0\n饕餮,x1\n貔貅,x2\n魑魅,x3\n", "gb18030", "cp950"),
        (
            "code,name,en\n001,镕堃,rong kun and many more ascii characters\n002,璟,jing\n",
            "gb18030",
            "windows-1252",
        ),
        ("id,v\n1,25㎡\n2,26㎡\n", "gb18030", "cp950"),
        ("id,学校\n1,2\n", "gb18030", "utf-8"),  # well-formed UTF-8: ѧУ
        ("id,v\n1,·\n", "utf-8", "gb18030"),
        ("id,주소\n1,서울\n", "cp949", "gb18030"),
    ],
)
def test_what_rests_on_a_few_characters_is_a_question(
    tmp_path: Path, text: str, encoding: str, rival: str
) -> None:
    readings = detect_encoding(written(tmp_path, text.encode(encoding))).readings
    assert {encoding, rival} <= set(readings)
    assert (
        readings[0] == encoding or encoding == "cp949"
    )  # of an office on the mainland Chinese is expected first


def test_a_text_that_comes_again_and_again_is_no_more_evidence(tmp_path: Path) -> None:
    rows = "".join(f"{number},{number}㎡\n" for number in range(10_000))
    assert (
        detect_encoding(written(tmp_path, f"id,v\n{rows}".encode("gb18030"))).readings[0]
        == "gb18030"
    )


def test_a_reading_that_fails_further_down_is_none(tmp_path: Path) -> None:
    text = "id,喆堃\n" + "1,plain\n" * 300_000
    found = detect_encoding(written(tmp_path, text.encode("gb18030")))
    assert "cp949" in found.readings
    text += "2,璟䶮\n"  # 䶮 is FE9F, nothing in Korean
    found = detect_encoding(written(tmp_path, text.encode("gb18030")))
    assert "cp949" not in found.readings


def test_windows_1252_is_never_sure(tmp_path: Path) -> None:
    words = "Größe,Straße\nMüller,Höhenweg\nJäger,Überlingen\n" * 50
    found = detect_encoding(written(tmp_path, words.encode("windows-1252")))
    assert (found.name, found.is_sure) == ("windows-1252", False)


def test_a_stated_encoding_wins_and_its_mark_is_skipped(tmp_path: Path) -> None:
    found = detect_encoding(written(tmp_path, SIMPLIFIED.encode("utf-8-sig")), "utf-8")
    assert (found.name, found.mark_bytes) == ("utf-8", 3)
    assert detect_encoding(written(tmp_path, SIMPLIFIED.encode("gb18030")), "cp950").name == "cp950"


@pytest.mark.parametrize("data", [bytes(range(256)) * 10, b"\xff\xfe\0\0a\0\0\0"])
def test_zero_bytes_are_no_text(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DecodeRefused) as caught:
        detect_encoding(written(tmp_path, data))
    assert caught.value.reason == "binary"


def test_an_alphabet_that_is_not_read_is_asked_about(tmp_path: Path) -> None:
    found = detect_encoding(written(tmp_path, "Россия, Москва и область\n".encode("koi8-r") * 20))
    assert found.readings


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DecodeRefused) as caught:
        detect_encoding(written(tmp_path, b"a,b\n\x81\x20,\xff\x8d\n" * 20))
    assert caught.value.reason == "encoding_unknown"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ('"商品编码","单位"\r\n63031210,"\0"\r\n63031220,"千克"\r\n'.encode("gb18030"), 2),
        (
            b"code,name\n001,Zhang\n002,\0\n003,Li\n",
            3,
        ),  # in pairs of bytes it is well-formed UTF-16
        (b"id,x\n" + b"1,\0\n" * 30, 2),
        ("代码,名称\n1,\0\n".encode(), 2),
    ],
)
def test_a_zero_byte_in_a_text_is_told_with_its_line(
    tmp_path: Path, data: bytes, line: int
) -> None:
    with pytest.raises(DecodeRefused) as caught:
        detect_encoding(written(tmp_path, data))
    assert (caught.value.reason, caught.value.facts["line"]) == ("binary", line)


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
    path = written(
        tmp_path, b"x" * 900_000 + b"\n" + "包头市教育局，内蒙古自治区\n".encode("gb18030")
    )
    started = time.process_time()
    assert detect_encoding(path).name == "gb18030"
    assert time.process_time() - started < 1


def test_encodings_in_which_tables_are_seldom_written_are_said(tmp_path: Path) -> None:
    for text, encoding in ((KOREAN, "cp949"), (JAPANESE, "cp932"), (JAPANESE, "euc_jp")):
        (words,) = guess_warning(detect_encoding(written(tmp_path, text.encode(encoding))))
        assert encoding in words.render("en")
    for text, encoding in ((SIMPLIFIED, "gb18030"), (SIMPLIFIED, "utf-8"), (TRADITIONAL, "cp950")):
        assert not guess_warning(detect_encoding(written(tmp_path, text.encode(encoding))))
