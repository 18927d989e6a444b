"""Rules in words, for pages and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from city1361.platform.assurance.rules import compiling, decisions
from city1361.platform.assurance.rules.registered import matter_words
from city1361.platform.assurance.rules.terms import DutyKind, LimitUnit, ParameterKind, ProposalState
from city1361.platform.assurance.rules.values import TOTAL, Limit

UNIT_WORDS = {
    LimitUnit.MINUTE: "{amount}分钟",
    LimitUnit.NATURAL_HOUR: "{amount}小时",
    LimitUnit.WORKING_HOUR: "{amount}个工作时",
    LimitUnit.WORKING_DAY: "{amount}个工作日",
}
UNIT_LABELS = {
    LimitUnit.MINUTE: "分钟",
    LimitUnit.NATURAL_HOUR: "小时（含夜间和节假日）",
    LimitUnit.WORKING_HOUR: "个工作时",
    LimitUnit.WORKING_DAY: "个工作日",
}
LEVEL_LABELS = {"grid": "网格", "village": "村社区", "town": "镇街", "district": "区县", "city": "市级"}
DUTY_LABELS = {DutyKind.BASIC: "基本履职", DutyKind.ASSISTING: "配合履职", DutyKind.RECLAIMED: "上级部门收回"}
SECTION_LABELS = {
    "limits": "一般时限",
    "classifications": "分级分类",
    "duties": "履职事项",
    "parameters": "参数",
}
STATE_LABELS = {
    ProposalState.PROPOSED: "待批准",
    ProposalState.APPROVED: "已批准",
    ProposalState.REJECTED: "已退回",
    ProposalState.WITHDRAWN: "已撤回",
}
FIELD_LABELS = {
    "limits": "时限",
    "level": "承办层级",
    "lead_line": "主办条线",
    "assist_lines": "协办条线",
    "filing_condition": "立案条件",
    "closing_condition": "结案条件",
    "phases": "分段时限",
    "example": "示例",
    "source": "来源",
    "periods": "有效期",
    "value": "取值",
    "article": "依据条款",
    "valid_from": "施行日期",
    "valid_until": "截止日期",
    "verified": "已核对",
    "title": "名称",
    "list": "清单",
    "clause": "条目",
    "reference": "依据",
    "types": "事件类型",
    "limit": "时限",
    "kind": "种类",
}
KIND_UNITS = {
    ParameterKind.MINUTES: LimitUnit.MINUTE,
    ParameterKind.NATURAL_HOURS: LimitUnit.NATURAL_HOUR,
    ParameterKind.WORKING_HOURS: LimitUnit.WORKING_HOUR,
    ParameterKind.WORKING_DAYS: LimitUnit.WORKING_DAY,
}


def limit(value: Limit) -> str:
    """2个工作日."""
    return _(UNIT_WORDS[LimitUnit(value.unit)]).format(amount=value.amount)


def stage(code: str) -> str:
    return _("总时限") if code == TOTAL else _(matter_words().stages.get(code, code))


def urgency(code: str) -> str:
    return _(matter_words().urgencies.get(code, code))


def type_name(pattern: str, names: Mapping[str, str]) -> str:
    """The name of a type, or what a pattern stands for."""
    if pattern.endswith("*"):
        return _("编码{stem}开头的各类").format(stem=pattern[:-1])
    return names.get(pattern, pattern)


def value(kind: ParameterKind, given: Any) -> str:
    """The value of a parameter."""
    if kind in KIND_UNITS:
        return limit(Limit(int(given), KIND_UNITS[kind]))
    if kind is ParameterKind.BOOLEAN:
        return _("是") if given else _("否")
    return _("{amount}天").format(amount=given) if kind is ParameterKind.DAYS else str(given)


def difference(one: decisions.Difference, names: Mapping[str, str]) -> dict[str, str]:
    """A difference as a row: what, which value, before, after."""
    key = one.key.partition("@")[0]
    what = {"limits": stage(one.key), "classifications": f"{key} {type_name(key, names)}"}.get(one.section, one.key)
    return {
        "section": _(SECTION_LABELS[one.section]),
        "what": what,
        "field": "·".join(_part(part) for part in one.field.split(".") if part) or "—",
        "before": _said(one.before),
        "after": _said(one.after),
    }


def _part(code: str) -> str:
    words = matter_words()
    if code in words.urgencies:
        return urgency(code)
    if code == TOTAL or code in words.stages:
        return stage(code)
    return _(FIELD_LABELS[code]) if code in FIELD_LABELS else code


def _said(given: Any) -> str:
    if isinstance(given, Mapping):
        return limit(compiling.limit_of(given))
    if isinstance(given, bool):
        return _("是") if given else _("否")
    if isinstance(given, list):
        return "、".join(map(str, given))
    if given is None:
        return "—"
    return _(LEVEL_LABELS[given]) if given in LEVEL_LABELS else str(given)
