"""The review of an area and a period, from the figures every board shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from city1361.base.kernel import clock
from city1361.base.kernel.scope import AreaRef, Scope
from city1361.base.ui import api as ui
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Period, PeriodKind, period_words
from city1361.centres.situation import addresses, boards, queries
from city1361.centres.situation.answers import AreaFigure, Board, FigureView
from city1361.centres.situation.presentation import value_words
from city1361.centres.situation.reviews import wording
from city1361.centres.situation.reviews.reviewed import Cell, Heading, Review, Section, Table
from city1361.centres.situation.terms import FigureUnit

RATES = (
    "closing",
    "solution",
    "on_time_closing",
    "satisfaction",
    "response",
    "rework",
    "extension",
    "filing",
    "self_closing",
)
NUMBERS = (
    "reported_count", "filed_count", "due_count", "closed_count", "solved_count", "solved_said_count", "self_closed_count",
)  # fmt: skip
OF_AREAS = ("reported_count", "due_count", "closing", "solution", "overdue")
OF_TYPES = ("reported_count", "closed_count", "in_hand")
MOST_TYPES, MOST_NAMED, MOST_LINES = 10, 3, 40


def review(*, scope: Scope, area: UUID | None = None, period: Period | None = None) -> Review:
    """The review of an area (one's own when none is named) and a period (yesterday). Raises Missing outside the scope."""
    at = clock.now()
    asked = period or execution.period_now(PeriodKind.DAY).before
    now = boards.figures(scope=scope, area=area, period=asked, at=at)
    before = boards.figures(scope=scope, area=now.area.id, period=asked.before, at=at)
    areas = _areas(scope, now, asked, at)
    types = _types(scope, now, asked, at)
    sections = (
        _overall(now, asked, at),
        _compared(now, before),
        _left_out(now),
        _listed(scope, now, asked),
        _of_areas(areas),
        _of_types(types),
        _noted(scope, now, asked, areas, types),
        _corrected((now, before)),
        _defined(now),
    )
    return Review(
        title=_(wording.TITLES[asked.kind]).format(area=now.area.name),
        area=now.area,
        period=asked,
        board=now,
        over=asked.until <= at,
        closed_at=now.closed_at,
        responsible=now.figures[0].responsible,
        sections=tuple(one for one in sections if one.sentences or one.table),
    )


def _overall(now: Board, period: Period, at: datetime) -> Section:
    kept = queries.closed([now.area.id], period.kind.value, period.first).get(now.area.id)
    open_now = {code: int(now[figure].value or 0) for code, figure in OPEN.items()}
    stock, moment = (kept.stock, kept.at) if kept else (open_now, now.moment)
    over = period.until <= at
    sentences = (*wording.summary(now, period_words(period)), wording.standing(now, stock, moment))
    return Section(_("总体情况"), (*sentences, wording.state(now, over=over)))


OPEN = {"in_hand": "in_hand", "late": "overdue", "shelved_of_due": "shelved_stock"}


def _compared(now: Board, before: Board) -> Section:
    columns = (
        Heading(_("指标"), 3), Heading(_("本期"), 4, True), Heading(_("计算"), 3, True), Heading(_("上期"), 3, True),
        Heading(_("比上期"), 4, True),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(_(now[code].label)),
            Cell(_marked(now[code]), now[code].address),
            Cell(wording.parts(now[code]), now[code].address_below),
            Cell(_marked(before[code]), before[code].address),
            Cell(wording.change(now[code], before[code])),
        )
        for code in (*RATES, *NUMBERS)
    )
    return Section(_("指标与上期比较"), table=Table(columns, rows))


def _marked(one: FigureView) -> str:
    """The number, and what was told when its period was over."""
    if one.correction is None:
        return wording.said(one)
    return _("{now}（更正，原公布{told}）").format(
        now=wording.said(one), told=value_words(one.correction.value, one.unit)
    )


def _left_out(now: Board) -> Section:
    columns = (
        Heading(_("指标"), 3),
        Heading(_("剔除后"), 2, True),
        Heading(_("剔除前"), 2, True),
        Heading(_("剔除和另计"), 5),
    )
    rows = tuple(
        (
            Cell(_(one.label)),
            Cell(wording.said(one), one.address),
            Cell(value_words(one.before, one.unit) if one.before is not None else wording.said(one)),
            Cell(
                _("，").join(_("{name}{count}件").format(name=_(line.label), count=line.count) for line in one.left_out)
            ),
        )
        for one in (now[code] for code in RATES)
        if one.left_out
    )
    return Section(_("剔除前后的比率"), table=Table(columns, rows))


def _listed(scope: Scope, now: Board, period: Period) -> Section:
    here = frozenset({AreaRef(now.area.level, now.area.id)})
    own = replace(scope, account=None, organisations=frozenset(), areas=here)
    found = execution.exclusions(scope=own, since=period.since, until=period.until)
    if not found:
        return Section(_("剔除清单"), (_("本期没有剔除。"),))
    said = (_("本期剔除{count}条。"), _("本期剔除{count}条，以下列出最近的{shown}条，其余见系统中的剔除清单。"))
    sentence = said[len(found) > MOST_LINES].format(count=len(found), shown=MOST_LINES)
    columns = (
        Heading(_("编号"), 3), Heading(_("种类"), 2), Heading(_("开始"), 3), Heading(_("原总时限"), 3), Heading(_("现总时限"), 3),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(line.number, addresses.matter(line.matter_id)),
            Cell(_(execution.EXCLUSION_LABELS[line.kind])),
            Cell(ui.moment_words(line.since)),
            Cell(ui.moment_words(line.total_due_before)),
            Cell(ui.moment_words(line.total_due_after) or _("计时停止中")),
        )
        for line in found[:MOST_LINES]
    )
    return Section(_("剔除清单"), (sentence,), Table(columns, rows))


