"""The server of pages and API: granian, before a WSGI application. The measurements behind the choice: docs/adr/0003."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from django.urls import get_resolver
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops

from city1361 import configuration
from city1361.base.kernel import logs
from city1361.running import lifeline
from city1361.running.front import Front

PAGES = "city1361.wsgi"
PROCESSES = max(2, min(os.cpu_count() or 1, 4))
# Each thread that works holds a connection to the data base; few at a time keep the slowest answers short.
THREADS = 6
CONNECTIONS = 2_000  # open at once in each process; those that only wait cost little
GRACE_SECONDS = 8
TO_OUR_LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"_granian": {"handlers": [], "level": "INFO", "propagate": True}},
}


def application() -> Front:
    """The web application of one worker process, which ends with its server."""
    lifeline.end_with_parent()
    return Front(import_module(PAGES).application, THREADS)


def serve(host: str, port: int, processes: int = PROCESSES) -> None:
    """Serve until SIGTERM. A worker process that dies is replaced at once."""
    logs.configure(configuration.text("CITY1361_LOG_LEVEL"))
    # Loaded before the workers are forked: they share its memory, and a new one is there in an instant.
    import_module(PAGES)
    list(get_resolver().url_patterns)  # the addresses too, which Django would load with the first request
    lifeline.wait_for_call()
    Granian(
        f"{__name__}:{application.__name__}",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,
        http=HTTPModes.http1,
        websockets=False,
        workers=processes,
        backlog=CONNECTIONS * processes,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        log_dictconfig=TO_OUR_LOGS,
    ).serve()
