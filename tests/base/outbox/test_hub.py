"""Who hears what, and what those who were away a moment are told."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from city1361.base.outbox.hub import RESYNC, WAITING, Hub
from city1361.base.outbox.ticket import Ticket


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def note(number: int, *topics: str) -> dict[str, Any]:
    return {"id": f"e{number}", "name": "x.y", "topics": list(topics), "version": number}


def ticket(*topics: str, issued: float = 1000.0) -> Ticket:
    return Ticket(token_hex(4), frozenset(topics), issued, issued + 3600)


def listening(ring: int = 10) -> tuple[Hub, Clock]:
    clock = Clock()
    hub = Hub(ring=ring, clock=clock)
    hub.hear()
    return hub, clock


def test_only_the_hearers_of_a_topic_are_told_and_only_of_their_own_topics() -> None:
    hub, _ = listening()
    first, other = hub.join(ticket("matter:1", "area:9"), ""), hub.join(ticket("matter:2"), "")
    hub.tell(note(1, "matter:1", "area:9", "area:secret"))
    told = first.take()
    assert told.startswith(b"id: e1\ndata: ")
    assert b'"topics":["area:9","matter:1"],"version":1' in told
    assert b"secret" not in told
    assert other.take() == b""


def test_one_who_returns_is_told_what_came_after_the_last_note_he_knows() -> None:
    hub, _ = listening()
    for number in range(1, 6):
        hub.tell(note(number, "matter:1" if number % 2 else "matter:2"))
    told = hub.join(ticket("matter:1"), "e1").take()
    assert [line for line in told.split(b"\n") if line.startswith(b"id:")] == [b"id: e3", b"id: e5"]


def test_one_who_was_away_longer_than_the_ring_remembers_must_look_anew() -> None:
    hub, _ = listening(ring=3)
    for number in range(1, 6):
        hub.tell(note(number, "matter:1"))
    assert hub.join(ticket("matter:1"), "e1").take() == RESYNC
    assert b"id: e5" in hub.join(ticket("matter:1"), "e4").take()


def test_a_new_page_is_told_what_came_between_its_making_and_its_connecting() -> None:
    hub, clock = listening()
    clock.time = 1010.0
    hub.tell(note(1, "matter:1"))
    clock.time = 1100.0
    hub.tell(note(2, "matter:1"))
    clock.time = 1102.0
    assert b"id: e2" in (told := hub.join(ticket("matter:1", issued=1099.0), "").take())
    assert b"id: e1" not in told
    assert hub.join(ticket("matter:1", issued=1110.0), "").take() == b""


def test_a_new_page_older_than_the_listening_or_the_ring_must_look_anew() -> None:
    hub, clock = listening(ring=2)
    assert hub.join(ticket("matter:1", issued=900.0), "").take() == RESYNC
    clock.time = 2000.0
    for number in range(5):
        hub.tell(note(number, "matter:1"))
    assert hub.join(ticket("matter:1", issued=1999.0), "").take() == RESYNC


def test_after_the_data_base_was_lost_everyone_looks_anew() -> None:
    hub, _ = listening()
    hub.tell(note(1, "matter:1"))
    stream = hub.join(ticket("matter:1", issued=1500.0), "e1")
    hub.deafen()
    assert hub.hearing_since is None
    hub.hear()
    assert stream.take() == RESYNC
    assert hub.join(ticket("matter:1"), "e1").take() == RESYNC


def test_a_hearer_too_slow_for_the_notes_is_told_to_look_anew_instead_of_filling_memory() -> None:
    hub, _ = listening(ring=WAITING * 3)
    stream = hub.join(ticket("matter:1", issued=2000.0), "")
    for number in range(WAITING + 5):
        hub.tell(note(number, "matter:1"))
    told = stream.take()
    assert told.startswith(RESYNC)
    assert told.count(b"id: ") == 4


def test_one_who_left_is_forgotten() -> None:
    hub, _ = listening()
    stream = hub.join(ticket("matter:1"), "")
    hub.leave(stream)
    hub.tell(note(1, "matter:1"))
    assert stream.take() == b""
    assert not hub.streams
    assert not hub.held


def test_the_streams_of_an_account_end_with_its_sessions_and_its_tickets_open_none() -> None:
    hub, clock = listening()
    mine, other = ticket("area:1", "ended:7"), ticket("area:1", "ended:8")
    stream, others = hub.join(mine, ""), hub.join(other, "")
    clock.time += 10
    hub.tell(note(1, "ended:7"))
    assert stream.closed
    assert not others.closed
    assert others.take() == b""
    assert hub.is_ended(mine)
    assert not hub.is_ended(other)
    assert not hub.is_ended(ticket("area:1", "ended:7", issued=clock.time + 1))
