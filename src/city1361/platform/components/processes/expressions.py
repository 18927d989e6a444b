"""Conditions and mappings: one text in CEL, typed when a process is published, evaluated on plain values.

The only file that knows which library does it. No expression can run for long, use much memory or reach anything but
the variables it is given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from city1361.platform.components.processes.values import (
    LIST,
    MAP,
    NAME,
    RESERVED,
    TYPES,
    ValueRefused,
    checked,
    moment_text,
    size,
    span_text,
)

LONGEST = 1_000  # characters
MOST_REPEATING = 2  # all, exists, exists_one, map, filter
MOST_VARIABLES = 200
MOST_WORK = 50_000_000  # characters an expression that repeats and adds may produce
MOST_RESULT = 200_000
ITERATIONS = 10_000
REPEATING = re.compile(r"\b(?:all|exists|exists_one|existsOne|map|filter|bind|fold|reduce|transform\w*|sort\w*)\b")
KNOWN_FAILURES = (
    ("Iteration budget", "budget"),
    ("bad_alloc", "budget"),
    ("overflow", "overflow"),
    ("too big", "overflow"),
    ("out of range", "overflow"),
    ("Key not found", "missing"),
    ("No value with name", "missing"),
    ("Index error", "missing"),
    ("zero", "division"),
    ("modulus", "division"),
)


class ExpressionRefused(Exception):
    """A text that is no expression of the expected type over the declared variables."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class ExpressionFailed(Exception):
    """An expression that could not be evaluated on these values."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def check_schema(schema: Mapping[str, str]) -> None:
    """Names and types of variables; raises ExpressionRefused."""
    if len(schema) > MOST_VARIABLES:
        raise ExpressionRefused("schema", f"{len(schema)} variables; {MOST_VARIABLES} are allowed")
    for name, kind in schema.items():
        if not NAME.fullmatch(name) or name in RESERVED:
            raise ExpressionRefused("schema", f"{name!r} cannot name a variable")
        _type(kind)


def _type(text: str, depth: int = 0) -> cel.Type:
    plain = TYPES.get(text)
    if plain:
        return getattr(cel.Type, plain)
    if depth < 4 and (found := LIST.fullmatch(text)):
        return cel.Type.List(_type(found[1], depth + 1))
    if depth < 4 and (found := MAP.fullmatch(text)):
        return cel.Type.Map(cel.Type.STRING, _type(found[1], depth + 1))
    raise ExpressionRefused("schema", f"{text!r} is not a type")


@lru_cache(maxsize=256)
def _environment(schema: tuple[tuple[str, str], ...]) -> cel.Env:
    check_schema(dict(schema))
    return cel.NewEnv(variables={name: _type(kind) for name, kind in schema})


class Expression:
    """A typed expression. Make it once with `compile`, evaluate it often."""

    __slots__ = ("_boolean", "_growing", "_moments", "_program", "expected", "gives", "text")

    def __init__(
        self, text: str, expected: str, program: cel.Expression, moments: tuple[tuple[str, bool], ...]
    ) -> None:
        self.text, self.expected, self._program, self._moments = text, expected, program, moments
        self._boolean = expected == "bool"
        self.gives = _named(program.return_type())
        self._growing = "+" in text and REPEATING.search(text) is not None

    @classmethod
    def compile(cls, text: str, schema: Mapping[str, str], expected: str = "dyn") -> Expression:
        """Check the text against the declared variables; raises ExpressionRefused."""
        if len(text) > LONGEST:
            raise ExpressionRefused("too_long", f"the expression has {len(text)} characters; {LONGEST} are allowed")
        if len(REPEATING.findall(text)) > MOST_REPEATING:
            raise ExpressionRefused("too_deep", f"the expression repeats more than {MOST_REPEATING} times over lists")
        try:
            program = _environment(tuple(sorted(schema.items()))).compile(text)
        except ExpressionRefused:
            raise
        except Exception as error:  # the library raises RuntimeError for whatever is wrong
            raise _refusal(str(error)) from None
        given, wanted = program.return_type(), _type(expected)
        if expected != "dyn" and given not in (wanted, cel.Type.DYN) and not _loosely(given, expected):
            raise ExpressionRefused("type", f"gives {given.name().lower()}, but {expected} is needed")
        moments = tuple(
            (name, kind == "timestamp") for name, kind in schema.items() if kind in ("timestamp", "duration")
        )
        return cls(text, expected, program, tuple(one for one in moments if one[0] in text))

    def evaluate(self, variables: Mapping[str, Any]) -> Any:
        """The value, as plain as JSON; raises ExpressionFailed."""
        if self._growing:
            self._afford(variables)
        if self._moments:
            variables = self._with_moments(variables)
        try:
            value = self._program.eval(data=variables)
            kind = value.type()
            if kind in (cel.Type.ERROR, cel.Type.UNKNOWN):
                raise _failure(str(value.plain_value()))
            if self._boolean and kind == cel.Type.BOOL:
                return value.value()
            return checked(self.expected, _plain(value, [MOST_RESULT]))
        except ExpressionFailed:
            raise
        except ValueRefused as error:
            raise ExpressionFailed("type", str(error)) from None
        except Exception as error:  # the library raises RuntimeError, or MemoryError from below
            raise _failure(str(error)) from None

    def _afford(self, variables: Mapping[str, Any]) -> None:
        """An expression that repeats and adds can double what it holds again and again."""
        largest = size(variables) + len(self.text)
        growth = (self.text.count("+") / MOST_REPEATING + 1) ** MOST_REPEATING
        if largest * growth * min(ITERATIONS, largest) > MOST_WORK:
            raise ExpressionFailed("budget", "the values are too large for an expression that repeats and adds")

    def _with_moments(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(variables)
        for name, is_moment in self._moments:
            if name in found:
                text = found[name]
                found[name] = datetime.fromisoformat(text) if is_moment else timedelta(seconds=float(text[:-1]))
        return found


def _named(kind: cel.Type) -> str:
    """Our word for a type of the library; what we have no word for is only known when it runs."""
    text = kind.name().lower().replace("<", "(").replace(">", ")")
    known = text in TYPES or LIST.fullmatch(text) or MAP.fullmatch(text)
    return text if known else "dyn"


def _loosely(given: cel.Type, expected: str) -> bool:
    """Lists and maps whose elements are only known when they run are checked then."""
    name = given.name()
    return (expected.startswith("list(") and name.startswith("LIST")) or (
        expected.startswith("map(") and name.startswith("MAP")
    )


def _refusal(text: str) -> ExpressionRefused:
    if "recursion" in text:
        return ExpressionRefused("too_deep", "the expression is nested too deeply")
    first = text.splitlines()[0] if text else ""
    where = re.search(r"<input>:1:(\d+): (.*)", first)
    message = f"at character {where[1]}: {where[2]}" if where else first
    return ExpressionRefused(
        "syntax" if "Syntax" in first else "type", message[:300].replace(" [INVALID_ARGUMENT]", "")
    )


def _failure(text: str) -> ExpressionFailed:
    code = next((code for sign, code in KNOWN_FAILURES if sign in text), "type")
    return ExpressionFailed(code, text.split(": ", 1)[-1][:300] or "the expression could not be evaluated")


def _plain(value: cel.Value, left: list[int]) -> Any:
    """The value with ordinary lists and dictionaries, as long as it stays small."""
    inner = value.value()
    left[0] -= 1 + (len(inner) if isinstance(inner, str | bytes) else 0)
    if left[0] < 0:
        raise ExpressionFailed("budget", "the result is too large")
    if isinstance(inner, list):
        return [_plain(one, left) for one in inner]
    if isinstance(inner, dict):
        return {key: _plain(one, left) for key, one in inner.items()}
    if isinstance(inner, datetime):
        return moment_text(inner)
    return span_text(inner) if isinstance(inner, timedelta) else inner
