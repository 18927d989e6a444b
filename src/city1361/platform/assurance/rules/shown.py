"""The library, the lists and the parameters as rows, for pages and HTTP alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from city1361.base.calendar import api as calendar
from city1361.platform.assurance.rules import decisions, queries, words
from city1361.platform.assurance.rules.content import URGENCIES
from city1361.platform.assurance.rules.models import RuleProposal
from city1361.platform.assurance.rules.registered import matter_words
from city1361.platform.assurance.rules.values import EVERYWHERE, TOTAL, Limit, in_force
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

WARN_DAYS = 90


def general(on: date, area: UUID | None) -> list[dict[str, Any]]:
    """The general limits: a row for each clock."""
    book = queries.library(on, area).book
    order = [TOTAL, *matter_words().stages]
    stages = sorted(book.limits, key=lambda one: order.index(one) if one in order else len(order))
    return [{"code": one, "label": words.stage(one), "limits": _limits(book.limits[one])} for one in stages]


def types(on: date, area: UUID | None, *, q: str = "", level: str = "", example: bool = False) -> list[dict[str, Any]]:
    """The classified types, by words of their code, name and lines, and by level."""
    book, names = queries.library(on, area).book, matter_words().types()
    lines = organisations.line_names()
    rows = []
    for (pattern, grade), one in sorted(book.classifications.items()):
        name = words.type_name(pattern, names)
        if (level and one.level != level) or (example and not one.example):
            continue
        if q and not any(
            q.lower() in text.lower()
            for text in (pattern, name, lines.get(one.lead_line, one.lead_line), *_covered(pattern, names))
        ):
            continue
        rows.append(
            {
                "code": pattern,
                "grade": grade,
                "name": name,
                "level": one.level,
                "level_label": gettext(words.LEVEL_LABELS[one.level]),
                "lead_line": one.lead_line,
                "lead_name": lines.get(one.lead_line, one.lead_line),
                "assist_lines": list(one.assist_lines),
                "assist_names": [lines.get(line, line) for line in one.assist_lines],
                "filing_condition": one.filing_condition,
                "closing_condition": one.closing_condition,
                "phases": [{"title": phase.title, "limit": words.limit(phase.limit)} for phase in one.phases],
                "limits": [
                    {"code": stage, "label": words.stage(stage), "limits": _limits(by)}
                    for stage, by in book.type_limits.get((pattern, grade), {}).items()
                ],
                "example": one.example,
                "source": one.source,
            }
        )
    return rows


def _covered(pattern: str, names: Any) -> list[str]:
    """The names of the types that stand under a pattern, so that a search for one finds it."""
    stem = pattern.rstrip("*")
    return [f"{code} {name}" for code, name in names.items() if code.startswith(stem)] if stem != pattern else []


def _limits(by: Any) -> list[dict[str, Any]]:
    return [
        {
            "urgency": one,
            "label": words.urgency(one),
            "amount": by[one].amount,
            "unit": str(by[one].unit),
            "words": words.limit(by[one]),
        }
        for one in URGENCIES
        if one in by and isinstance(by[one], Limit)
    ]


def duties(on: date, town: str = "") -> list[dict[str, Any]]:
    """The lists of a town, its own clauses before those of every town."""
    book, names = queries.library(on).book, matter_words().types()
    lines = organisations.line_names()
    found: dict[str, dict[str, Any]] = {}
    for (place, _), entries in sorted(book.duties.items(), reverse=True):
        if place not in (EVERYWHERE, town):
            continue
        for one in entries:
            if not in_force(one.valid_from, one.valid_until, on):
                continue
            found[f"{place}/{one.clause}"] = {
                "list": one.list.value,
                "list_label": gettext(words.DUTY_LABELS[one.list]),
                "clause": one.clause,
                "title": one.title,
                "lead_line": one.lead_line,
                "lead_name": lines.get(one.lead_line, one.lead_line),
                "types": [{"code": code, "name": words.type_name(code, names)} for code in one.types],
                "reference": one.reference,
                "valid_from": one.valid_from,
                "valid_until": one.valid_until,
                "example": one.example,
                "town": place,
            }
    order = list(words.DUTY_LABELS)
    return sorted(found.values(), key=lambda row: (order.index(row["list"]), row["clause"]))


def parameters(on: date) -> list[dict[str, Any]]:
    """Every parameter with the value of the day and all its periods."""
    rows = []
    for one in queries.library(on).book.parameters.values():
        now = one.on(on)
        rows.append(
            {
                "code": one.code,
                "title": one.title,
                "kind": one.kind.value,
                "now": words.value(one.kind, now.value) if now else "—",
                "periods": [
                    {
                        "value": words.value(one.kind, period.value),
                        "valid_from": period.valid_from,
                        "valid_until": period.valid_until,
                        "article": period.article,
                        "source": period.source,
                        "verified": period.verified,
                        "current": period is now,
                    }
                    for period in one.periods
                ],
            }
        )
    return rows


def changes(row: RuleProposal) -> list[dict[str, str]]:
    """What a proposal changes, against the edition it was made over."""
    before = row.base.content if row.base.area_id == row.area_id else {}
    names = matter_words().types()
    return [words.difference(one, names) for one in decisions.differences(before, row.content)]


def calendar_ends(on: date) -> date | None:
    """The last day whose holidays are announced, when it is near; None while there is time."""
    until = calendar.covered_until()
    return until if until < on + timedelta(days=WARN_DAYS) else None


def districts() -> list[areas.AreaBrief]:
    return areas.children(areas.city().id)
