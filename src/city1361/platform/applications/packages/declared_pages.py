"""The pages that packages declare: lists, boards that count and open them, details composed of base.ui components."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Missing
from city1361.platform.applications.packages import api
from city1361.platform.applications.packages.answers import PageView
from city1361.platform.applications.packages.parts import Block
from city1361.platform.applications.packages.terms import Permission

LONGEST_FILTER = 60


@endpoint(Permission.OPEN_PAGE)
@require_GET
def page(request: Any, system: str, package: str, key: str) -> HttpResponse:
    """A list or a board that a package declares. Raises Missing."""
    found = api.page(f"{system}/{package}", key, request.scope)
    if found.entry.kind == "list":
        return render(request, "platform_packages/list.html", _list(request, found))
    if found.entry.kind == "board":
        return render(request, "platform_packages/board.html", _board(request, found))
    raise Missing()


@endpoint(Permission.OPEN_PAGE, about="package_row")
@require_GET
def detail(request: Any, system: str, package: str, key: str, pk: UUID) -> HttpResponse:
    """One row on a page of its own: its fields and the blocks that the package declares. Raises Missing."""
    found = api.page(f"{system}/{package}", key, request.scope)
    entry, source = found.entry, found.source
    if entry.kind != "detail" or source.one is None:
        raise Missing()
    record = source.one(pk, entry.blocks, _asked(request, found, {}))
    context = {
        **_head(found),
        "record": record,
        "pairs": [(_(source.columns[one]), record.cells[one]) for one in entry.columns],
        "blocks": [
            {"name": one, "label": _(source.blocks[one]), "component": block.component, "value": block.value}
            for one, block in _shown(entry.blocks, record.blocks)
        ],
    }
    return render(request, "platform_packages/detail.html", context)


def _shown(asked: list[str], blocks: Mapping[str, Block]) -> list[tuple[str, Block]]:
    return [(one, blocks[one]) for one in asked if one in blocks]


def _head(found: PageView) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    return {
        "title": found.entry.title.among(language),
        "package_title": found.package_title.among(language),
        "empty": (found.empty or {}).get("zh" if language.startswith("zh") else "en", ""),
    }


def _asked(request: Any, found: PageView, filters: Mapping[str, str]) -> api.Asked:
    return api.Asked(request.by, request.scope, found.package, filters, request.GET.get("cursor", ""))


def _address(found: PageView, key: str, *more: Any) -> str:
    return reverse("package_row" if more else "package_page", args=[*found.package.split("/"), key, *more])


def _list(request: Any, found: PageView) -> dict[str, Any]:
    entry, source = found.entry, found.source
    filters = {one: request.GET.get(one, "")[:LONGEST_FILTER] for one in entry.filters}
    asked = _asked(request, found, filters)
    listed = source.rows(asked)
    address = _address(found, entry.key)
    kept = {one: value for one, value in filters.items() if value}
    opened = [_address(found, entry.opens, pk) if entry.opens else "" for pk in listed.ids] or [""] * len(listed.rows)
    return {
        **_head(found),
        "columns": [_(source.columns[one]) for one in entry.columns],
        "rows": [
            [
                (row[one], _(source.columns[one]), (own or row[one].address) if row[one].address else "")
                for one in entry.columns
            ]
            for row, own in zip(listed.rows, opened, strict=True)
        ],
        "filters": [
            {"name": one, "label": _(source.filters[one]), "value": filters[one], "choices": source.choices(one, asked)}
            for one in entry.filters
        ],
        "address": address,
        "narrowed": bool(kept),
        "more": f"{address}?{urlencode({**kept, 'cursor': listed.next_cursor})}" if listed.next_cursor else "",
    }


def _board(request: Any, found: PageView) -> dict[str, Any]:
    """Counts by group; each number opens the list narrowed to exactly its rows."""
    entry, source = found.entry, found.source
    asked, address = _asked(request, found, {}), _address(found, entry.opens)
    groups = []
    for name in entry.groups:
        counted = source.counts(name, asked) if source.counts else ()
        most = max((one.count for one in counted), default=0)
        lines = [
            {
                "label": one.label,
                "count": one.count,
                "late": one.late_count,
                "most": most,
                "address": f"{address}?{urlencode(one.filters)}",
                "late_address": f"{address}?{urlencode({**one.filters, **one.late})}",
            }
            for one in counted
        ]
        groups.append({"name": name, "label": _(source.groups[name]), "lines": lines})
    return {**_head(found), "groups": groups, "any": any(one["lines"] for one in groups)}


urlpatterns = [
    path("apps/<slug:system>/<slug:package>/<slug:key>/", page, name="package_page"),
    path("apps/<slug:system>/<slug:package>/<slug:key>/<uuid:pk>/", detail, name="package_row"),
]