def _areas(scope: Scope, now: Board, period: Period, at: datetime) -> dict[str, list[AreaFigure]]:
    if not now.below:
        return {}
    asked = {"scope": scope, "area": now.area.id, "period": period, "at": at}
    return {code: boards.by_area(code=code, **asked) for code in OF_AREAS}  # type: ignore[arg-type]


def _of_areas(found: dict[str, list[AreaFigure]]) -> Section:
    if not found:
        return Section("")
    columns = (
        Heading(_("区域"), 3), Heading(_("上报"), 2, True), Heading(_("应结案"), 2, True), Heading(_("办结率"), 2, True),
        Heading(_("解决率"), 2, True), Heading(_("超时未结（此刻）"), 3, True),
    )  # fmt: skip
    rows = []
    for place, first in enumerate(found["reported_count"]):
        row = [found[code][place] for code in OF_AREAS]
        if any(one.fraction.numerator or one.fraction.denominator for one in row):
            rows.append(
                (
                    Cell(first.name),
                    *(Cell(_words(one, code), one.address) for one, code in zip(row, OF_AREAS, strict=True)),
                )
            )
    return Section(_("下级区域"), table=Table(columns, tuple(rows)) if rows else None)


def _words(one: AreaFigure, code: str) -> str:
    return value_words(one.value, FigureUnit.PERCENT if code in RATES else FigureUnit.MATTERS)


def _types(scope: Scope, now: Board, period: Period, at: datetime) -> dict[str, list[AreaFigure]]:
    asked = {"scope": scope, "area": now.area.id, "period": period, "at": at}
    return {code: boards.by_type(code=code, **asked) for code in OF_TYPES}  # type: ignore[arg-type]


def _of_types(found: dict[str, list[AreaFigure]]) -> Section:
    beside = {code: {one.key: one for one in found[code]} for code in OF_TYPES}
    columns = (
        Heading(_("事件类型"), 4),
        Heading(_("上报"), 2, True),
        Heading(_("办结"), 2, True),
        Heading(_("在办（此刻）"), 3, True),
    )
    rows = tuple(
        (Cell(first.name), *(_cell(beside[code].get(first.key)) for code in OF_TYPES))
        for first in found["reported_count"][:MOST_TYPES]
    )
    return Section(_("上报最多的事件类型"), table=Table(columns, rows) if rows else None)


def _cell(one: AreaFigure | None) -> Cell:
    return Cell(value_words(one.value, FigureUnit.MATTERS), one.address) if one else Cell("0")


def _noted(
    scope: Scope, now: Board, period: Period, areas: dict[str, list[AreaFigure]], types: dict[str, list[AreaFigure]]
) -> Section:
    """By rule: where most is late now, which types were reported more often than in the period before."""
    late = [(one.name, int(one.value)) for one in areas.get("overdue", []) if one.value]
    told = boards.by_type(scope=scope, code="reported_count", area=now.area.id, period=period.before)
    earlier = {one.key: int(one.value or 0) for one in told}
    grown = [(one.name, int(one.value or 0) - earlier.get(one.key, 0)) for one in types["reported_count"]]
    return Section(
        _("按规则列出的情况"),
        (
            *wording.most("此刻超时未结最多的区域：{those}。", _largest(late)),
            *wording.most("上报比上期增加最多的类型：{those}。", _largest([one for one in grown if one[1] > 0])),
        ),
    )


def _largest(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(found, key=lambda one: (-one[1], one[0]))[:MOST_NAMED]


def _corrected(told: tuple[Board, Board]) -> Section:
    rows = tuple(
        (
            Cell(period_words(board.period)),
            Cell(_(one.label)),
            Cell(value_words(one.correction.value, one.unit)),
            Cell(wording.said(one), one.address),
            Cell(wording.moment(one.correction.at)),
        )
        for board in told
        for one in board.figures
        if one.correction
    )
    columns = (
        Heading(_("统计期"), 3), Heading(_("指标"), 3), Heading(_("原公布"), 2, True), Heading(_("现为"), 2, True), Heading(_("公布时间"), 4),
    )  # fmt: skip
    none = () if rows else (_("本期和上期没有更正。"),)
    return Section(_("更正"), none, Table(columns, rows) if rows else None)


def _defined(now: Board) -> Section:
    columns = (
        Heading(_("指标"), 3),
        Heading(_("口径"), 8),
        Heading(_("数据截至"), 3, tight=True),
        Heading(_("责任单位"), 3),
    )
    rows = tuple(
        (
            Cell(_(one.label)),
            Cell("".join(_(sentence) for sentence in one.definition)),
            Cell(wording.moment(one.moment)),
            Cell(one.responsible or "—"),
        )
        for one in (now[code] for code in (*RATES, *NUMBERS, *OPEN.values()))
    )
    return Section(_("口径和责任单位"), table=Table(columns, rows))
