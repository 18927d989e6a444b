"""No hole, no overlap, and a district only tightens: tried on many made-up rules."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city1361.platform.assurance.rules import compiling, decisions, declared
from city1361.platform.assurance.rules.content import URGENCIES, empty, normal
from city1361.platform.assurance.rules.values import Library, Limit

FIRST = date(2020, 1, 1)
DAY_MINUTES = 420
LIMITS = st.builds(
    Limit, st.integers(1, 60), st.sampled_from(["minute", "natural_hour", "working_hour", "working_day"])
)


def periods(gaps: list[int], lengths: list[int]) -> list[dict[str, Any]]:
    """Periods one after another; gap 0: the day after the one before ends, below: overlap, above: hole."""
    made, begins = [], FIRST
    for i, length in enumerate(lengths):
        until = begins + timedelta(days=length)
        last = i == len(lengths) - 1
        made.append({"valid_from": begins.isoformat(), "valid_until": None if last else until.isoformat(), "value": i})
        begins = until + timedelta(days=1 + (gaps[i] if i < len(gaps) else 0))
    return made


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=2, max_size=6), st.data())
def test_a_hole_or_an_overlap_is_found_where_it_is(lengths: list[int], data: Any) -> None:
    gaps = data.draw(st.lists(st.integers(-1, 3), min_size=len(lengths) - 1, max_size=len(lengths) - 1))
    content = {**empty(), "parameters": {"p": {"title": "p", "kind": "number", "periods": periods(gaps, lengths)}}}
    found = [(flaw.code, flaw.place) for flaw in decisions.flaws(content)]
    wanted = [("period_hole" if gap > 0 else "period_overlap", ("periods", i)) for i, gap in enumerate(gaps, 1) if gap]
    assert found == wanted


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_two_clauses_meet_exactly_when_a_day_has_both(a: int, length: int, b: int, other: int) -> None:
    def clause(start: int, days: int) -> dict[str, Any]:
        begins = FIRST + timedelta(days=start)
        until = begins + timedelta(days=days)
        return {"town": "", "types": ["06*"], "valid_from": begins.isoformat(), "valid_until": until.isoformat()}

    found = decisions.flaws({**empty(), "duties": {"one": clause(a, length), "two": clause(b, other)}})
    shared = set(range(a, a + length + 1)) & set(range(b, b + other + 1))
    assert bool(found) == bool(shared)


def book(limit: Limit) -> Any:
    row = {urgency: {"amount": limit.amount, "unit": limit.unit} for urgency in URGENCIES}
    entry, wrong = normal("classifications", {"level": "town", "lead_line": "x", "source": "s"})
    assert not wrong
    content = {**empty(), "limits": {"total": row}, "classifications": {"06010": entry}}
    return compiling.compiled(UUID(int=1), content), content


def ends(limit: Limit, start: int) -> int:
    """The natural minute a limit ends, worked out minute by minute over weeks of seven hours a day from 9."""
    if limit.unit in ("minute", "natural_hour"):
        return start + limit.amount * (1 if limit.unit == "minute" else 60)
    if limit.unit == "working_day":
        return (start // 1440 + limit.amount) * 1440 + 540 + DAY_MINUTES
    left, now = limit.amount * 60, start
    while left:
        opens = now // 1440 * 1440 + 540
        now = max(now, opens)
        step = min(left, max(opens + DAY_MINUTES - now, 0))
        now, left = (now + step, left - step) if step else (opens + 1440, left)
    return now


@settings(max_examples=300, deadline=None)
@given(LIMITS, LIMITS, st.integers(0, 1439))
def test_a_limit_that_passes_as_tighter_never_ends_later(mine: Limit, city: Limit, start: int) -> None:
    if not decisions.looser(mine, city, DAY_MINUTES):
        assert ends(mine, start) <= ends(city, start)


@settings(max_examples=100, deadline=None)
@given(LIMITS, LIMITS)
def test_a_district_that_passes_has_its_limit_and_one_that_does_not_is_named(mine: Limit, city: Limit) -> None:
    compiled, content = book(city)
    own = {"classifications": {"06010": {"limits": {"total": {"normal": {"amount": mine.amount, "unit": mine.unit}}}}}}
    found = decisions.tightening_flaws(compiled, own, DAY_MINUTES)
    if decisions.looser(mine, city, DAY_MINUTES):
        assert [(flaw.code, flaw.where) for flaw in found] == [("looser", "classifications.06010.limits.total.normal")]
        assert decisions.still_tighter(compiled, own, DAY_MINUTES) == empty()
    else:
        assert found == []
        library = Library(compiling.compiled(UUID(int=2), compiling.overlaid(content, own)), FIRST)
        assert library.total("06010", "normal") == mine
        assert library.total("06010", "urgent") == city


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"classifications": {"99999": {"limits": {}}}}, "type_missing"),
        ({"classifications": {"06010": {"level": "city", "limits": {}}}}, "level_differs"),
        ({"classifications": {"06010": {"lead_line": "y"}}}, "district_field"),
        ({"limits": {"dancing": {"normal": {"amount": 1, "unit": "minute"}}}}, "stage_unknown"),
        ({"parameters": {"p": {}}}, "district_section"),
    ],
)
def test_a_district_does_nothing_but_tighten(own: dict[str, Any], code: str) -> None:
    (flaw,) = decisions.tightening_flaws(book(Limit(3, "working_day"))[0], own, DAY_MINUTES)
    assert flaw.code == code
    assert declared.problem_of(flaw).where.startswith(flaw.section)


FILE = """\
example: true
source: s
valid_from: 2020-01-01
classifications:
  - {types: ["06010", "06011"], level: town, lead_line: a, limits: {total: {normal: 4 working_hour}}}
duties:
  - {list: assisting, clause: 一, title: t, lead_line: a, types: ["06*"], reference: r, valid_from: 2020-01-01}
parameters:
  - code: b_pp
    title: p
    kind: working_hours
    periods:
      - {value: 4, valid_from: 2020-01-01, valid_until: 2020-12-31, article: a, source: s}
      - {value: 5, valid_from: 2021-01-01, article: a, source: s}
"""


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("level: town", "level: moon", "rules.yaml:5"),
        ('"06011"', '"06010"', "rules.yaml:5"),
        ("4 working_hour", "4 fortnights", "rules.yaml:5"),
        ("4 working_hour", "0 working_hour", "rules.yaml:5"),
        ("title: t, lead_line: a", "title: t", "rules.yaml:7"),
        ("value: 5", "value: soon", "rules.yaml:9"),
        ("2021-01-01", "2021-01-02", "rules.yaml:14"),
        ("2021-01-01", "2020-12-31", "rules.yaml:14"),
        ("code: b_pp", "code: returns_before_ruling", "rules.yaml:9"),
        ("valid_from: 2020-01-01\nclass", "limits: {total: {normal: 1 minute, pressing: 1 minute, urgent: 1 minute}}\n"
         "valid_from: 2020-01-01\nclass", "rules.yaml:3"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, where: str) -> None:
    (tmp_path / "rules.yaml").write_text(FILE, "utf-8")
    assert declared.check(tmp_path, package="a/b") == []
    assert old in FILE
    (tmp_path / "rules.yaml").write_text(FILE.replace(old, new, 1), "utf-8")
    assert where in [problem.where for problem in declared.check(tmp_path, package="a/b")]


def test_a_city_without_a_limit_for_a_clock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(FILE, "utf-8")
    found = declared.check(tmp_path, stages=("total", "handling"))
    assert [problem.code for problem in found] == ["limit_missing", "limit_missing"]
