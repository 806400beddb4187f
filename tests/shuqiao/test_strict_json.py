import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuqiao import strict_json
from shuqiao.errors import BadRequest, Invalid, ShuqiaoError, TooLarge

SECRET = "机密内容"

plain_text = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20
)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | plain_text
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(plain_text, inner, max_size=5),
)


@given(values)
def test_what_json_writes_is_read_back(value: object) -> None:
    for ascii_only in (True, False):
        assert strict_json.read(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b"[NaN]",
        b"[-Infinity]",
        b"[Infinity]",
        b"[1e999]",
        b"[-1e999]",
        b"[" + b"1" * 5_000 + b"]",
        b'{"name":1,"name":2}',
        b'{"name":1,"n\\u0061me":2}',
        b"[" * 33 + b"]" * 33,
        b"[" * 100_000,
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le"),
        '{"a":1}'.encode("utf-32"),
        f'"{SECRET}"'.encode("gb18030"),
        b'{"a":}',
        b"{'a':1}",
        b'{"a":1}{',
        b"",
        b"[1,]",
        b"[0x10]",
        b"[01]",
        b'"\\x"',
        b'"\n"',
        f'{{"{SECRET}":1,"{SECRET}":2}}'.encode(),
        f'["{SECRET}" nonsense]'.encode(),
    ],
)
def test_malformed_is_refused_without_echo(body: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        strict_json.read(body)
    for language in ("zh_CN", "en"):
        assert refused.value.detail is not None
        assert SECRET not in refused.value.detail.render(language)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"a":1,\n  "a":2}', "Line 2, column 3"),
        (b"[1, NaN]", "Line 1, column 5"),
        (b'{"a":}', "Line 1, column 6"),
    ],
)
def test_position_is_named(body: bytes, place: str) -> None:
    with pytest.raises(BadRequest) as refused:
        strict_json.read(body)
    assert refused.value.detail is not None
    assert refused.value.detail.render("en").startswith(place)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"name":"\\u0000"}', "/name"),
        (b'{"items":[{"a":1},{"b":"\\ud800"}]}', "/items/1/b"),
        (b'{"a/b":{"~":"x\\udc00"}}', "/a~1b/~0"),
        (b'["\\ud83d\\u0041"]', "/0"),
    ],
)
def test_characters_that_are_no_text_name_the_field(body: bytes, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        strict_json.read(body)
    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_surrogate_pairs_and_escaped_backslashes_are_text() -> None:
    assert strict_json.read(b'["\\ud83d\\ude00", "\\\\u0000", "\\\\ud800"]') == [
        "😀",
        "\\u0000",
        "\\ud800",
    ]


def test_depth_limit_is_exact() -> None:
    assert strict_json.read(b"[" * 32 + b"]" * 32) is not None
    with pytest.raises(BadRequest):
        strict_json.read(b"[" * 33 + b"]" * 33)


def test_member_limit_is_exact() -> None:
    assert len(strict_json.read(json.dumps(list(range(12_001))).encode())) == 12_001
    with pytest.raises(TooLarge):
        strict_json.read(json.dumps(list(range(12_002))).encode())


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({f"k{number}": number for number in range(60_000)}).encode(),
        b'"' + b"a" * 1_000_000 + b'"',
        b'"' + b"\\\\" * 500_000,
        b"[" + b'"' * 900_001,
        b" " * 1_000_000,
        b'["' + b"\\u0000" * 160_000,
    ],
)
def test_hostile_megabyte_costs_little(body: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(ShuqiaoError):
        strict_json.read(body)
    assert time.process_time() - started < 1.0
