"""What follows from a step: the stations of a matter and the ways between them, as its process declares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from city1361.centres.execution.decisions.facts import Facts
from city1361.centres.execution.terms import MatterState, Step

# What each step must be told, and what it may be told.
NEEDS: dict[Step, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Step.SEND_VERIFY: ((), ("text",)),
    Step.VERIFY_PASS: ((), ("text", "photos")),
    Step.VERIFY_FAIL: (("text",), ("photos",)),
    Step.ADMIT: (("handler_post",), ("matter_type", "level", "text")),
    Step.REFUSE: (("text",), ()),
    Step.ROUTE: (("handler_post",), ("text",)),
    Step.ASSIGN: (("lower_centre",), ("lead_post", "text")),
    Step.SEND_UP: (("text",), ()),
    Step.SEND_BACK: (("text",), ()),
    Step.TAKE_BACK: (("text",), ()),
    Step.REQUEST_RULING: (("text",), ("source_area",)),
    Step.DESIGNATE: (("party", "text"), ("clause",)),
    Step.ACKNOWLEDGE: ((), ("text",)),
    Step.TRANSFER: (("own_post",), ("text",)),
    Step.CC: (("organisation",), ("text",)),
    Step.DELEGATE: (("own_post",), ("text",)),
    Step.REPORT_PROGRESS: (("text",), ("photos",)),
    Step.REQUEST_CLOSE: (("result", "text"), ("photos",)),
    Step.CHECK_PASS: ((), ("text", "photos")),
    Step.CHECK_FAIL: (("text",), ("photos",)),
    Step.CLOSE: (("result",), ("text",)),
    Step.AGREE: ((), ("satisfaction", "text")),
    Step.REOPEN: (("text",), ("photos",)),
    Step.REQUEST_PAUSE: (("text",), ()),
    Step.REQUEST_SHELVE: (("text", "owner", "review_on"), ()),
    Step.REQUEST_EXTEND: (("text", "amount", "unit"), ()),
    Step.REQUEST_VOID: (("text",), ()),
    Step.PAUSE: ((), ("text",)),
    Step.SHELVE_MATTER: ((), ("text",)),
    Step.EXTEND: ((), ("text",)),
    Step.VOID: ((), ("text",)),
    Step.REJECT_REQUEST: (("text",), ()),
    Step.RESUME: ((), ("text",)),
    Step.REVIEW_SHELVED: (("text", "review_on"), ()),
    Step.UNSHELVE: (("text",), ()),
}
# What people mostly come for: a button of its own; the others stand in a menu.
PRIMARY = frozenset(
    {
        Step.VERIFY_PASS, Step.VERIFY_FAIL, Step.ADMIT, Step.ROUTE, Step.DESIGNATE, Step.ACKNOWLEDGE,
        Step.REPORT_PROGRESS, Step.REQUEST_CLOSE, Step.CHECK_PASS, Step.CHECK_FAIL, Step.CLOSE, Step.AGREE,
        Step.REOPEN, Step.PAUSE, Step.SHELVE_MATTER, Step.EXTEND, Step.VOID, Step.RESUME, Step.REVIEW_SHELVED,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Station:
    """Where a matter waits: its state, who holds it, the steps from there, those of them that leave it there."""

    state: MatterState
    holder: str
    steps: tuple[Step, ...]
    stays: frozenset[Step] = frozenset()
    element: str = ""


class Road(Protocol):
    """A declared process, as decisions ask it."""

    def station(self, state: MatterState) -> Station | None: ...

    def after(self, facts: Facts, step: Step) -> MatterState: ...
