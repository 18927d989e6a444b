"""The figures of matters and visits that are declared here.

Rates stand on the matters due in the period (应结案: the total limit ends in it), as GB/T 30428 and its successor count;
what is unconfirmed of the official formulae says so in its definition.
"""

from __future__ import annotations

from city1361.centres.execution.api import COUNTED_LABELS, Counted
from city1361.centres.situation.decisions import Formula
from city1361.centres.situation.declaring import Figure, LeftOut, register_figure
from city1361.centres.situation.terms import FigureUnit, RowsOf

DUE = "应结案：总时限在统计期内届满的事件，不含不予受理、并案；剔除作废和在库挂账。"
OUT_OF_DUE = (
    LeftOut("作废", Counted.VOIDED_OF_DUE.value),
    LeftOut("挂账", Counted.SHELVED_OF_DUE.value),
    LeftOut("延期", Counted.EXTENDED.value),
)
LEFT = tuple(line.count for line in OUT_OF_DUE[:2])
UNREASONABLE = (LeftOut("不合理诉求", "unreasonable"),)


def register() -> None:
    """Called once, when all applications stand."""
    for figure in (*_flows(), *_stock(), *_rates(), *_visits()):
        register_figure(figure)


def _flows() -> list[Figure]:
    plain = {
        Counted.REPORTED: ("上报数", "统计期内上报的事件，不论来源，含不予受理、并案和作废。"),
        Counted.FILED: (
            "立案数",
            "统计期内上报并已由治理中心受理立案的事件。不含待核实、待受理、不予受理、并案、作废。",
        ),
        Counted.DUE: ("应结案数", DUE),
        Counted.CLOSED: ("办结数", "统计期内办结的事件，以最近一次办结为准。办结不等于解决。"),
        Counted.SOLVED: ("办结为已解决数", "统计期内办结且承办单位认定结果为已解决的事件。"),
        Counted.SELF_CLOSED: ("自报自结数", "统计期内办结、由上报人所在单位自行办理的事件。单独统计。"),
    }
    return [
        Figure(f"{one.value}_count", label, (definition,), FigureUnit.MATTERS, Formula((one.value,)), one.value)
        for one, (label, definition) in plain.items()
    ]


def _stock() -> list[Figure]:
    unit = FigureUnit.MATTERS
    states = [one for one in Counted if one.startswith("in_") and one is not Counted.IN_HAND]
    return [
        Figure(
            "in_hand", "在办数", ("此刻尚未办结的事件，含在库挂账和暂停计时的。",), unit,
            Formula((Counted.IN_HAND.value,)), Counted.IN_HAND.value, stock=True,
        ),
        Figure(
            "overdue", "超时未结数", ("此刻尚未办结且总时限已过的事件，含在库挂账和暂停计时的。",), unit,
            Formula((Counted.IN_HAND.value,)), Counted.IN_HAND.value, stock=True, overdue=True,
        ),
        Figure(
            "shelved_stock", "在库挂账数", ("此刻在挂账库中、尚未销账的事件。",), unit,
            Formula((Counted.SHELVED_OF_DUE.value,)), Counted.SHELVED_OF_DUE.value, stock=True,
        ),
        *(
            Figure(
                one.value, COUNTED_LABELS[one], ("此刻处于该环节的事件。",), unit, Formula((one.value,)), one.value, stock=True
            )
            for one in states
        ),
    ]  # fmt: skip


def _rates() -> list[Figure]:
    return [
        _due_rate(
            "closing", "办结率", ("已办结数÷应结案数（国家标准称结案率）。", DUE), Counted.CLOSED_OF_DUE, companion="solution"
        ),
        _due_rate(
            "on_time_closing", "按期办结率",
            ("按期办结数÷应结案数（国家标准称按期结案率）。按期：办结时间不晚于总时限，延期的以延期后的时限计。", DUE),
            Counted.ON_TIME, taken_before=(Counted.ON_TIME_BY_EXTENSION.value,),
        ),
        _due_rate("rework", "返工率", ("返工数÷应结案数。返工：核查不通过或群众反映没解决而重办的事件。", DUE), Counted.REWORKED),
        _due_rate("extension", "延期率", ("延期数÷应结案数。延期：经批准延长过总时限的事件。", DUE), Counted.EXTENDED),
        Figure(
            "filing", "立案率", ("立案数÷上报数。按上报日期统计；并案和作废的未立案。",), FigureUnit.PERCENT,
            Formula((Counted.FILED.value,), (Counted.REPORTED.value,)), Counted.FILED.value,
            rows_below=Counted.REPORTED.value,
        ),
        Figure(
            "self_closing", "自报自结占比", ("自报自结数÷统计期内办结数。单独统计，提高抽查比例。",), FigureUnit.PERCENT,
            Formula((Counted.SELF_CLOSED.value,), (Counted.CLOSED.value,)), Counted.SELF_CLOSED.value,
            rows_below=Counted.CLOSED.value,
        ),
    ]  # fmt: skip


def _due_rate(
    code: str,
    label: str,
    definition: tuple[str, ...],
    above: Counted,
    *,
    taken_before: tuple[str, ...] = (),
    companion: str = "",
) -> Figure:
    formula = Formula((above.value,), (Counted.DUE.value,), LEFT, taken_before=taken_before)
    return Figure(
        code, label, definition, FigureUnit.PERCENT, formula, above.value,
        rows_below=Counted.DUE.value, left_out=OUT_OF_DUE, companion=companion,
    )  # fmt: skip


def _visits() -> list[Figure]:
    closed_in = "以统计期内办结的事件计。"
    left_out = "剔除认定的不合理诉求。"
    solution = Formula(("solved_said",), ("reasonable",), ("unreasonable",), ("unreasonable_solved",))
    satisfaction = Formula(("satisfied_said",), ("reasonable",), ("unreasonable",), ("unreasonable_satisfied",))
    return [
        Figure(
            "solution", "解决率", ("上报人认为已解决的事件数÷回访到上报人的事件数。", closed_in, left_out), FigureUnit.PERCENT,
            solution, "solved_said", RowsOf.VISITS, "reasonable", UNREASONABLE, "closing",
        ),
        Figure(
            "satisfaction", "满意率", ("满意和基本满意的事件数÷回访到上报人的事件数。", closed_in, left_out), FigureUnit.PERCENT,
            satisfaction, "satisfied_said", RowsOf.VISITS, "reasonable", UNREASONABLE,
        ),
        Figure(
            "response", "响应率", ("承办单位联系过上报人的事件数÷回访到上报人的事件数。", closed_in),
            FigureUnit.PERCENT, Formula(("contacted",), ("visited",)), "contacted", RowsOf.VISITS, "visited",
        ),
        Figure(
            "solved_said_count", "群众认可解决数", ("统计期内办结、回访时上报人认为已解决的事件。",), FigureUnit.VISITS,
            Formula(("solved_said",)), "solved_said", RowsOf.VISITS,
        ),
    ]  # fmt: skip
