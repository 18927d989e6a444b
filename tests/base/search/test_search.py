"""The index in PostgreSQL: finds by any piece, gives away ids only, lets nobody read its table."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.ids import new_id
from city1361.base.search import api as search

FREQUENT = st.sampled_from("路井盖上清寺街道人民ＡＢＣabc０１2３4５-，、 é①%_\\'")
MIXED = st.text(st.one_of(FREQUENT, st.characters(codec="utf-8")), max_size=60)
COVER = "上清寺街道 人民路12号门前，污水井盖破损"


def put(text: str, *keys: UUID, kind: str = "matter") -> UUID:
    made = new_id()
    search.index(kind, made, text, keys=keys)
    return made


@pytest.mark.parametrize("q", ["井盖", "污水井盖破损", "人民路12号", "12", "路12", "寺", "１２号", "井盖 人民路", "损"])
def test_any_piece_finds_the_row(db: None, q: str) -> None:
    cover = put(COVER)
    put("朝天门 路灯不亮")
    assert search.matches("matter", q) == [cover]


@pytest.mark.parametrize("q", ["盖井", "井盖路", "清寺道", "井盖 路灯", "13", "门前污"])
def test_characters_must_stand_together(db: None, q: str) -> None:
    put(COVER)
    put("朝天门 路灯不亮")
    assert search.matches("matter", q) == []


def test_the_pieces_of_a_term_found_apart_are_no_match(db: None) -> None:
    """The index holds 井盖 and 盖破 of two places; the term itself stands nowhere."""
    put("井盖一处，瓶盖破损")
    assert search.matches("matter", "井盖破") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=MIXED, data=st.data())
def test_any_part_of_at_least_two_characters_finds_its_row(db: None, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(text) - 2)))
    part = text[start : start + data.draw(st.integers(2, 20))]
    subject = put(text, kind="any")
    try:
        found = search.matches("any", part, limit=10_000)
    except Invalid:
        return
    assert (subject in found) is any(search.fold(part).split())


def test_a_part_of_a_number_finds_it_in_either_case(db: None) -> None:
    numbered = put("SJ990103005202611230187")
    put("SJ990103005202611230188")
    for q in ("sj990103005202611230187", "230187", "0187", "187", "ＳＪ990103005202611230187"):
        assert numbered in search.matches("matter", q), q
    assert search.matches("matter", "0187") == [numbered]


def test_the_newest_come_first_and_the_limit_holds(db: None) -> None:
    made = [put(f"井盖 {number}") for number in range(5)]
    assert search.matches("matter", "井盖") == made[::-1]
    assert search.matches("matter", "井盖", 2) == made[:2:-1]


def test_kinds_are_apart(db: None) -> None:
    area = put("井盖村", kind="area")
    matter = put("井盖")
    assert search.matches("area", "井盖") == [area]
    assert search.matches("matter", "井盖") == [matter]


def test_keys_narrow_before_the_limit(db: None) -> None:
    mine, other = new_id(), new_id()
    old = put(COVER, mine)
    for _ in range(3):
        put(COVER, other)
    assert search.matches("matter", "井盖", 2, within=[mine]) == [old]
    assert len(search.matches("matter", "井盖", within=[mine, other])) == 4
    assert search.matches("matter", "井盖", within=[]) == []


def test_a_row_indexed_again_is_found_by_its_new_text_only(db: None) -> None:
    subject = put(COVER)
    search.index("matter", subject, "路灯", keys=[])
    assert search.matches("matter", "井盖") == []
    assert search.matches("matter", "路灯") == [subject]
    search.index("matter", subject, "路灯", keys=[subject])
    assert search.matches("matter", "路灯", within=[subject]) == [subject]


def test_a_forgotten_row_is_not_found(db: None) -> None:
    subject = put(COVER)
    search.forget("matter", subject)
    assert search.matches("matter", "井盖") == []


def test_several_texts_are_searched_together_but_do_not_run_into_each_other(db: None) -> None:
    subject = new_id()
    search.index("matter", subject, "人民路", "井盖")
    assert search.matches("matter", "人民路 井盖") == [subject]
    assert search.matches("matter", "路井") == []


def test_a_very_long_text_is_cut_and_still_found(db: None) -> None:
    subject = put("桥面" * 9_999 + "尾" + "隧道口")
    assert search.matches("matter", "桥面") == [subject]
    assert search.matches("matter", "隧道口") == []


@pytest.mark.parametrize("q", ["", " ", "，。", "' | *:& !(", "🔥"])
def test_a_query_without_letters_finds_nothing_instead_of_everything(db: None, q: str) -> None:
    put(COVER)
    assert search.matches("matter", q) == []


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", "&", "|", "!", ":*", "\x00"])
def test_signs_with_a_meaning_to_the_database_have_none_in_a_query(db: None, sign: str) -> None:
    subject = put(f"井{sign}盖")
    put("井栏 瓶盖子")
    assert subject in search.matches("matter", f"井{sign}盖")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT content FROM base_search_searchdocument",
        "SELECT count(*) FROM base_search_searchdocument",
        "INSERT INTO base_search_searchdocument VALUES ('x', gen_random_uuid(), '{}', '', '')",
        "UPDATE base_search_searchdocument SET kind = 'x'",
        "DELETE FROM base_search_searchdocument",
    ],
)
def test_the_application_cannot_touch_the_table(db: None, statement: str) -> None:
    put(COVER)
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_what_comes_out_are_ids_and_nothing_else(db: None) -> None:
    put(COVER)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_function_result(oid), prosecdef, proconfig FROM pg_proc WHERE proname = 'city1361_search'"
        )
        result, definer, configuration = cursor.fetchone()
    assert (result, definer) == ("SETOF uuid", True)
    # A definer function that looks names up in the caller's path could be made to run the caller's code.
    assert "search_path=pg_catalog, public, pg_temp" in configuration


def test_a_search_goes_through_the_index(db: None, owner: psycopg.Connection[tuple[object, ...]]) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute(
            "INSERT INTO base_search_searchdocument SELECT 'matter', gen_random_uuid(), '{}', 'x',"
            " array_to_tsvector(ARRAY['甲' || n % 97, '乙' || n]) FROM generate_series(1, 20000) AS n"
        )
        owner.execute("ANALYZE base_search_searchdocument")
        plan = owner.execute(
            "EXPLAIN SELECT subject_id FROM base_search_searchdocument WHERE document @@ '''甲7'' & ''乙104'''::tsquery"
        ).fetchall()
    assert "base_search_pieces" in str(plan)
