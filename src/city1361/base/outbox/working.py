"""The worker's side of jobs: three queues, each with a loop of its own, in one event loop of one thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connections
from procrastinate import App, JobContext
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

from city1361.base.outbox.queueing import DEFAULT_QUEUE, PERIODIC_QUEUE, RESCUE_QUEUE, board

HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0
# queue, jobs at once, seconds between looks. No LISTEN: its NOTIFY would slow down every commit that defers a job.
LOOPS = ((DEFAULT_QUEUE, 2, 1.0), (PERIODIC_QUEUE, 2, 1.0), (RESCUE_QUEUE, 1, 5.0))


@cache
def _app() -> App:
    app = App(connector=PsycopgConnector(kwargs=connector_params("default"), min_size=1, max_size=4))
    app.add_tasks_from(board, namespace="")
    return app


def run_jobs(stop: threading.Event, *, grace: float = 5.0) -> None:
    """Run jobs until `stop` is set; those still running `grace` seconds later are left to be rescued.

    Raises when the data base goes away: the caller starts it again.
    """
    asyncio.run(_run(stop, grace))


def closed_afterwards(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """Jobs run in passing threads of a pool: none leaves its connection to the data base behind there."""
    try:
        return call_next()
    finally:
        connections.close_all()


async def _run(stop: threading.Event, grace: float) -> None:
    app = _app()
    async with app.open_async():
        workers = [
            Worker(
                app=app,
                queues=[queue],
                name=queue,
                concurrency=concurrency,
                fetch_job_polling_interval=seconds,
                listen_notify=False,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                shutdown_graceful_timeout=grace,
                task_middleware=[closed_afterwards],
            )
            for queue, concurrency, seconds in LOOPS
        ]
        running = [asyncio.create_task(worker.run()) for worker in workers]  # type: ignore[no-untyped-call]
        while not stop.is_set() and not any(task.done() for task in running):
            await asyncio.sleep(0.25)
        for worker in workers:
            worker.stop()  # type: ignore[no-untyped-call]
        results = await asyncio.gather(*running, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    if not stop.is_set():
        raise ConnectionError("a job loop ended by itself")
