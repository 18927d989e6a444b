"""The logs: one JSON object per line, made of fields that somebody thought about. Nothing here may hold personal data.

Ours say what happened by a fixed sentence and named fields of ALLOWED; other fields are dropped. Of foreign loggers
only the sentence is kept, not what was put into it (Django's "Not Found: %s" would tell addresses with what people
typed). Of an error its kind, its place and what PostgreSQL says of the rule that was broken; never its message, which
may quote rows.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from city1361.base.kernel import trace

OURS = "city1361"
ALLOWED = frozenset(
    {
        "account", "application", "attempt", "cpu_ms", "event", "job", "kind", "level", "lost", "method", "milliseconds",
        "name", "permissions", "program", "reaction", "reason", "route", "seconds", "size", "state", "status", "task",
        "what",
    }
)  # fmt: skip
"""Ids, codes and counts. A field nobody thought about is dropped, not logged."""

FRAMES = 8
_OF_POSTGRESQL = ("sqlstate", "constraint_name", "table_name", "column_name")


def fields(**given: object) -> dict[str, dict[str, object]]:
    """The named fields of a line: `logger.info("request", extra=fields(route=…, status=…))`."""
    return {"fields": given}


class AllowedJson(logging.Formatter):
    """A line of JSON from a record, by the allow-list."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name == OURS or record.name.startswith(f"{OURS}.")
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": record.getMessage() if ours else str(record.msg)[:200],
        }
        if found := trace.current():
            line["trace"] = found
        named = getattr(record, "fields", {})
        line |= {name: told for name, told in named.items() if name in ALLOWED and told not in (None, "")}
        if record.exc_info and record.exc_info[1]:
            line |= error_of(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def error_of(error: BaseException, where: TracebackType | None = None) -> dict[str, Any]:
    """What may be said of an error: its kind, what it came from, where it was raised."""
    frames = traceback.extract_tb(where or error.__traceback__)[-FRAMES:]
    told: dict[str, Any] = {
        "error": type(error).__name__,
        "at_code": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    diagnosis = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    told |= {name: text for name in _OF_POSTGRESQL if (text := getattr(diagnosis, name, None))}
    if error.__cause__ is not None:
        told["caused_by"] = type(error.__cause__).__name__
    return told


def _short(filename: str) -> str:
    for mark in ("/site-packages/", "/src/"):
        if mark in filename:
            return filename.rsplit(mark, 1)[1]
    return filename.rsplit("/", 1)[-1]


def configure(level: str, stream: Any = None) -> None:
    """Send everything this process logs to standard error, line by line. Once, where a program begins."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(AllowedJson())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for talkative in ("procrastinate", "uvicorn", "PIL"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
