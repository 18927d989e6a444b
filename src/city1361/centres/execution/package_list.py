"""The list of matters that pages of application packages may show: those of the package's own types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.ui import api as ui
from city1361.centres.execution import lists, presentation
from city1361.centres.execution.answers import MatterRow
from city1361.centres.execution.filters import known_only
from city1361.centres.execution.models import MatterType
from city1361.centres.execution.terms import STATE_LABELS, URGENCY_LABELS, Permission, Tab, Urgency
from city1361.platform.applications.packages import api as packages

SIZE = 50
COLUMNS = {
    "number": "编号",
    "title": "事件",
    "type": "类型",
    "state": "状态",
    "urgency": "紧急程度",
    "place": "地点",
    "lead": "主办",
    "reported_at": "上报时间",
    "due_at": "总时限",
}
FILTERS = {"state": "状态", "matter_type": "类型", "urgency": "紧急程度"}


def register() -> None:
    """Called once, when all applications stand."""
    packages.register_page_source(
        packages.PageSource("matters", Permission.READ_MATTER, COLUMNS, FILTERS, rows, choices)
    )


def rows(asked: packages.Asked) -> packages.ListPage:
    """The matters of the package within what one may see, newest first; an unknown filter counts as none."""
    branches = lists.branches_of(asked.scope, asked.by, Tab.ALL, known_only(asked.filters))
    of_package = Q(type__package=asked.package)
    found = lists.page([branch & of_package for branch in branches], asked.cursor or None, SIZE)
    return packages.ListPage([_cells(row) for row in found.rows], found.next_cursor or "")


def _cells(row: MatterRow) -> Mapping[str, packages.Cell]:
    tag, urgency = presentation.state_tag(row.state, overdue=row.total.overdue), presentation.urgency_tag(row.urgency)
    cell = packages.Cell
    return {
        "number": cell(row.number, tight=True),
        "title": cell(row.title, address=reverse("matter", args=[row.id])),
        "type": cell(row.type_name),
        "state": cell(tag.label, tone=tag.mark or "plain"),
        "urgency": cell(urgency.label, tone=urgency.mark),
        "place": cell(row.place),
        "lead": cell(row.lead),
        "reported_at": cell(ui.moment_words(row.reported_at), tight=True),
        "due_at": cell(ui.moment_words(row.total.due_at), tight=True),
    }


def choices(name: str, package: str) -> Sequence[tuple[str, str]]:
    """What a filter may be set to."""
    if name == "matter_type":
        types = MatterType.objects.filter(package=package, active=True)
        return [(one.code, one.name) for one in types]
    labels = STATE_LABELS if name == "state" else {urgency: URGENCY_LABELS[urgency] for urgency in Urgency}
    return [(value.value, _(label)) for value, label in labels.items()]
