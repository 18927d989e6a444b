"""Sixty requests of a real city, told again as matters: nothing is lost, and every limit is what a second count says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.scenarios import replaying

HERE = Path(__file__).resolve()
REQUESTS = HERE.parents[1] / "data" / "requests311.csv"


@pytest.mark.django_db
def test_sixty_requests_lose_nothing_and_keep_every_limit() -> None:
    with REQUESTS.open(encoding="utf-8", newline="") as file:
        requests = list(csv.DictReader(file))
    made = replaying.replayed(requests, HERE.parents[2] / "instances" / "tiny")
    assert made.wrong == []
    assert len(made.matters) == len({matter.number for matter in made.matters.values()}) == len(requests) == 60
    closed = [one for one in made.matters.values() if one.state.value == "closed"]
    assert len(closed) == sum(bool(row["closed_date"]) for row in requests)
    assert made.limits > 3 * len(requests)
