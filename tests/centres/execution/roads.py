"""The road of a matter as the package draws it, compiled without a database."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from city1361.centres.execution.steps.drawn import DrawnRoad
from city1361.platform.components.processes import api as processes

PACKAGE = Path(__file__).resolve().parents[3] / "applications" / "government" / "city-management"


@lru_cache(maxsize=1)
def drawn() -> DrawnRoad:
    """The one process of city management, with the decision tables it asks."""
    everything = yaml.safe_load((PACKAGE / "processes.yaml").read_text("utf-8"))
    tables = {
        name: processes.load_table((PACKAGE / "decisions" / f"{name}.dmn").read_bytes(), table["variables"])
        for name, table in everything["decisions"].items()
    }
    xml = (PACKAGE / "processes" / "matter.bpmn").read_bytes()
    schema = everything["processes"]["matter"]["variables"]
    return DrawnRoad(processes.compile_process(xml, schema=schema, tables=tables))
