"""The one byte form of an event, against an independent implementation of RFC 8785."""

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.canonical import canonical_bytes, leaf_hash

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
KEYS = st.text(st.characters(max_codepoint=126, exclude_categories=("Cs",)), max_size=12)
LARGEST = 2**53 - 1
PLAIN = TEXT | st.booleans() | st.integers(-LARGEST, LARGEST)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.dictionaries(KEYS, VALUES, max_size=8)


@settings(suppress_health_check=[HealthCheck.too_slow])  # of the first draw, on a busy machine
@given(EVENTS)
def test_in_the_profile_the_bytes_are_those_of_jcs(event: dict[str, Any]) -> None:
    assert canonical_bytes(event) == rfc8785.dumps(event)


@given(EVENTS)
def test_the_bytes_say_the_same_and_say_it_once(event: dict[str, Any]) -> None:
    canon = canonical_bytes(event)
    assert json.loads(canon) == event
    assert canonical_bytes(json.loads(canon)) == canon


@pytest.mark.parametrize(
    "outside",
    [
        {"a": 1.0},
        {"a": None},
        {"a": 2**53},
        {"a": -(2**53)},
        {"名": "x"},
        {"a": [{"b": 0.5}]},
        {"a": (1, 2)},
        {"a": b"x"},
        {1: "x"},
        {"a": "\ud800"},
    ],
    ids=repr,
)
def test_what_is_outside_the_profile_is_refused(outside: dict[Any, Any]) -> None:
    # A lone surrogate fails in the encoder, with its own words.
    with pytest.raises(ValueError):  # noqa: PT011
        canonical_bytes(outside)


def test_the_leaf_hash_is_that_of_rfc_9162() -> None:
    assert leaf_hash(b"") == bytes.fromhex(
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert leaf_hash(b"abc") == hashlib.sha256(b"\x00abc").digest()
