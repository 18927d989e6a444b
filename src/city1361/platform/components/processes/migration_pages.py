"""The page on which running instances are moved into another version: chosen, mapped, previewed, done."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from city1361.base.evidence import api as evidence
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, fill
from city1361.base.ui import api as ui
from city1361.platform.components.processes import api, presentation, wording
from city1361.platform.components.processes.migrating_instances import MOST, Preview
from city1361.platform.components.processes.standing_tokens import StandingAt
from city1361.platform.components.processes.work_terms import Permission

FIELD = "to."  # before the element that a field maps
EARLIER = 5
TEMPLATE = "platform_processes/migrate.html"


@endpoint(Permission.MIGRATE_PROCESS)
@require_http_methods(["GET", "POST"])
def migrate(request: Any, key: str) -> HttpResponse:
    """Choose two versions, map what has no counterpart, look at what would happen, do it. Raises Missing."""
    found = api.definition(key)
    given = request.GET if request.method == "GET" else request.POST
    counts = api.process_running(request.scope, key)
    before, after = _versions(given, found, counts)
    if before == after or not counts.get(before):
        return _page(request, found, counts, {"before": before, "after": after})
    stands = api.process_standing(request.scope, key, before, after)
    mapping = _mapping(given, stands)
    context: dict[str, Any] = {"before": before, "after": after, "stands": [_row(one, mapping) for one in stands]}
    if request.method == "POST":
        try:
            moved = api.process_migrate(by=request.by, key=key, before=before, after=after, mapping=mapping)
        except (Conflict, Invalid) as problem:
            return _previewed(request, found, counts, {**context, "problem": ui.problem_words(problem)}, mapping)
        messages.success(request, _("已迁移{count}个实例到第{number}版。").format(count=moved, number=after))
        address = reverse("process_migrate", args=[key])
        return HttpResponseRedirect(f"{address}?{urlencode({'before': before, 'after': after})}")
    return _previewed(request, found, counts, context, mapping)


def _versions(given: Any, found: Any, counts: dict[int, int]) -> tuple[int, int]:
    """What was chosen; at first from the newest version that something still runs in to the current one."""
    numbers = {one.number for one in found.versions}
    old = [number for number, count in counts.items() if count and number != found.current]
    chosen = {"before": max(old, default=found.current), "after": found.current}
    for name in chosen:
        text = str(given.get(name, ""))
        if text.isdecimal() and int(text) in numbers | set(counts):
            chosen[name] = int(text)
    return chosen["before"], chosen["after"]


def _mapping(given: Any, stands: list[StandingAt]) -> dict[str, str]:
    """As it was chosen, else as proposed; the same ids need none. What was left open is not mapped."""
    wanted = {one.name: str(given.get(f"{FIELD}{one.name}", one.proposed)) for one in stands}
    offered = {one.name: {name for name, _element in one.candidates} for one in stands}
    return {name: to for name, to in wanted.items() if to in offered[name] and to != name}


def _row(one: StandingAt, mapping: dict[str, str]) -> dict[str, Any]:
    chosen = mapping.get(one.name, one.name if one.same else "")
    return {
        "field": f"{FIELD}{one.name}",
        "name": one.element.name or one.name,
        "id": one.name,
        "kind": presentation.KINDS[one.element.kind],
        "tokens": one.tokens,
        "same": one.same and chosen == one.name,
        "options": [(name, f"{other.name or name}（{name}）", name == chosen) for name, other in one.candidates],
        "open": not chosen,
    }


def _previewed(request: Any, found: Any, counts: dict[int, int], context: dict[str, Any], mapping: dict[str, str]) -> HttpResponse:  # fmt: skip
    preview = api.process_migrate_preview(request.scope, found.key, context["before"], context["after"], mapping)
    names = _names(found.key, context["before"], context["after"])
    shown = {
        "preview": preview,
        "moves": [
            {"before": names.get(before, before), "after": names.get(after, after), "count": count}
            for (before, after), count in sorted(preview.moves.items())
        ],
        "orphans": _orphans(preview),
        "possible": preview.instances and not preview.orphaned and preview.instances <= MOST,
        "most": MOST if preview.instances > MOST else 0,
    }
    return _page(request, found, counts, {**context, **shown}, 409 if "problem" in context else 200)


def _names(key: str, *numbers: int) -> dict[str, str]:
    """What the elements of two versions are called."""
    known: dict[str, str] = {}
    for number in numbers:
        version_id, _xml = api.version_xml(key, number)
        known |= {name: one.name or name for name, one in api.compiled_of(version_id).elements.items()}
    return known


def _orphans(preview: Preview) -> list[dict[str, Any]]:
    rows = []
    for one in preview.orphans:
        sentence, remedy, params = wording.of_finding(one.findings[0])
        rows.append({"instance": one.instance, "why": fill(_(sentence), params), "remedy": fill(_(remedy), params)})
    return rows


def _page(request: Any, found: Any, counts: dict[int, int], context: dict[str, Any], status: int = 200) -> HttpResponse:
    numbers = sorted({one.number for one in found.versions} | set(counts), reverse=True)
    earlier = [
        one
        for one in evidence.entries_about("process_definition", found.key)
        if one.action == Permission.MIGRATE_PROCESS.value
    ]
    offered = {
        "definition": found,
        "numbers": [(number, counts.get(number, 0)) for number in numbers],
        "earlier": [_earlier(one) for one in earlier[:EARLIER]],
    }
    return render(request, TEMPLATE, {**offered, **context}, status=status)


def _earlier(entry: evidence.Entry) -> dict[str, Any]:
    facts = entry.facts
    return {
        "at": entry.at,
        "by": entry.by.get("label", ""),
        "before": facts.get("before"),
        "after": facts.get("after"),
        "count": len(facts.get("instances", ())),
    }


urlpatterns = [path("definitions/<str:key>/migrate/", migrate, name="process_migrate")]
