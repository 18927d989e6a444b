"""Expressions are typed when published; none can run long, use much memory or reach anything else."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city1361.platform.components.processes import expressions
from city1361.platform.components.processes.expressions import Expression, ExpressionFailed, ExpressionRefused
from city1361.platform.components.processes.values import ValueRefused, checked

SCHEMA = {
    "n": "int",
    "x": "double",
    "s": "string",
    "b": "bool",
    "t": "timestamp",
    "d": "duration",
    "items": "list(int)",
    "words": "list(string)",
    "facts": "map(string, dyn)",
    "any": "dyn",
}
VALUES: dict[str, Any] = {
    "n": 3,
    "x": 1.5,
    "s": "西永",
    "b": True,
    "t": "2027-03-01T09:00:00+00:00",
    "d": "3600s",
    "items": [1, 2, 3],
    "words": ["甲", "乙"],
    "facts": {"level": 2, "inner": {"deep": [1]}},
    "any": {"a": None},
}


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("n > 2 && s == '西永'", "bool", True),
        ("n * 2 + 1", "int", 7),
        ("x * 2.0", "double", 3.0),
        ("s + '街道'", "string", "西永街道"),
        ("t + d", "timestamp", "2027-03-01T10:00:00+00:00"),
        ("d + duration('30m')", "duration", "5400s"),
        ("items.filter(i, i > 1)", "list(int)", [2, 3]),
        ("words", "list(string)", ["甲", "乙"]),
        ("facts.inner.deep", "list(int)", [1]),
        ("facts.level", "int", 2),
        ("has(facts.missing) ? facts.missing : 0", "int", 0),
        ("{'a': n}", "map(string, int)", {"a": 3}),
        ("any", "dyn", {"a": None}),
        ("b ? 'ja' : s", "string", "ja"),
        ("t.getHours('Asia/Shanghai')", "int", 17),
        ("size(s)", "int", 2),
    ],
)
def test_an_expression_gives_a_plain_value(text: str, expected: str, value: Any) -> None:
    assert Expression.compile(text, SCHEMA, expected).evaluate(VALUES) == value


@pytest.mark.parametrize(
    ("text", "expected", "code"),
    [
        ("n >", "bool", "syntax"),
        ("", "bool", "syntax"),
        ("missing == 1", "bool", "type"),
        ("n == s", "bool", "type"),
        ("n", "bool", "type"),
        ("b ? 1 : 'a'", "dyn", "type"),
        ("s + 1", "string", "type"),
        ("[1, 2]", "int", "type"),
        ("x > 1", "bool", "type"),
        ("__import__('os')", "dyn", "type"),
        ("open('/etc/passwd')", "dyn", "type"),
        ("s.__class__", "dyn", "type"),
        ("(lambda: 1)()", "dyn", "syntax"),
        ("n > 1 or True", "bool", "syntax"),
        ("(" * 200 + "1" + ")" * 200, "int", "too_deep"),
        ("[" * 100 + "n" + "]" * 100, "dyn", "too_deep"),
        ("+".join(["n"] * 400), "int", "too_deep"),
        ("'" + "a" * 1_000 + "'", "string", "too_long"),
        ("items.map(i, items.map(j, items.map(k, i + j + k)))", "dyn", "too_deep"),
    ],
)
def test_what_is_no_typed_expression_is_refused(text: str, expected: str, code: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        Expression.compile(text, SCHEMA, expected)
    assert refused.value.code == code
    assert refused.value.message


@pytest.mark.parametrize(
    ("text", "change", "code"),
    [
        ("n + 9223372036854775807", {}, "overflow"),
        ("n / 0", {}, "division"),
        ("n % 0", {}, "division"),
        ("facts.missing == 1", {}, "missing"),
        ("items[9]", {}, "missing"),
        ("n + 1", {"n": None}, "type"),
        ("n + 1", {"n": "3"}, "type"),
        ("n + 1", {"n": 2**70}, "overflow"),
        ("int(s)", {}, "type"),
        ("any.a.b", {}, "type"),
        ("items.all(i, items.all(j, i + j >= 0))", {"items": list(range(300))}, "budget"),
        ("words.map(w, w + w + w + w + w + w).map(w, w + w + w + w)", {"words": ["x" * 90_000]}, "budget"),
        ("words.map(w, s)", {"words": ["x"] * 1_000, "s": "y" * 1_000}, "budget"),
        ("{'__class__': n}", {}, "type"),
    ],
)
def test_what_cannot_be_evaluated_fails_with_a_reason(text: str, change: dict[str, Any], code: str) -> None:
    expression = Expression.compile(text, SCHEMA)
    with pytest.raises(ExpressionFailed) as failed:
        expression.evaluate({**VALUES, **change})
    assert failed.value.code == code


def test_a_variable_without_a_value_is_missing_not_empty() -> None:
    with pytest.raises(ExpressionFailed) as failed:
        Expression.compile("n == 0", SCHEMA, "bool").evaluate({})
    assert failed.value.code == "missing"


def test_the_type_of_a_late_value_is_checked_when_it_comes() -> None:
    expression = Expression.compile("facts.level", SCHEMA, "int")
    with pytest.raises(ExpressionFailed) as failed:
        expression.evaluate({"facts": {"level": "two"}})
    assert failed.value.code == "type"


@pytest.mark.parametrize(
    "schema",
    [
        {"__class__": "int"},
        {"Level": "int"},
        {"in": "int"},
        {"a-b": "int"},
        {"": "int"},
        {"n": "float"},
        {"n": "list(list(list(list(list(int)))))"},
        {"n": "map(int, int)"},
        {f"v{number}": "int" for number in range(201)},
    ],
)
def test_a_bad_schema_is_refused(schema: dict[str, str]) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        Expression.compile("1", schema)
    assert refused.value.code == "schema"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", True),
        ("int", 1.0),
        ("int", 2**63),
        ("double", float("nan")),
        ("double", "1"),
        ("string", b"a"),
        ("string", "x" * 100_001),
        ("bool", 1),
        ("timestamp", datetime(2027, 1, 1)),
        ("timestamp", "yesterday"),
        ("duration", 3600),
        ("duration", "1h"),
        ("list(int)", [1, "2"]),
        ("list(int)", "12"),
        ("list(string)", ["x" * 60_000, "y" * 60_000]),
        ("map(string, int)", {"__x": 1}),
        ("map(string, int)", {1: 1}),
        ("dyn", {"a": {"__builtins__": 1}}),
        ("dyn", object()),
        ("dyn", [[[[[[[[[[1]]]]]]]]]]),
        ("dyn", ["x"] * 60_000),
        ("nothing", 1),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(ValueRefused):
        checked(kind, value)


def test_moments_and_spans_become_plain() -> None:
    assert checked("timestamp", datetime(2027, 1, 1, tzinfo=UTC)) == "2027-01-01T00:00:00+00:00"
    assert checked("duration", timedelta(hours=1, milliseconds=500)) == "3600.5s"
    assert checked("dyn", {"a": (1, None, 2.5)}) == {"a": [1, None, 2.5]}
    assert checked("double", 2) == 2.0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.dictionaries(st.sampled_from(sorted(SCHEMA)), st.none() | st.integers() | st.text()))
def test_nothing_else_comes_out_of_it(text: str, values: dict[str, Any]) -> None:
    """Whatever is written and given: a value, or one of the two refusals."""
    with contextlib.suppress(ExpressionRefused, ExpressionFailed):
        checked("dyn", Expression.compile(text, SCHEMA).evaluate(values))


def test_no_other_file_knows_the_library() -> None:
    source = Path(expressions.__file__).parents[4]
    found = [path for path in source.rglob("*.py") if "cel_expr_python" in path.read_text("utf-8")]
    assert found == [Path(expressions.__file__)]


def test_the_worst_expressions_end_soon_in_little_memory() -> None:
    """In a child process with 600 MB and 20 seconds of processor for all of them."""
    program = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from city1361.platform.components.processes.expressions import *
big = {"items": list(range(1000)), "words": ["x" * 900] * 100, "s": "y" * 100_000, "n": 1}
schema = {"items": "list(int)", "words": "list(string)", "s": "string", "n": "int"}
plus = "+".join(["t"] * 9)
for text in (
    "items.all(i, items.all(j, i + j >= 0))",
    f"words.map(t, {plus}).map(t, {plus}).map(t, size(t))",
    f"words.map(t, {plus}).map(t, {plus})",
    f"[s].map(t, {plus}).map(t, {plus})",
    "s.matches('(a+)+(b|c|d)*(y?){50}(y*)*$')",
    "words.map(a, words)",
    "words.map(a, words.map(b, s))",
    "items.map(i, items)",
    "[" * 25 + "1" + "]" * 25,
):
    try:
        Expression.compile(text, schema).evaluate(big)
    except (ExpressionRefused, ExpressionFailed) as error:
        print(text[:40], error.code)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2_000:]
