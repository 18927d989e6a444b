"""A line of the inbox, its filters and its buttons, as the templates want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from city1361.base.kernel import clock
from city1361.base.kernel.scope import AreaRef, Level, Scope
from city1361.base.outbox import api as outbox
from city1361.base.ui import api as ui
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.components.processes import api as processes
from city1361.platform.portals.official.registration import clocks_of
from city1361.platform.portals.official.shifts import Turn, on_duty

BOXES = {
    processes.Box.TODO: "待办",
    processes.Box.CLAIMED: "已领",
    processes.Box.DONE: "已办",
    processes.Box.WATCHED: "关注",
}
MOST_COUNTED = 1000
ACTS = {
    "claim": ("领取", "c"),
    "release": ("退领", "r"),
    "watch": ("加关注", "w"),
    "unwatch": ("取消关注", "w"),
    "read": ("标为已阅", "m"),
}
ACTS_OF = {
    processes.Box.TODO: ("claim", "watch", "read"),
    processes.Box.CLAIMED: ("release", "watch"),
    processes.Box.DONE: ("watch",),
    processes.Box.WATCHED: ("unwatch",),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """kind: a kind of work item; area: an id; due: late or amber; shift: mine."""

    kind: str = ""
    area: str = ""
    due: str = ""
    shift: str = ""

    @classmethod
    def of(cls, given: Any) -> Filters:
        due, shift = given.get("due", ""), given.get("shift", "")
        return cls(
            given.get("kind", "").replace("\x00", "\ufffd")[:60],
            given.get("area", "")[:40],
            due if due in ("late", "amber") else "",
            shift if shift == "mine" else "",
        )

    def values(self) -> dict[str, str]:
        return {"kind": self.kind, "area": self.area, "due": self.due, "shift": self.shift}

    def place(self, known: Sequence[tuple[str, str, AreaRef]]) -> AreaRef | None:
        return next((ref for id_, _name, ref in known if id_ == self.area), None)

    def asked(self, known: Sequence[tuple[str, str, AreaRef]], turn: Turn | None) -> dict[str, Any]:
        """The same as arguments of the query."""
        now = clock.now()
        return {
            "kind": self.kind,
            "area": self.place(known),
            "due_by": now if self.due == "late" else None,
            "amber_by": now if self.due == "amber" else None,
            "on_duty": (turn.starts, turn.ends) if turn and self.shift else None,
        }


def turn() -> Turn | None:
    """The shift on duty now, by the hours of the instance."""
    return on_duty(settings.INSTANCE.get("shifts", []), timezone.localtime(clock.now()))


def places(scope: Scope) -> list[tuple[str, str, AreaRef]]:
    """The areas right below mine: (id, name, area)."""
    below = [one for area in sorted(scope.areas) if area.level is not Level.GRID for one in areas.children(area.id)]
    return [(str(one.id), one.short_name, AreaRef(one.level, one.id)) for one in below]


def ticket(scope: Scope) -> str:
    """A live ticket for the boxes of my organisations."""
    topics = [f"inbox:{one}" for one in sorted(scope.organisations)]
    return outbox.live_ticket(topics, account=scope.account) if topics else ""


def count_words(count: int | None) -> str:
    if count is None:
        return ""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def acts(box: processes.Box, *, readable: bool) -> list[dict[str, str]]:
    """The buttons above a box: only what is harmless for several at once. readable: something may be marked as read."""
    names = [name for name in ACTS_OF[box] if name != "read" or readable]
    return [{"name": name, "label": _(ACTS[name][0]), "key": ACTS[name][1]} for name in names]


def rows(
    items: Sequence[processes.WorkItemView], kinds: Mapping[str, processes.Kind], box: processes.Box
) -> list[dict[str, Any]]:
    """The lines of a page, with the names of their places read at once."""
    lowest = {item.id: item.grid_id or item.village_id or item.town_id or item.district_id for item in items}
    lineages = areas.lineages([area for area in lowest.values() if area])
    now, told = clock.now(), clocks_of([item for item in items if _runs(item)])
    return [
        _row(item, kinds.get(item.kind), _place(lowest[item.id], lineages), told.get(item.id) or _clock(item, now), box)
        for item in items
    ]


def _place(area: UUID | None, lineages: Mapping[UUID, areas.Lineage]) -> str:
    found = lineages.get(area) if area else None
    return str(found) if found else ""


def _row(
    item: processes.WorkItemView, kind: processes.Kind | None, place: str, left: ui.Clock | None, box: processes.Box
) -> dict[str, Any]:
    return {
        "item": item,
        "kind": _(kind.label) if kind else item.kind,
        "place": place,
        "clock": left if box is not processes.Box.DONE else None,
        "who": _who(item, box),
        "at": item.done_at if box is processes.Box.DONE else item.opened_at,
        "foreign": bool(item.source),
        "readable": bool(kind and kind.bulk),
    }


def _who(item: processes.WorkItemView, box: processes.Box) -> str:
    if item.done_who and box in (processes.Box.DONE, processes.Box.WATCHED):
        return _("{who}已办").format(who=item.done_who)
    return _("{who}已领").format(who=item.claimed_who) if item.claimed_who and not item.mine else ""


def _runs(item: processes.WorkItemView) -> bool:
    return item.due_at is not None and item.state in (processes.WorkItemState.OPEN, processes.WorkItemState.CLAIMED)


def _clock(item: processes.WorkItemView, now: datetime) -> ui.Clock | None:
    """What is left in natural time until it is due: amber once it presses, red once it is over."""
    if item.due_at is None or not _runs(item):
        return None
    left, whole = item.due_at - now, max(item.due_at - item.opened_at, timedelta(minutes=1))
    late = left <= timedelta(0)
    soon = not late and item.amber_at is not None and item.amber_at <= now
    tone = ui.Tone.LATE if late else ui.Tone.SOON if soon else ui.Tone.NORMAL
    share = min(max(1 - left / whole, 0.0), 1.0)
    return ui.Clock("", int(left / timedelta(minutes=1)) or (-1 if late else 0), share, due=item.due_at, tone=tone)
