"""An edition as it is kept, compiled into what is asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from city1361.platform.assurance.rules.content import (
    CLASSIFICATIONS,
    DUTIES,
    LIMITS,
    PARAMETERS,
    SECTIONS,
    URGENCIES,
    split_key,
)
from city1361.platform.assurance.rules.terms import DutyKind, ParameterKind
from city1361.platform.assurance.rules.values import (
    TOTAL,
    Book,
    Classification,
    Content,
    DutyEntry,
    Limit,
    Parameter,
    Period,
    Phase,
)


def day_of(text: Any) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


def limit_of(given: Mapping[str, Any]) -> Limit:
    return Limit(int(given["amount"]), str(given["unit"]))


def overlaid(city: Content, own: Mapping[str, Any]) -> Content:
    """The city's rules with what a district tightened."""
    made: Content = {section: dict(city[section]) for section in SECTIONS}
    for stage, by in own.get(LIMITS, {}).items():
        made[LIMITS][stage] = {**made[LIMITS][stage], **by}
    for key, entry in own.get(CLASSIFICATIONS, {}).items():
        known = made[CLASSIFICATIONS][key]
        limits = {stage: dict(by) for stage, by in known["limits"].items()}
        for stage, by in entry.get("limits", {}).items():
            limits[stage] = {**limits.get(stage, {}), **by}
        made[CLASSIFICATIONS][key] = {**known, "limits": limits}
    return made


def compiled(edition: UUID, content: Content) -> Book:
    """An edition ready to be asked."""
    entries = {split_key(key): entry for key, entry in content[CLASSIFICATIONS].items()}
    duties: dict[tuple[str, str], list[DutyEntry]] = {}
    for entry in content[DUTIES].values():
        for pattern in entry["types"]:
            duties.setdefault((entry["town"], pattern), []).append(duty_of(entry))
    stems = [pattern for pattern, _ in (*entries, *((one, 0) for _, one in duties)) if pattern.endswith("*")]
    return Book(
        edition=edition,
        limits={stage: _by_urgency(by) for stage, by in content[LIMITS].items()},
        classifications={key: classification_of(*key, entry) for key, entry in entries.items()},
        type_limits={
            key: {stage: _by_urgency(by) for stage, by in entry["limits"].items()}
            for key, entry in entries.items()
            if entry["limits"]
        },
        duties={key: tuple(found) for key, found in duties.items()},
        parameters={code: parameter_of(code, entry) for code, entry in content[PARAMETERS].items()},
        example=bool(content[LIMITS].get(TOTAL, {}).get("example", True)),
        widths=tuple(sorted({len(stem) - 1 for stem in stems}, reverse=True)),
    )


def _by_urgency(by: Mapping[str, Any]) -> dict[str, Limit]:
    return {urgency: limit_of(by[urgency]) for urgency in URGENCIES if urgency in by}


def classification_of(pattern: str, grade: int, entry: Mapping[str, Any]) -> Classification:
    return Classification(
        pattern=pattern,
        grade=grade,
        level=entry["level"],
        lead_line=entry["lead_line"],
        assist_lines=tuple(entry["assist_lines"]),
        filing_condition=entry["filing_condition"],
        closing_condition=entry["closing_condition"],
        phases=tuple(Phase(one["title"], limit_of(one["limit"])) for one in entry["phases"]),
        example=entry["example"],
        source=entry["source"],
    )


def duty_of(entry: Mapping[str, Any]) -> DutyEntry:
    return DutyEntry(
        list=DutyKind(entry["list"]),
        clause=entry["clause"],
        title=entry["title"],
        lead_line=entry["lead_line"],
        reference=entry["reference"],
        example=entry["example"],
        types=tuple(entry["types"]),
        valid_from=day_of(entry["valid_from"]),
        valid_until=day_of(entry["valid_until"]) if entry["valid_until"] else None,
    )


def parameter_of(code: str, entry: Mapping[str, Any]) -> Parameter:
    periods = tuple(
        Period(
            one["value"],
            day_of(one["valid_from"]),
            day_of(one["valid_until"]) if one["valid_until"] else None,
            one["article"],
            one["source"],
            one["verified"],
        )
        for one in entry["periods"]
    )
    return Parameter(code, entry["title"], ParameterKind(entry["kind"]), periods)
