"""Values of process variables: as plain as JSON, each of its declared type, none too large."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "package",
        "namespace",
        "null",
        "return",
        "true",
        "var",
        "void",
        "while",
    ]
)
# Our word for a type, and what the expression library calls it.
TYPES = {
    "bool": "BOOL",
    "int": "INT",
    "double": "DOUBLE",
    "string": "STRING",
    "timestamp": "TIMESTAMP",
    "duration": "DURATION",
    "dyn": "DYN",
}
LIST = re.compile(r"list\((.{1,100})\)")
MAP = re.compile(r"map\(string, ?(.{1,100})\)")
SPAN = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?s")
LARGEST = 100_000  # characters and items of one value
DEEPEST = 8
INT_LIMIT = 2**63


class ValueRefused(Exception):
    """A value that is not of its declared type, or too large."""


def moment_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueRefused("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat()


def span_text(span: timedelta) -> str:
    return f"{span.total_seconds():.6f}".rstrip("0").rstrip(".") + "s"


def checked(kind: str, value: Any) -> Any:
    """The value as JSON, if it is of that type; raises ValueRefused."""
    check = PLAIN.get(kind)
    if check is None:
        return _composite(kind, value)
    if check(value):
        return value
    if kind == "double" and PLAIN["int"](value):
        return float(value)
    raise ValueRefused(f"{_shown(value)} is not of type {kind}")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -INT_LIMIT <= value < INT_LIMIT


PLAIN: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str) and len(value) <= LARGEST,
    "int": _is_int,
    "bool": lambda value: isinstance(value, bool),
    "double": lambda value: isinstance(value, float) and math.isfinite(value),
}


def _composite(kind: str, value: Any) -> Any:
    if kind == "timestamp":
        return _moment(value)
    if kind == "duration":
        return _span(value)
    if kind == "dyn":
        return _json(value, [LARGEST], 0)
    if (found := LIST.fullmatch(kind)) and isinstance(value, list | tuple) and size(value) <= LARGEST:
        return [checked(found[1], one) for one in value]
    if (found := MAP.fullmatch(kind)) and isinstance(value, Mapping) and size(value) <= LARGEST:
        return {_key(key): checked(found[1], one) for key, one in value.items()}
    raise ValueRefused(f"{_shown(value)} is not of type {kind}")


def _moment(value: Any) -> str:
    try:
        return moment_text(value if isinstance(value, datetime) else datetime.fromisoformat(value))
    except (ValueError, TypeError, OverflowError):
        raise ValueRefused(f"{_shown(value)} is not a moment") from None


def _span(value: Any) -> str:
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, str) and SPAN.fullmatch(value):
        return value
    raise ValueRefused(f"{_shown(value)} is not a span of time such as 3600s")


def _json(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1 + (len(value) if isinstance(value, str) else 0)
    if left[0] < 0 or depth > DEEPEST:
        raise ValueRefused("the value is too large or nested too deeply")
    if isinstance(value, list | tuple):
        return [_json(one, left, depth + 1) for one in value]
    if isinstance(value, Mapping):
        return {_key(key): _json(one, left, depth + 1) for key, one in value.items()}
    return _plain_json(value)


def _plain_json(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return checked("int" if isinstance(value, int) else "double", value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, timedelta):
        return span_text(value)
    raise ValueRefused(f"{_shown(value)} cannot be kept")


def _key(key: Any) -> str:
    if not isinstance(key, str) or key.startswith("__") or len(key) > 200:
        raise ValueRefused(f"{_shown(key)} cannot be a key")
    return key


def size(value: Any) -> int:
    """Characters and items of a value, found without recursion."""
    total, waiting = 0, [value]
    while waiting and total <= 10 * LARGEST:
        one = waiting.pop()
        total += 1
        if isinstance(one, str):
            total += len(one)
        elif isinstance(one, Mapping):
            total += sum(len(str(key)) for key in one)
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
    return total


def _shown(value: Any) -> str:
    return repr(value)[:60] if isinstance(value, str | float | bool | None) else type(value).__name__
