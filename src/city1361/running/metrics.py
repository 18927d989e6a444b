"""Measures for Prometheus, on a port of their own: what processes count, and what the data base tells when asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from city1361.base.database import api as database
from city1361.base.kernel import measures
from city1361.base.kernel.scope import Scope

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class OfModules(Collector):
    """What modules registered, read in one transaction of its own at every scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up, families = 1.0, dict[str, GaugeMetricFamily]()
        try:
            with database.scoped(Scope.everything()):
                for read in measures.readers().values():
                    for one in read():
                        family = families.setdefault(one.name, _family(one))
                        family.add_metric(list(one.labels.values()), one.value)
        except DatabaseError:
            up, families = 0.0, {}
        finally:
            connections.close_all()
        yield GaugeMetricFamily("city1361_database_up", "1 while the data base answers.", value=up)
        yield from families.values()


def _family(one: measures.Measure) -> GaugeMetricFamily:
    return GaugeMetricFamily(one.name, one.says, labels=list(one.labels))


class OfProcesses(Collector):
    """What the processes of this host counted; those that are gone keep their counts, not their gauges."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def collect(self) -> Any:
        for file in self.folder.glob("gauge_live*.db"):
            pid = int(file.stem.rsplit("_", 1)[1])
            if not Path(f"/proc/{pid}").exists():
                with suppress(FileNotFoundError):
                    mark_process_dead(pid, str(self.folder))  # type: ignore[no-untyped-call]
        return MultiProcessCollector(None, str(self.folder)).collect()  # type: ignore[no-untyped-call]


def serve(host: str, port: int) -> None:
    """Answer GET /metrics in a thread of this process. Raises OSError when the port is taken."""
    registry = CollectorRegistry()
    registry.register(OfModules())
    folder = os.environ.get(FOLDER, "")
    if folder and Path(folder).is_dir():
        registry.register(OfProcesses(Path(folder)))
    start_http_server(port, host, registry)
