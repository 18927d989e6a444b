"""The canonical form: RFC 8785 for the types of evidence, and a refusal for everything else."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.base.evidence.canonical import canonical, commitment, entry
from city1361.base.kernel.by import By, Subject


class Colour(StrEnum):
    RED = "red"


def test_keys_are_ordered_by_utf_16_units() -> None:
    """The example of RFC 8785 section 3.2.3: an astral character sorts before U+FB33."""
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical(value))) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_text_is_escaped_no_more_than_needed() -> None:
    """The string of RFC 8785 section 3.2.2.2."""
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical(text) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    assert canonical("\x7f\u2028井盖") == '"\x7f\u2028井盖"'.encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (-0.0, "0"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (106.551, "106.551"),
        (1e15, "1000000000000000"),
        (2**53 - 1, "9007199254740991"),
        (-(2**53) + 1, "-9007199254740991"),
        (Colour.RED, '"red"'),
        (Decimal("1.10"), '"1.10"'),
        (UUID(int=5), '"00000000-0000-0000-0000-000000000005"'),
        (date(2026, 11, 22), '"2026-11-22"'),
        (datetime(2026, 11, 22, 15, 4, 5, 6, tzinfo=UTC), '"2026-11-22T15:04:05.000006Z"'),
        (datetime(2026, 11, 22, 23, 4, 5, tzinfo=timezone(timedelta(hours=8))), '"2026-11-22T15:04:05.000000Z"'),
        ((1, [2, {"b": 1, "a": []}]), '[1,[2,{"a":[],"b":1}]]'),
    ],
)
def test_a_value_has_one_form(value: Any, expected: str) -> None:
    assert canonical(value) == expected.encode()


@pytest.mark.parametrize(
    "value",
    [2**53, -(2**53), 1e-7, 1e300, float("nan"), float("inf"), 0.00001, b"x", {1, 2}, object(), {1: "x"}, {None: 1}],
)
def test_what_readers_would_write_differently_is_refused_by_its_place(value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"\.facts\.here|cannot be written"):
        canonical({"facts": {"here": value}})


def test_a_moment_without_zone_and_half_a_character_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        canonical(datetime(2026, 1, 1))
    for value in ("\ud800", {"\udfff": 1}):
        with pytest.raises(ValueError, match="surrogate"):
            canonical(value)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_what_is_written_reads_back_and_is_written_alike(value: Any) -> None:
    once = canonical(value)
    assert json.loads(once) == value
    assert canonical(json.loads(once)) == once
    assert b"\n" not in once


@given(st.floats(1e-4, 1e15) | st.floats(-1e15, -1e-4))
def test_fractions_read_back_exactly(value: float) -> None:
    written = canonical(value).decode()
    assert float(written) == value
    assert "e" not in written


def test_an_entry_names_who_what_and_about_what() -> None:
    by = By(account=UUID(int=1), label="值班员", channel="web", organisation=UUID(int=2), post="duty", trace="t-1")
    canon = entry(
        identifier=UUID(int=9),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        by=by,
        action="execution.admit_matter",
        subject=Subject("matter", UUID(int=3), "SJ1"),
        facts={"level": 2},
        personal=None,
    )
    assert canon.decode() == (
        '{"action":"execution.admit_matter","at":"2026-11-22T00:00:00.000000Z","by":{"account":'
        '"00000000-0000-0000-0000-000000000001","appointment":null,"channel":"web","label":"值班员","on_behalf_of":"",'
        '"organisation":"00000000-0000-0000-0000-000000000002","post":"duty","trace":"t-1"},"facts":{"level":2},'
        '"id":"00000000-0000-0000-0000-000000000009","personal":null,"subject":{"id":'
        '"00000000-0000-0000-0000-000000000003","kind":"matter","label":"SJ1"},"v":1}'
    )


def test_a_commitment_hides_what_it_commits_to() -> None:
    payload = canonical({"phone": "13800000000"})
    assert commitment(b"a" * 32, payload) != commitment(b"b" * 32, payload)
    assert commitment(b"a" * 32, payload) == commitment(b"a" * 32, payload)
    # RFC 4231, test case 2
    assert commitment(b"Jefe", b"what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
