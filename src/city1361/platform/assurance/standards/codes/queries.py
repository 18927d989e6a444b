"""Reads of code lists. They are public facts."""

from __future__ import annotations

from django.db.models import Count, Q

from city1361.base.kernel.errors import Missing
from city1361.platform.assurance.standards.codes.models import Code, CodeList
from city1361.platform.assurance.standards.codes.terms import MATTER, CodeListView, CodeView


def _view(row: Code) -> CodeView:
    return CodeView(row.standard, row.kind, row.code, row.name, row.class_name, row.verified)


def code_lists() -> list[CodeListView]:
    """Every list with how many codes it carries now."""
    rows = CodeList.objects.annotate(count=Count("codes", filter=Q(codes__listed=True))).order_by("standard", "kind")
    return [
        CodeListView(
            row.standard, row.kind, row.kind_name, row.title, row.valid_from, row.source, row.verified, row.count
        )
        for row in rows
    ]


def code(standard: str, kind: str, code: str) -> CodeView:
    """One code, also when its list no longer carries it. Raises Missing."""
    row = Code.objects.filter(standard=standard, kind=kind, code=code).first()
    if row is None:
        raise Missing("code_unknown", "没有代码“{code}”", params={"code": code})
    return _view(row)


def codes(kind: str, q: str = "", major: str = "") -> list[CodeView]:
    """The codes of a kind whose name or code holds `q`, of one major class or all, in the order of the codes."""
    rows = Code.objects.filter(kind=kind, listed=True, code__startswith=major)
    if q.strip():
        rows = rows.filter(Q(name__contains=q.strip()) | Q(code__startswith=q.strip()))
    return [_view(row) for row in rows.order_by("standard", "code")]


def matter_types(q: str = "", major: str = "") -> list[CodeView]:
    """What may be reported (管理事项)."""
    return codes(MATTER, q, major)


def matter_type(code: str) -> CodeView:
    """The matter type with this code in the list in force. Raises Missing."""
    row = Code.objects.filter(kind=MATTER, code=code, listed=True).order_by("-list__valid_from").first()
    if row is None:
        raise Missing("code_unknown", "没有代码“{code}”", params={"code": code})
    return _view(row)


def majors(kind: str = MATTER) -> list[tuple[str, str, int]]:
    """(two digits, name, number of codes) of each major class."""
    counted: dict[tuple[str, str], int] = {}
    for number, name in Code.objects.filter(kind=kind, listed=True).order_by("code").values_list("code", "class_name"):
        counted[number[:2], name] = counted.get((number[:2], name), 0) + 1
    return [(major, name, count) for (major, name), count in counted.items()]
