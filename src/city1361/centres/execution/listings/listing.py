"""The filter bar of a list, its lines and its counts, as the page wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Level, Scope
from city1361.base.ui import api as ui
from city1361.centres.execution import api, presentation
from city1361.centres.execution.listings.counting_terms import COUNTED_LABELS
from city1361.centres.execution.presentation import Tag
from city1361.centres.execution.terms import CHANNEL_LABELS, STATE_LABELS, TAB_LABELS, URGENCY_LABELS, Due, Tab
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

DUE_LABELS = {Due.SOON: "2小时内到期", Due.OVERDUE: "超时"}
NAMES = {
    "q": "包含",
    "state": "状态",
    "matter_type": "类型",
    "category": "类别",
    "urgency": "紧急程度",
    "channel": "来源",
    "area": "区域",
    "lead": "主办",
    "due": "期限",
    "since": "从",
    "until": "到",
    "counted": "统计口径",
    "period": "统计期",
}
Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A matter in the table."""

    id: UUID
    number: str
    address: str
    title: str
    kind: str
    place: str
    where: str
    state: Tag
    urgency: Tag
    lead: str
    due: ui.Clock | None
    reported_at: datetime
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is set, and the address of the list without it."""

    name: str
    value: str
    without: str


def lines(rows: Sequence[api.MatterRow]) -> list[Line]:
    """The table."""
    working = presentation.working_day() if rows else 0
    return [_line(row, working) for row in rows]


def _line(row: api.MatterRow, working: int) -> Line:
    late = row.total.overdue or (row.stage is not None and row.stage.overdue)
    marks = [(row.reopened_count, _("重开")), (row.recurs, _("反复")), (row.synthetic, _("合成示例"))]
    return Line(
        id=row.id,
        number=row.number,
        address=reverse("matter", args=[row.id]),
        title=row.title,
        kind=row.type_name,
        place=row.place,
        where=row.address,
        state=presentation.state_tag(row.state, overdue=late),
        urgency=presentation.urgency_tag(row.urgency),
        lead=row.lead,
        due=presentation.clock(row.total, working),
        reported_at=row.reported_at,
        marks=tuple(word for said, word in marks if said),
    )


def bar(by: By, scope: Scope, wanted: api.Wanted, tab: Tab) -> dict[str, Any]:
    """Choices of every filter, which of them are set, and how the list reads without each."""
    types = api.matter_types(category=wanted.category)
    return {
        "wanted": wanted,
        "tab": tab.value,
        "tabs": [(one.value, _(TAB_LABELS[one])) for one in (Tab.ALL, Tab.TODO, Tab.DOING, Tab.DONE)],
        "states": _options(STATE_LABELS),
        "urgencies": _options(URGENCY_LABELS),
        "channels": _options(CHANNEL_LABELS),
        "dues": _options(DUE_LABELS),
        "categories": [(one.code, _(one.name)) for one in api.categories()],
        "types": _by_class(types),
        "places": places(scope, wanted.area),
        "leads": leads(scope, wanted.area),
        "flags": [(flag.value, _(label), flag in wanted.flags) for flag, label in flags_for(scope)],
        "chosen": chosen(wanted, tab),
        "more_open": any((wanted.matter_type, wanted.channel, wanted.lead, wanted.since, wanted.until, wanted.flags)),
    }


def flags_for(scope: Scope) -> list[tuple[api.Flag, str]]:
    """The marks this person may narrow to."""
    sees = scope.allows(api.IntakePermission.READ_SENSITIVE)
    return [(flag, label) for flag, label in api.FLAG_LABELS.items() if flag is not api.Flag.SENSITIVE or sees]


def chosen(wanted: api.Wanted, tab: Tab) -> list[Chosen]:
    """Every filter that is set, each with a way to take it off."""
    home = reverse("desk_search")
    names = [name for name in wanted.values() if name != "flags"]
    made = [Chosen(_(NAMES[name]), _said(wanted, name), _address(home, wanted.without(name), tab)) for name in names]
    if wanted.flags:
        words = "、".join(_(api.FLAG_LABELS[flag]) for flag in wanted.flags)
        made.append(Chosen(_("标记"), words, _address(home, wanted.without("flags"), tab)))
    return made


def _address(home: str, wanted: api.Wanted, tab: Tab) -> str:
    query = wanted.query(tab="" if tab is Tab.ALL else tab.value)
    return f"{home}?{query}" if query else home


def _said(wanted: api.Wanted, name: str) -> str:
    value = getattr(wanted, name)
    labels: dict[str, Any] = {
        "state": STATE_LABELS, "urgency": URGENCY_LABELS, "channel": CHANNEL_LABELS, "due": DUE_LABELS,
        "counted": COUNTED_LABELS,
    }  # fmt: skip
    if name in labels:
        return _(labels[name][value])
    if name == "category":
        return next((_(one.name) for one in api.categories() if one.code == value), value)
    if name == "matter_type":
        return next((one.name for one in api.matter_types() if one.code == value), value)
    if name == "area":
        found = areas.areas([value]).get(value)
        return found.short_name if found else _("未知区域")
    if name == "lead":
        known = organisations.organisations([value]).get(value)
        return known.short_name if known else _("未知机构")
    return str(value)


def places(scope: Scope, area: UUID | None) -> list[Option]:
    """Where one can narrow to: one's own areas, the way down to the chosen one, and what stands right below it."""
    own = [one.id for one in sorted(scope.areas)]
    here = area or (own[0] if len(own) == 1 else None)
    found: dict[UUID, str] = {}
    lineage = areas.lineages([here]).get(here) if here else None
    trail = [one for one in lineage.ids if _within(scope, lineage, one)] if lineage else []
    briefs = areas.areas([*own, *trail])
    for one in (*own, *trail):
        if one in briefs:
            found[one] = briefs[one].short_name
    if here and here in found:
        found |= {below.id: f"　{below.short_name}" for below in areas.children(here)}
    return [(str(one), name) for one, name in found.items()]


def _within(scope: Scope, lineage: areas.Lineage, area: UUID) -> bool:
    """Whether `area` of the lineage is one of the scope's areas, or below one of them."""
    own = [lineage.ids.index(one.id) for one in scope.areas if one.id in lineage.ids]
    return bool(own) and lineage.ids.index(area) >= min(own)


def leads(scope: Scope, area: UUID | None) -> list[Option]:
    """Organisations that may lead there: those of the chosen area, or of one's own town or district."""
    chosen_area = area or next((one.id for one in sorted(scope.areas) if one.level is not Level.CITY), None)
    if chosen_area is None:
        return []
    try:
        lineage = areas.lineage(chosen_area)
    except Missing:
        return []
    above = [one.id for one in (lineage.town, lineage.district) if one]
    found = [one for place in above for one in organisations.organisations_in(place)]
    return [(str(one.id), one.short_name) for one in found]


def _options(labels: Any) -> list[Option]:
    return [(one.value, _(label)) for one, label in labels.items()]


def _by_class(types: Sequence[api.MatterTypeView]) -> list[tuple[str, list[Option]]]:
    grouped: dict[str, list[Option]] = {}
    for one in types:
        grouped.setdefault(one.class_name, []).append((one.code, one.name))
    return list(grouped.items())
