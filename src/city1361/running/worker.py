"""`city1361 worker`: one process, a few threads: the outbox drainer, the job loops and the sequencer of evidence."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from city1361 import configuration
from city1361.base.kernel import logs

GRACE_SECONDS = 8.0
LONGEST_WAIT = 15.0

logger = logging.getLogger("city1361.worker")


def keep(name: str, loop: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """Run `loop` until `stop`; when it fails (the data base restarts), say so and begin again, ever later."""
    wait = 0.5
    while not stop.is_set():
        begun = time.monotonic()
        try:
            loop(stop)
        except Exception:
            wait = 0.5 if time.monotonic() - begun > 60 else min(wait * 2, LONGEST_WAIT)
            logger.exception("%s failed and begins again in %.1f s", name, wait)
            stop.wait(wait)


def loops() -> dict[str, Callable[[threading.Event], None]]:
    """What the worker does; Django must be set up."""
    from city1361.base.evidence import api as evidence
    from city1361.base.outbox import api as outbox
    from city1361.centres.demonstration import api as demonstration

    always: dict[str, Callable[[threading.Event], None]] = {
        "outbox": outbox.run_drainer,
        "jobs": outbox.run_jobs,
        "evidence": evidence.run_sequencer,
    }
    return always | ({"day": demonstration.run_day} if demonstration.day_wanted() else {})


def run(stop: threading.Event) -> bool:
    """Run all loops until `stop` is set; True when all of them ended in time."""
    threads = [
        threading.Thread(target=keep, args=(name, loop, stop), name=name, daemon=True) for name, loop in loops().items()
    ]
    for thread in threads:
        thread.start()
    logger.info("worker runs %s", ", ".join(thread.name for thread in threads))
    stop.wait()
    end = time.monotonic() + GRACE_SECONDS
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0))
    return not any(thread.is_alive() for thread in threads)


def serve_metrics() -> None:
    """Measures, where this installation wants them."""
    from city1361.running import metrics

    host, _, port = configuration.text("CITY1361_METRICS").rpartition(":")
    if port:
        metrics.serve(host or "127.0.0.1", int(port))


def main() -> None:
    """Set Django up and work until SIGTERM or SIGINT."""
    import django

    logs.configure(configuration.text("CITY1361_LOG_LEVEL"))
    django.setup()
    serve_metrics()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if not run(stop):
        logger.warning("stopped before all work was done; what was left is taken up again later")
        sys.stderr.flush()
        os._exit(0)  # a job that does not end would hold the process for ever
