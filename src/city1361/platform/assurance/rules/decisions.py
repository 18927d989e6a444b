"""What makes rules sound: no hole, no overlap, a district only tightens; what differs; the compiled edition. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from city1361.platform.assurance.rules.compiling import day_of, limit_of
from city1361.platform.assurance.rules.content import (
    CLASSIFICATIONS,
    DUTIES,
    FOREVER,
    LIMITS,
    PARAMETERS,
    SECTIONS,
    URGENCIES,
    split_key,
)
from city1361.platform.assurance.rules.terms import LimitUnit
from city1361.platform.assurance.rules.values import (
    Book,
    Content,
    Limit,
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, and at which entry: section and key, then the way inside it. `code` names the kind of fault."""

    code: str
    section: str
    key: str
    place: tuple[str | int, ...] = ()
    params: tuple[tuple[str, str], ...] = ()

    @property
    def where(self) -> str:
        return ".".join(str(part) for part in (self.section, self.key, *self.place) if part != "")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs between two editions; None where it was not, or is no longer."""

    section: str
    key: str
    field: str
    before: Any
    after: Any


def flaws(content: Content, stages: tuple[str, ...] = ()) -> list[Flaw]:
    """Everything wrong with a city's rules. stages: the clocks that must have a general limit, when they are known."""
    found = [Flaw("limit_missing", LIMITS, stage) for stage in stages if stage not in content[LIMITS]]
    if stages:
        found += [Flaw("stage_unknown", LIMITS, stage) for stage in content[LIMITS] if stage not in stages]
        found += _unknown_stages(content, stages)
    for code, entry in content[PARAMETERS].items():
        found += _period_flaws(code, entry["periods"])
    return [*found, *_duty_flaws(content[DUTIES])]


def _unknown_stages(content: Content, stages: tuple[str, ...]) -> Iterator[Flaw]:
    for key, entry in content[CLASSIFICATIONS].items():
        for stage in entry["limits"]:
            if stage not in stages:
                yield Flaw("stage_unknown", CLASSIFICATIONS, key, ("limits", stage))


