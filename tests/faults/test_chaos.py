"""The short form of `just chaos`: everything is killed once under clients that keep a journal."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import chaos
from tests.faults.clients import Journal, Load, Town
from tests.faults.verdict import judge
from tests.running.installed import City, eventually


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with tempfile.TemporaryDirectory(prefix="city1361-chaos-") as place:
        Path(place).chmod(0o755)
        with chaos.installation(Path(place) / "city") as running:
            yield running


@pytest.fixture(scope="module")
def town(city: City) -> Town:
    return chaos.people(city)


def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(city: City, town: Town, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    with Load(town, journal, 8):
        for target in ("web", "database", "all"):
            chaos.strike(city, journal, target, 0.5)
    with chaos.superuser(city) as data:
        found = judge(journal, data)
    assert found.acknowledged > 60
    assert found.clean, found
    assert journal.refused == []
    assert eventually(lambda: chaos.settled(city), 60), "an event or a change of a count is never delivered"
    assert chaos.verb(city, "evidence", "verify") == 0
    assert chaos.verb(city, "counters", "check") == 0


def test_a_judge_that_finds_nothing_would_be_seen(city: City, town: Town, tmp_path: Path) -> None:
    """The control: a data base that acknowledges before it has written loses, and the journal tells."""
    assert chaos.forgetful(city, town, tmp_path).lost


def test_what_is_there_twice_is_found(city: City, town: Town, tmp_path: Path) -> None:
    """The control: two keys for one report are two matters."""
    journal = Journal(tmp_path / "journal.jsonl")
    tag = journal.mark + "0" * 24
    with Load(town, journal, 1) as load:
        load.over.set()
        client = load.clients[0]
        for _ in range(2):
            report = {"matter_type": "R02", "description": f"人行道砖松动 {tag}", "area_id": town.area}
            client.write("grid_worker", "/matters/", report, tag)
    with chaos.superuser(city) as data:
        assert judge(journal, data).doubled == [tag]
