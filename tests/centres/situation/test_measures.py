"""What Prometheus is told of matters moves with them, and the reference names every measure there is."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from city1361.base.database import api as database
from city1361.base.kernel import clock, measures
from city1361.base.kernel.scope import Scope
from city1361.centres.situation import folding
from tests.centres.execution import matters

ROOT = Path(__file__).resolve().parents[3]
NAMED = re.compile(r'"(city1361_[a-z_]+)"')


def told() -> dict[str, float]:
    with database.scoped(Scope.everything()):
        return {one.name: one.value for one in measures.readers()["situation.matters"]()}


@pytest.mark.django_db
def test_a_limit_that_is_breached_is_told() -> None:
    before = told()
    at = matters.coming_workday()
    with clock.frozen(at):
        matters.handling()
        folding.fold()
        reported = told()
    with clock.frozen(at + timedelta(days=20)):
        late = told()
    assert reported["city1361_matters_in_hand"] == before["city1361_matters_in_hand"] + 1
    assert reported["city1361_limits_breached"] == before["city1361_limits_breached"]
    assert late["city1361_limits_breached"] == before["city1361_limits_breached"] + 1


def test_the_reference_names_every_measure_and_alerts_ask_for_no_other() -> None:
    sources = [*ROOT.glob("src/city1361/**/measures.py"), ROOT / "src/city1361/running/metrics.py"]
    sources.append(ROOT / "src/city1361/base/outbox/live.py")
    there = {name for file in sources for name in NAMED.findall(file.read_text("utf-8"))}
    there = {f"{name}_total" if name == "city1361_requests" else name for name in there}
    reference = set(re.findall(r"`(city1361_[a-z_]+)`", (ROOT / "docs/reference/measures.md").read_text("utf-8")))
    assert reference == there
    alerts = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text("utf-8"))
    asked = {name for rule in alerts["groups"][0]["rules"] for name in re.findall(r"city1361_[a-z_]+", rule["expr"])}
    assert asked <= there
