"""What pages of application packages may show of matters: lists, boards and details of the package's own types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.kernel.errors import Missing
from city1361.base.ui import api as ui
from city1361.centres.execution import presentation, queries, shaping
from city1361.centres.execution.answers import MatterRow, MatterView
from city1361.centres.execution.listings import lists
from city1361.centres.execution.listings.filtering import OPEN
from city1361.centres.execution.listings.filters import known_only
from city1361.centres.execution.listings.listing import places
from city1361.centres.execution.models import MatterType
from city1361.centres.execution.packages import form_answers, package_board
from city1361.centres.execution.terms import STATE_LABELS, URGENCY_LABELS, Due, Permission, Tab, Urgency
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
FILTERS = {
    "state": "状态",
    "matter_type": "类型",
    "urgency": "紧急程度",
    "area": "区域",
    "due": "期限",
    "standing": "办理情况",
}
BLOCKS = {"flow": "办到哪里", "clock": "时限", "form": "表单", "place": "地点", "timeline": "办理过程"}
STANDING = {"open": "办理中", "ended": "已结束"}
DUES = {Due.SOON: "2小时内到期", Due.OVERDUE: "超时"}


def register() -> None:
    """Called once, when all applications stand."""
    packages.register_page_source(
        packages.PageSource(
            "matters",
            Permission.READ_MATTER,
            COLUMNS,
            FILTERS,
            rows,
            choices,
            groups=package_board.GROUPS,
            narrowing=package_board.NARROWING,
            counts=package_board.counts,
            blocks=BLOCKS,
            one=one,
        )
    )


def rows(asked: packages.Asked) -> packages.ListPage:
    """The matters of the package within what one may see, newest first; an unknown filter counts as none."""
    branches = lists.branches_of(asked.scope, asked.by, Tab.ALL, known_only(asked.filters))
    narrowing = Q(type__package=asked.package)
    standing = asked.filters.get("standing", "")
    if standing in STANDING:
        narrowing &= OPEN if standing == "open" else ~OPEN
    found = lists.page([branch & narrowing for branch in branches], asked.cursor or None, SIZE)
    return packages.ListPage(
        [_cells(row) for row in found.rows], found.next_cursor or "", [row.id for row in found.rows]
    )


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


def choices(name: str, asked: packages.Asked) -> Sequence[tuple[str, str]]:
    """What a filter may be set to."""
    if name == "matter_type":
        types = MatterType.objects.filter(package=asked.package, active=True)
        return [(one.code, one.name) for one in types]
    if name == "area":
        return places(asked.scope, known_only(asked.filters).area)
    if name == "standing":
        return [(value, _(label)) for value, label in STANDING.items()]
    labels: Mapping[str, Mapping[str, str]] = {
        "state": {state.value: label for state, label in STATE_LABELS.items()},
        "urgency": {urgency.value: URGENCY_LABELS[urgency] for urgency in Urgency},
        "due": {due.value: label for due, label in DUES.items()},
    }
    return [(value, _(label)) for value, label in labels[name].items()]


def one(pk: UUID, blocks: Sequence[str], asked: packages.Asked) -> packages.Record:
    """A matter of the package. Raises Missing, for one of another package too."""
    row = queries.matter_row(asked.scope, pk)
    if row.type.package != asked.package:
        raise Missing()
    matter = queries.matter(scope=asked.scope, by=asked.by, matter_id=pk)
    made = {name: _block(name, matter, asked) for name in blocks}
    shown = {name: block for name, block in made.items() if block is not None}
    address = reverse("matter", args=[pk])
    return packages.Record(matter.title, _cells(shaping.rows([row])[0]), shown, address)


def _block(name: str, matter: MatterView, asked: packages.Asked) -> packages.Block | None:
    if name == "flow":
        return packages.Block("flow", presentation.flow(matter.state, agreed=matter.agreed_at is not None))
    if name == "clock":
        total, _stage = presentation.large_clocks(matter)
        return packages.Block("clock", total) if total else None
    if name == "place":
        return packages.Block("place_map", presentation.place_map(matter.place))
    if name == "timeline":
        steps = queries.history(scope=asked.scope, by=asked.by, matter_id=matter.id)
        return packages.Block("timeline", presentation.timeline(steps, matter.state))
    answers = form_answers.form_view(by=asked.by, scope=asked.scope, matter_id=matter.id).answers
    return packages.Block("pairs", [(answer.label, answer.text) for answer in answers]) if answers else None
