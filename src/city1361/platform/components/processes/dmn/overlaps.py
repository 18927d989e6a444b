"""Which rows can hold at once, and what no row decides: told exactly where cells are values, lists and comparisons.

Each column is cut at the values its cells name; between two cuts every value is alike, so one of each suffices.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

from city1361.platform.components.processes.decision_tables import Column, Table

NUMBER = r"-?\d{1,15}(?:\.\d{1,9})?"
TEXT = r'"[^"\\]*"'
LITERAL = re.compile(rf"{NUMBER}|{TEXT}|true|false")
LIST = re.compile(rf"\[\s*(?:(?:{NUMBER}|{TEXT})\s*(?:,\s*(?:{NUMBER}|{TEXT})\s*)*)\]")
COMPARISON = re.compile(rf"\s*it\s*(==|!=|<=|>=|<|>)\s*({NUMBER}|{TEXT}|true|false)\s*")
OTHER = "…"  # any text that no cell names
MOST_POINTS = 20_000
MOST_HOLES = 5
MOST_WORK = 1_000_000
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda one, other: bool(one == other),
    "!=": lambda one, other: bool(one != other),
    "<": lambda one, other: bool(one < other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
}
Test = tuple[tuple[str, Any], ...] | frozenset[Any] | None  # comparisons, one of, anything


def overlaps(table: Table) -> Iterator[tuple[int, int]]:
    """Pairs of rows that certainly can hold at once."""
    masks = [_masks(table, index) for index in range(len(table.inputs))]
    for first, second in itertools.combinations(range(len(table.rules)), 2):
        if all(mask is not None and mask[0][first] & mask[0][second] for mask in masks):
            yield first, second


def holes(table: Table) -> tuple[dict[str, Any], ...]:
    """A few inputs that no row decides; nothing where it cannot be told."""
    masks = [_masks(table, index) for index in range(len(table.inputs))]
    known = [one for one in masks if one is not None]
    size = 1
    for _, points in known:
        size *= len(points)
    if len(known) < len(masks) or size > MOST_POINTS:
        return ()
    found: list[dict[str, Any]] = []
    for place in itertools.product(*(range(len(points)) for _, points in known)):
        held = any(
            all(mask[row] >> at & 1 for (mask, _), at in zip(known, place, strict=True))
            for row in range(len(table.rules))
        )
        if not held:
            values = (points[at] for (_, points), at in zip(known, place, strict=True))
            found.append({column.name: value for column, value in zip(table.inputs, values, strict=True)})
            if len(found) == MOST_HOLES:
                break
    return tuple(found)


def _masks(table: Table, index: int) -> tuple[list[int], list[Any]] | None:
    """For each row, which of the column's points its cell allows."""
    column = table.inputs[index]
    tests = []
    for rule in table.rules:
        test, known = _test(rule.conditions[index], column)
        if not known:
            return None
        tests.append(test)
    points = _points(column, tests)
    if len(points) * len(tests) > MOST_WORK:
        return None
    return [sum(1 << at for at, point in enumerate(points) if _holds(test, point)) for test in tests], points


def _test(text: str, column: Column) -> tuple[Test, bool]:
    if not text:
        return None, True
    if column.type not in ("int", "double", "string", "bool"):
        return None, False
    if LITERAL.fullmatch(text):
        return frozenset({_value(text)}), True
    if LIST.fullmatch(text):
        return frozenset(_value(one) for one in re.findall(rf"{NUMBER}|{TEXT}", text)), True
    parts = [COMPARISON.fullmatch(one) for one in text.split("&&")]
    ordered = any(one and one[1] not in ("==", "!=") for one in parts)
    if all(parts) and not (ordered and column.type == "string"):
        return tuple((one[1], _value(one[2])) for one in parts if one), True
    return None, False


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if text.startswith('"'):
        return text[1:-1]
    return float(text) if "." in text else int(text)


def _holds(test: Test, point: Any) -> bool:
    if test is None:
        return True
    if isinstance(test, frozenset):
        return point in test
    return all(COMPARED[sign](point, value) for sign, value in test)


def _points(column: Column, tests: list[Test]) -> list[Any]:
    if column.type == "bool":
        return [False, True]
    named = {value for test in tests if isinstance(test, frozenset) for value in test}
    named |= {value for test in tests if isinstance(test, tuple) for _, value in test}
    if column.type == "string":
        return [*sorted(named), OTHER]
    if column.type == "int":
        return sorted({value + step for value in named for step in (-1, 0, 1)}) or [0]
    cuts = sorted(float(value) for value in named)
    between = [(one + other) / 2 for one, other in itertools.pairwise(cuts)]
    return sorted({*cuts, *between, cuts[0] - 1, cuts[-1] + 1}) if cuts else [0.0]
