"""我的待办: work items of my posts, shift and area in four boxes; taking, giving back and watching them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Problem, Stale
from city1361.base.ui import api as ui
from city1361.platform.components.processes import api as processes
from city1361.platform.portals.official import inbox_rows
from city1361.platform.portals.official.inbox_rows import BOXES, Filters

TAKE = processes.Permission.TAKE_WORK_ITEM
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class View:
    """What of the inbox is shown; it stands in the address."""

    box: processes.Box
    filters: Filters
    after: str = ""

    @classmethod
    def of(cls, given: Any) -> View:
        """From an address or a form; what nobody knows any more counts as nothing chosen."""
        known = {box.value: box for box in BOXES}
        box = known.get(given.get("box", ""), processes.Box.TODO)
        return cls(box, Filters.of(given), given.get("after", "")[:80])

    def address(self, **changed: str) -> str:
        values = {"box": self.box.value, **self.filters.values(), "after": self.after, **changed}
        kept = {name: value for name, value in values.items() if value and (name, value) != ("box", "todo")}
        return f"{reverse('inbox')}?{urlencode(kept)}" if kept else reverse("inbox")


@endpoint(TAKE)
@require_GET
def inbox(request: Any) -> HttpResponse:
    """One box, narrowed as the address says."""
    view, scope, by = View.of(request.GET), request.scope, request.by
    places = inbox_rows.places(scope)
    try:
        page = processes.work_items(
            scope, by, box=view.box, after=view.after, **view.filters.asked(places, inbox_rows.turn())
        )
    except Invalid:
        return HttpResponseRedirect(view.address(after=""))
    kinds = processes.work_item_kinds()
    counts = processes.work_item_counts(scope, by, kind=view.filters.kind, area=view.filters.place(places))
    rows = inbox_rows.rows(page.items, kinds, view.box)
    context = {
        "tabs": _tabs(view, counts),
        "chips": _chips(view),
        "rows": rows,
        "view": view,
        "kinds": sorted(((code, _(kind.label)) for code, kind in kinds.items()), key=lambda one: one[1]),
        "places": places,
        "more": view.address(after=page.after) if page.after else "",
        "start": view.address(after="") if view.after else "",
        "acts": inbox_rows.acts(view.box, readable=any(row["readable"] for row in rows)),
        "narrowed": any(view.filters.values().values()),
        "ticket": inbox_rows.ticket(scope),
        "back": view.address(),
    }
    return render(request, "platform_official/inbox.html", context)


def _tabs(view: View, counts: dict[processes.Box, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": _(label),
            "count": inbox_rows.count_words(counts.get(box)),
            "current": box is view.box,
            "address": View(box, view.filters).address(),
        }
        for box, label in BOXES.items()
    ]


def _chips(view: View) -> list[dict[str, Any]]:
    turn = inbox_rows.turn()
    chosen = view.filters
    chips = [
        (_("不限期限"), {"due": ""}, not chosen.due),
        (_("临期"), {"due": "amber"}, chosen.due == "amber"),
        (_("超时"), {"due": "late"}, chosen.due == "late"),
    ]
    if turn:
        name = _("本班（{shift}）").format(shift=_(turn.name))
        chips.append((name, {"shift": "" if chosen.shift else "mine"}, bool(chosen.shift)))
    return [
        {"label": label, "current": current, "address": view.address(after="", **changed)}
        for label, changed, current in chips
    ]


@endpoint(TAKE)
@require_POST
def act(request: Any) -> HttpResponse:
    """Claim, release, watch or mark as read what was chosen. Nothing is decided here: that happens on its own page."""
    view, name = View.of(request.POST), request.POST.get("act", "")
    chosen = _chosen(request.POST.getlist("items"))
    perform = ACTS.get(name)
    if perform is None or not chosen:
        messages.warning(request, _("请先选择待办。"))
    elif name == "read":
        _read(request, chosen)
    else:
        _each(request, chosen, perform)
    return HttpResponseRedirect(view.address())


def _chosen(texts: list[str]) -> list[UUID]:
    try:
        return list(dict.fromkeys(UUID(text) for text in texts[:MOST_AT_ONCE]))
    except ValueError as error:
        raise Invalid("bad_item", "待办编号无法识别", where="items", remedy="请刷新待办列表") from error


def _each(request: Any, chosen: list[UUID], perform: Callable[[Any, UUID], None]) -> None:
    """One after the other, each with its own entry of evidence; what somebody else has taken is said, not hidden."""
    done, problems = 0, list[Problem]()
    for item in chosen:
        try:
            perform(request.by, item)
            done += 1
        except (Conflict, Missing, Stale) as problem:
            problems.append(problem)
    if done:
        messages.success(request, _("已处理{count}项。").format(count=done))
    _tell(request, problems)


def _read(request: Any, chosen: list[UUID]) -> None:
    try:
        done = processes.work_items_done(by=request.by, items=chosen)
    except (Conflict, Missing, Stale) as problem:
        _tell(request, [problem])
    else:
        messages.success(request, _("已处理{count}项。").format(count=done))


def _tell(request: Any, problems: Sequence[Problem]) -> None:
    if problems:
        text = ui.problem_words(problems[0])
        more = _("（另有{count}项未成）").format(count=len(problems) - 1) if len(problems) > 1 else ""
        messages.warning(request, text + more)


def _claim(by: Any, item: UUID) -> None:
    processes.work_item_claim(by=by, item=item)


def _release(by: Any, item: UUID) -> None:
    processes.work_item_release(by=by, item=item)


def _watch(by: Any, item: UUID) -> None:
    processes.work_item_watch(by=by, item=item)


def _unwatch(by: Any, item: UUID) -> None:
    processes.work_item_watch(by=by, item=item, watch=False)


ACTS: dict[str, Callable[[Any, UUID], None]] = {
    "claim": _claim,
    "release": _release,
    "watch": _watch,
    "unwatch": _unwatch,
    "read": _claim,  # taken as one, see _read
}

urlpatterns = [path("inbox/", inbox, name="inbox"), path("inbox/act/", act, name="inbox_act")]
