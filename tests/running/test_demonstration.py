"""Synthetic rows are made where somebody asked for a demonstration, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from city1361.base.kernel import registry
from city1361.running import bringing_up, demonstration
from city1361.running.installation import Installation
from city1361.running.progress import Progress
from city1361.running.supervisor import Supervisor


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    scales: list[str] = []
    only = {"matters": (10, lambda scale, report: scales.append(scale))}
    monkeypatch.setattr(registry, "_demonstration", only)
    return scales


@pytest.mark.parametrize(("on", "made"), [(True, ["town"]), (False, [])])
def test_a_city_in_service_gets_no_synthetic_rows(on: bool, made: list[str], asked: list[str], settings: Any) -> None:
    settings.DEMONSTRATION = on
    demonstration.main("town")
    assert asked == made


@pytest.mark.parametrize(
    ("written", "surrounding", "loads"),
    [("on", None, True), ("off", None, False), ("on", "off", False), ("off", "on", True)],
)
def test_the_load_is_begun_only_where_the_setting_says_so(
    written: str, surrounding: str | None, loads: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(bringing_up, "Background", lambda program, *_args, **_named: begun.append(program.name))
    installation = Installation(tmp_path / "data")
    installation.open()
    installation.set_settings(CITY1361_DEMONSTRATION=written)
    supervisor = Supervisor(installation, Progress())
    supervisor.environment.pop("CITY1361_DEMONSTRATION", None)
    if surrounding:
        supervisor.environment["CITY1361_DEMONSTRATION"] = surrounding
    bringing_up._load_demonstration(bringing_up.Options(tmp_path / "data"), installation, supervisor)
    supervisor.lifeline.cut()
    installation.close()
    assert begun == (["demonstration"] if loads else [])
