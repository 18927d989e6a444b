"""Events as JSON, notifications that fit, waiting times: pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city1361.base.kernel.by import By
from city1361.base.kernel.ids import new_id
from city1361.base.outbox import decisions
from city1361.base.outbox.terms import Event


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class LampFailed(Event):
    name = "test_decisions.lamp_failed"
    lamp: UUID
    at: datetime
    colour: Colour
    version: int
    parts: tuple[str, ...] = ()
    facts: dict[str, int] | None = None

    def topics(self) -> tuple[str, ...]:
        return (f"lamp:{self.lamp}", "area:a-1", "area:a-1")


def lamp(**rest: object) -> LampFailed:
    given_parts: dict[str, object] = {"lamp": new_id(), "at": datetime(2026, 1, 2, tzinfo=UTC), "colour": Colour.RED}
    return LampFailed(**{**given_parts, "version": 3, **rest})  # type: ignore[arg-type]


def test_an_event_comes_back_from_json_as_it_was() -> None:
    event = lamp(parts=("globe", "pole"), facts={"watts": 40})
    payload = json.loads(json.dumps(decisions.payload_of(event)))
    assert decisions.event_from(event.name, payload) == event


def test_a_field_of_the_wrong_type_is_refused_before_it_is_stored() -> None:
    with pytest.raises(Exception, match="Unexpected"):
        decisions.payload_of(lamp(version="three"))


def test_an_event_of_an_older_version_is_read_with_its_defaults_and_a_newer_ones_extra_field_is_left_out() -> None:
    payload = decisions.payload_of(lamp())
    del payload["parts"]
    payload["invented_later"] = 1
    read = decisions.event_from(LampFailed.name, payload)
    assert isinstance(read, LampFailed)
    assert read.parts == ()


def test_an_unknown_event_or_a_missing_field_is_unreadable() -> None:
    with pytest.raises(decisions.UnreadableEvent, match=r"nobody\.knows"):
        decisions.event_from("nobody.knows", {})
    with pytest.raises(decisions.UnreadableEvent, match="lamp"):
        decisions.event_from(LampFailed.name, {})


def test_two_events_cannot_share_a_name_and_none_goes_without() -> None:
    with pytest.raises(TypeError, match="two events"):
        type("Impostor", (Event,), {"name": LampFailed.name})
    with pytest.raises(TypeError, match="needs a name"):
        type("Nameless", (Event,), {})


def test_topics_are_told_once_and_must_be_kind_and_id() -> None:
    event = lamp()
    assert decisions.checked_topics(event) == [f"lamp:{event.lamp}", "area:a-1"]

    @dataclass(frozen=True, slots=True)
    class Shouting(Event):
        name = "test_decisions.shouting"

        def topics(self) -> tuple[str, ...]:
            return ("everything\n\ndata: forged",)

    with pytest.raises(ValueError, match="not a topic"):
        decisions.checked_topics(Shouting())


def test_who_acted_comes_back_whole() -> None:
    by = By(
        new_id(),
        "值班员",
        "web",
        appointment=new_id(),
        organisation=new_id(),
        post="duty",
        trace="t1",
        on_behalf_of="AB岗",
    )
    assert decisions.by_from_json(json.loads(json.dumps(decisions.by_as_json(by)))) == by
    assert decisions.by_from_json(decisions.by_as_json(By.system("提醒"))) == By.system("提醒")


def test_waiting_doubles_up_to_an_hour() -> None:
    waits = [decisions.retry_delay(attempts) for attempts in range(1, decisions.MAXIMUM_ATTEMPTS + 1)]
    assert waits[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert waits == sorted(waits)
    assert max(decisions.retry_delay(50), waits[-1]) <= timedelta(hours=1)


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), max_size=60))
def test_notifications_fit_and_lose_and_double_nothing(sizes: list[int]) -> None:
    notes = [
        decisions.live_note(
            new_id(), "execution.matter_changed", [f"matter:{new_id()}" for _ in range(size)], {"version": 1}
        )
        for size in sizes
        if size
    ]
    written = decisions.notifications(notes)
    assert all(len(text.encode()) < 8000 for text in written)
    told = [(note["id"], topic) for text in written for note in json.loads(text) for topic in note["topics"]]
    assert told == [(note["id"], topic) for note in notes for topic in note["topics"]]


def test_the_contents_of_an_event_are_not_told_live() -> None:
    note = decisions.live_note(new_id(), "x.y", ["a:1"], {"secret": "red", "version": 4})
    assert set(note) == {"id", "name", "topics", "version"}
