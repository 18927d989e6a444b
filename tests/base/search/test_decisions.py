"""The index entries of a text, without a database."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from city1361.base.kernel.errors import Invalid
from city1361.base.search import decisions

MIXED = st.text(
    st.one_of(st.sampled_from("路井盖上清寺街道人民ＡＢＣabc０１2３4５-，、 é①㎡İßﬃ"), st.characters()), max_size=60
)


def entries_match(expression: str, entries: tuple[str, ...]) -> bool:
    """What PostgreSQL does with the expression, on the entries of one text."""
    for part in expression.split(" & "):
        word, _, prefix = part.partition("':")
        word = word.strip("'")
        if not any(entry.startswith(word) if prefix else entry == word for entry in entries):
            return False
    return True


@given(MIXED, st.data())
def test_any_piece_of_a_text_finds_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : start + data.draw(st.integers(1, 20))]
    try:
        query = decisions.query(piece)
    except Invalid:
        assume(False)
    assume(query is not None)
    assert all(needle in decisions.content(text) for needle in query.needles)
    assert entries_match(query.expression, decisions.bigrams(text))


@given(st.text(max_size=30), st.text(max_size=30))
def test_folding_a_part_gives_a_part_of_the_folded_whole(left: str, right: str) -> None:
    assert decisions.fold(left + right) == decisions.fold(left) + decisions.fold(right)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert decisions.fold(decisions.fold(text)) == decisions.fold(text)


def test_neighbours_are_entries_and_gaps_are_not_bridged() -> None:
    assert decisions.bigrams("人民路、井盖") == ("井盖", "人民", "民路", "盖", "路")
    assert decisions.bigrams("Ａ座12号") == ("12", "2号", "a座", "号", "座1")


def test_latin_runs_have_longer_entries_too() -> None:
    assert decisions.bigrams("SJ500") == tuple(sorted({"sj", "j5", "50", "00", "0", "sj50", "j500"}))
    assert decisions.query("J500").expression == "'j500'"
    assert decisions.query("号J500井").expression == "'号j' & 'j500' & '0井'"


def test_width_case_and_accents_make_no_difference() -> None:
    assert decisions.runs("ＳＪ５００ Straße É①㎡") == ("sj500", "strasse", "e1m2")


def test_a_single_character_is_sought_as_a_beginning() -> None:
    assert decisions.query("桥").expression == "'桥':*"


def test_terms_are_split_at_signs_and_all_needed() -> None:
    assert decisions.query("井盖 上清寺，井盖").needles == ("井盖", "上清寺")


@pytest.mark.parametrize("text", ["", "   ", "，。！", "🔥", "'\\&|!():*"])
def test_a_query_without_letters_asks_for_nothing(text: str) -> None:
    assert decisions.query(text) is None


@pytest.mark.parametrize("text", ["井" * 101, " ".join("一二三四五六七八九")])
def test_a_query_too_long_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="检索词过长"):
        decisions.query(text)
