"""The road of a matter as the package draws it, compiled without a database."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from city1361.centres.execution.drawn import DrawnRoad
from city1361.platform.components.processes import api as processes

PACKAGE = Path(__file__).resolve().parents[3] / "applications" / "government" / "city-management"


@lru_cache(maxsize=1)
def drawn() -> DrawnRoad:
    """The one process of city management."""
    declared = yaml.safe_load((PACKAGE / "processes.yaml").read_text("utf-8"))["processes"]["matter"]
    xml = (PACKAGE / "processes" / "matter.bpmn").read_bytes()
    return DrawnRoad(processes.compile_process(xml, schema=declared["variables"]))
