"""What follows from a step: the stations of a matter and the ways between them, as its process declares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from city1361.centres.execution.decisions.facts import Facts
from city1361.centres.execution.terms import MatterState, Step

S = MatterState

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


class Road(Protocol):
    """A declared process, as decisions ask it."""

    def station(self, state: MatterState) -> Station | None: ...

    def after(self, facts: Facts, step: Step) -> MatterState: ...


Way = MatterState | Callable[[Facts], MatterState]


@dataclass(frozen=True, slots=True)
class TableRoad:
    """A road given as a table of ways."""

    stations: Mapping[MatterState, Station]
    ways: Mapping[tuple[MatterState, Step], Way]

    def station(self, state: MatterState) -> Station | None:
        return self.stations.get(state)

    def after(self, facts: Facts, step: Step) -> MatterState:
        way = self.ways.get((facts.state, step), facts.state)
        return way if isinstance(way, MatterState) else way(facts)


def _returned(facts: Facts) -> MatterState:
    return S.DESIGNATING if facts.returned_count >= facts.returns_before_ruling else S.DISPATCHING


WAYS: dict[tuple[MatterState, Step], Way] = {
    (S.VERIFYING, Step.VERIFY_PASS): S.REPORTED,
    (S.VERIFYING, Step.VERIFY_FAIL): S.REPORTED,
    (S.VERIFYING, Step.REFUSE): S.REFUSED,
    (S.REPORTED, Step.ADMIT): S.ADMITTED,
    (S.REPORTED, Step.REFUSE): S.REFUSED,
    (S.REPORTED, Step.SEND_VERIFY): S.VERIFYING,
    (S.REPORTED, Step.SEND_UP): S.ADMITTED,
    (S.REPORTED, Step.ASSIGN): S.ADMITTED,
    (S.REPORTED, Step.REQUEST_RULING): S.DESIGNATING,
    (S.DISPATCHING, Step.ROUTE): S.ADMITTED,
    (S.DISPATCHING, Step.ASSIGN): S.ADMITTED,
    (S.DISPATCHING, Step.SEND_UP): S.ADMITTED,
    (S.DISPATCHING, Step.SEND_BACK): _returned,
    (S.DISPATCHING, Step.REQUEST_RULING): S.DESIGNATING,
    (S.DESIGNATING, Step.DESIGNATE): S.ADMITTED,
    (S.ADMITTED, Step.ACKNOWLEDGE): lambda facts: S.DISPATCHING if facts.to_centre else S.HANDLING,
    (S.ADMITTED, Step.SEND_BACK): _returned,
    (S.ADMITTED, Step.TAKE_BACK): S.DISPATCHING,
    (S.HANDLING, Step.SEND_BACK): _returned,
    (S.HANDLING, Step.REQUEST_CLOSE): S.CLOSE_REQUESTED,
    (S.CLOSE_REQUESTED, Step.CHECK_PASS): S.CHECKED,
    (S.CLOSE_REQUESTED, Step.CHECK_FAIL): S.HANDLING,
    (S.CHECKED, Step.CLOSE): S.CLOSED,
    (S.CHECKED, Step.AGREE): S.CLOSED,
    (S.CLOSED, Step.AGREE): S.CLOSED,
    (S.CLOSED, Step.REOPEN): S.HANDLING,
}
_ASK = (
    Step.REQUEST_EXTEND, Step.REQUEST_PAUSE, Step.REQUEST_SHELVE, Step.REQUEST_VOID, Step.EXTEND, Step.PAUSE,
    Step.SHELVE_MATTER, Step.REJECT_REQUEST, Step.RESUME, Step.REVIEW_SHELVED, Step.UNSHELVE,
)  # fmt: skip
_VOID = (Step.REQUEST_VOID, Step.REJECT_REQUEST)
STAYS: dict[MatterState, tuple[Step, ...]] = {
    S.REPORTED: _VOID,
    S.DISPATCHING: (*_VOID, Step.CC),
    S.ADMITTED: (*_VOID, Step.CC),
    S.HANDLING: (Step.REPORT_PROGRESS, Step.TRANSFER, Step.DELEGATE, Step.TAKE_BACK, Step.CC, *_ASK),
    S.CHECKED: _VOID,
}
WAYS |= {(state, Step.VOID): S.VOIDED for state in STAYS}
TABLE = TableRoad(
    {
        state: Station(
            state,
            "",
            tuple(dict.fromkeys([*(one for at, one in WAYS if at is state), *STAYS.get(state, ())])),
            frozenset(STAYS.get(state, ())),
        )
        for state in MatterState
    },
    WAYS,
)