def _period_flaws(code: str, periods: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Where one period does not begin the day after the one before it ends."""
    for i, (earlier, later) in enumerate(pairwise(periods), 1):
        begins = day_of(later["valid_from"])
        ends = day_of(earlier["valid_until"]) if earlier["valid_until"] else FOREVER
        told = (("first", earlier["valid_from"]), ("second", later["valid_from"]))
        if begins <= ends:
            yield Flaw("period_overlap", PARAMETERS, code, ("periods", i), told)
        elif begins > ends + timedelta(days=1):
            yield Flaw("period_hole", PARAMETERS, code, ("periods", i), told)


def _duty_flaws(duties: Mapping[str, dict[str, Any]]) -> Iterator[Flaw]:
    """Two clauses that say something of the same type in the same town at the same time."""
    seen: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    for key, entry in duties.items():
        for i, pattern in enumerate(entry["types"]):
            for other, earlier in seen.get((entry["town"], pattern), []):
                if _meet(entry, earlier):
                    yield Flaw("duty_overlap", DUTIES, key, ("types", i), (("type", pattern), ("other", other)))
            seen.setdefault((entry["town"], pattern), []).append((key, entry))


def _meet(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first, second = sorted((one, other), key=lambda entry: str(entry["valid_from"]))
    return not first["valid_until"] or day_of(second["valid_from"]) <= day_of(first["valid_until"])


# ── a district ───────────────────────────────────────────────────────────────────────────────────────────────────


def looser(mine: Limit, city: Limit, day_minutes: int) -> bool:
    """Whether `mine` may end later than `city`. Natural time never outruns working time; a working day ends at the end
    of a day, so it lasts up to one day longer than its hours."""
    if mine.unit == city.unit:
        return mine.amount > city.amount
    if city.natural and not mine.natural:
        return True
    return _longest(mine, day_minutes) > _shortest(city, day_minutes)


def _longest(limit: Limit, day_minutes: int) -> int:
    if limit.unit == LimitUnit.WORKING_DAY:
        return (limit.amount + 1) * day_minutes
    return limit.amount * (1 if limit.unit == LimitUnit.MINUTE else 60)


def _shortest(limit: Limit, day_minutes: int) -> int:
    if limit.unit == LimitUnit.WORKING_DAY:
        return limit.amount * day_minutes
    return limit.amount * (1 if limit.unit == LimitUnit.MINUTE else 60)


def tightening_flaws(city: Book, own: Mapping[str, Any], day_minutes: int) -> list[Flaw]:
    """What a district may not: a looser limit, another level, a type the city does not have, lists of its own."""
    found = [Flaw("district_section", section, key) for section in (DUTIES, PARAMETERS) for key in own.get(section, {})]
    for stage, by in own.get(LIMITS, {}).items():
        if stage not in city.limits:
            found.append(Flaw("stage_unknown", LIMITS, stage))
            continue
        found += _looser_ones(Flaw("looser", LIMITS, stage), by, city.limits[stage], day_minutes)
    for key, entry in own.get(CLASSIFICATIONS, {}).items():
        found += _classification_flaws(city, key, entry, day_minutes)
    return found


def _classification_flaws(city: Book, key: str, entry: Mapping[str, Any], day_minutes: int) -> Iterator[Flaw]:
    pattern, grade = split_key(key)
    of_city = city.classifications.get((pattern, grade))
    if of_city is None:
        yield Flaw("type_missing", CLASSIFICATIONS, key)
        return
    if entry.get("level", of_city.level) != of_city.level:
        told = (("mine", str(entry["level"])), ("city", of_city.level))
        yield Flaw("level_differs", CLASSIFICATIONS, key, ("level",), told)
    for other in sorted(set(entry) - {"level", "limits"}):
        yield Flaw("district_field", CLASSIFICATIONS, key, (other,))
    for stage, by in entry.get("limits", {}).items():
        if stage not in city.limits:
            yield Flaw("stage_unknown", CLASSIFICATIONS, key, ("limits", stage))
            continue
        known = {urgency: _city_limit(city, pattern, grade, stage, urgency) for urgency in URGENCIES}
        yield from _looser_ones(Flaw("looser", CLASSIFICATIONS, key, ("limits", stage)), by, known, day_minutes)


def _city_limit(city: Book, pattern: str, grade: int, stage: str, urgency: str) -> Limit:
    """What the city says for exactly these types: the narrowest entry that covers all of them."""
    stem = pattern.rstrip("*")
    wider = [pattern, *(f"{stem[:width]}*" for width in city.widths if width < len(stem) or pattern == stem)]
    for one in wider:
        for key in dict.fromkeys(((one, grade), (one, 0))):
            found = city.type_limits.get(key, {}).get(stage, {}).get(urgency)
            if found is not None:
                return found
    return city.limits[stage][urgency]


def _looser_ones(at: Flaw, mine: Mapping[str, Any], city: Mapping[str, Limit], day_minutes: int) -> Iterator[Flaw]:
    for urgency, given in mine.items():
        if urgency not in URGENCIES:
            yield replace(at, code="district_field", place=(*at.place, urgency))
        elif looser(limit_of(given), city[urgency], day_minutes):
            told = (("mine", _said(limit_of(given))), ("city", _said(city[urgency])))
            yield replace(at, place=(*at.place, urgency), params=told)


def _said(limit: Limit) -> str:
    return f"{limit.amount} {limit.unit}"


def still_tighter(city: Book, own: Content, day_minutes: int) -> Content:
    """What is left of a district's tightening under a new edition of the city: what has become looser falls away."""
    kept: Content = {section: {} for section in SECTIONS}
    for stage, by in own.get(LIMITS, {}).items():
        if stage in city.limits:
            fitting = {
                one: given
                for one, given in by.items()
                if not looser(limit_of(given), city.limits[stage][one], day_minutes)
            }
            if fitting:
                kept[LIMITS][stage] = fitting
    for key, entry in own.get(CLASSIFICATIONS, {}).items():
        fitting = _still_tighter_type(city, key, entry, day_minutes)
        if fitting:
            kept[CLASSIFICATIONS][key] = {"limits": fitting}
    return kept


def _still_tighter_type(city: Book, key: str, entry: Mapping[str, Any], day_minutes: int) -> dict[str, Any]:
    (pattern, grade), kept = split_key(key), {}
    if (pattern, grade) not in city.classifications:
        return {}
    for stage, by in entry.get("limits", {}).items():
        fitting = {
            one: given
            for one, given in by.items()
            if stage in city.limits
            and not looser(limit_of(given), _city_limit(city, pattern, grade, stage, one), day_minutes)
        }
        if fitting:
            kept[stage] = fitting
    return kept


# ── differences ──────────────────────────────────────────────────────────────────────────────────────────────────


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every value that differs, in the order of the sections."""
    found: list[Difference] = []
    for section in SECTIONS:
        earlier, later = before.get(section, {}), after.get(section, {})
        for key in sorted(set(earlier) | set(later)):
            old, new = dict(_flat(earlier.get(key))), dict(_flat(later.get(key)))
            found += [
                Difference(section, key, field, old.get(field), new.get(field))
                for field in dict.fromkeys((*old, *new))
                if old.get(field) != new.get(field)
            ]
    return found


def _flat(entry: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(entry, Mapping):
        if set(entry) == {"amount", "unit"}:
            yield path, dict(entry)
            return
        for key, value in entry.items():
            if key not in ("origin", "decided") or path:
                yield from _flat(value, f"{path}.{key}" if path else key)
    elif isinstance(entry, list) and any(isinstance(one, Mapping) for one in entry):
        for i, one in enumerate(entry, 1):
            yield from _flat(one, f"{path}.{i}")
    elif entry not in (None, [], ""):
        yield path, entry
