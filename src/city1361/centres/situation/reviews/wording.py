"""Sentences of a review, each from a rule and the figures it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from city1361.centres.execution.api import PeriodKind
from city1361.centres.situation.answers import Board, FigureView
from city1361.centres.situation.presentation import value_words
from city1361.centres.situation.terms import FigureUnit

TITLES = {
    PeriodKind.DAY: "{area}城市运行和治理日复盘",
    PeriodKind.WEEK: "{area}城市运行和治理周复盘",
    PeriodKind.MONTH: "{area}城市运行和治理月复盘",
}


def said(one: FigureView) -> str:
    """93.72%, 1,054."""
    return value_words(one.value, one.unit)


def parts(one: FigureView) -> str:
    """911/972; nothing for a plain number."""
    return f"{one.fraction.numerator:,}/{one.fraction.denominator:,}" if one.unit is FigureUnit.PERCENT else ""


def change(now: FigureView, before: FigureView) -> str:
    """How a number stands to that of the period before."""
    if now.value is None or before.value is None:
        return "—"
    more = round(now.value - before.value, 2)
    if not more:
        return _("持平")
    if now.unit is FigureUnit.PERCENT:
        return (_("上升{by}个百分点") if more > 0 else _("下降{by}个百分点")).format(by=f"{abs(more):.2f}")
    return (_("增加{by}") if more > 0 else _("减少{by}")).format(by=f"{abs(more):,}")


def moment(at: datetime) -> str:
    """A moment that is still clear on paper years later."""
    local = timezone.localtime(at)
    return _("{year}年{month}月{day}日 {time}").format(
        year=local.year, month=local.month, day=local.day, time=f"{local:%H:%M}"
    )


def summary(board: Board, period: str) -> tuple[str, ...]:
    """What came in and what became of it; 办结率 and 解决率 in one sentence."""
    words = {one.code: said(one) if one.value is not None else _("暂无") for one in board.figures}
    shares = {f"{one.code}_parts": parts(one) for one in board.figures}
    return (
        _(
            "{period}，{area}上报事件{reported_count}件，立案{filed_count}件，立案率{filing}；应结案{due_count}件，办结{closed_count}件。"
        ).format(period=period, area=board.area.name, **words),
        _(
            "办结率{closing}（{closing_parts}），解决率{solution}（{solution_parts}）；按期办结率{on_time_closing}，满意率{satisfaction}，响应率{response}。"
        ).format(**words, **shares),
        _(
            "本期办结的事件中，承办单位认定已解决{solved_count}件，回访时上报人认为已解决{solved_said_count}件，自报自结{self_closed_count}件。"
        ).format(**words),
    )


def standing(board: Board, stock: Mapping[str, int], at: datetime) -> str:
    """What was open at a moment."""
    return _("{time}在办{in_hand}件，其中超时未结{late}件，在库挂账{shelved}件。").format(
        time=moment(at),
        in_hand=f"{stock.get('in_hand', 0):,}",
        late=f"{stock.get('late', 0):,}",
        shelved=f"{stock.get('shelved_of_due', 0):,}",
    )


def state(board: Board, *, over: bool) -> str:
    """Whether the figures are kept already."""
    if board.closed_at:
        return _("本期数据已于{time}封存，此后的变化标为更正。").format(time=moment(board.closed_at))
    if over:
        return _("本期已结束，尚未封存，数据截至{time}。").format(time=moment(board.moment))
    return _("本期尚未结束，数据截至{time}。").format(time=moment(board.moment))


def most(sentence: str, found: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """The sentence with those it is about, nothing where there are none."""
    if not found:
        return ()
    return (
        _(sentence).format(
            those=_("、").join(_("{name}（{count}）").format(name=name, count=count) for name, count in found)
        ),
    )
