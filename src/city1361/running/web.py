"""The WSGI server of pages and API: gunicorn with threads. The measurements behind the choice: docs/adr/0003."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from city1361.running import lifeline

PROCESSES = max(2, min(os.cpu_count() or 1, 4))
THREADS = 4
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108: gunicorn's sign of life of a worker, best not on a disk


class Pages(BaseApplication):
    """The web application under gunicorn. It is loaded once, before the workers are forked: they share its memory,
    and one that dies is replaced at once.
    """

    cfg: Any

    def __init__(self, host: str, port: int, processes: int, threads: int) -> None:
        self.settings: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": processes,
            "worker_class": "gthread",
            "threads": threads,
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 8,
            "keepalive": 15,
            "control_socket_disable": True,
            "worker_tmp_dir": str(MEMORY_FOLDER) if MEMORY_FOLDER.is_dir() else None,
            "post_fork": lambda server, worker: lifeline.end_with_parent(),
        }
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        for name, setting in self.settings.items():
            self.cfg.set(name, setting)

    def load(self) -> Any:
        return import_app("city1361.wsgi:application")  # type: ignore[no-untyped-call]


def serve(host: str, port: int, processes: int = PROCESSES, threads: int = THREADS) -> None:
    """Serve until SIGTERM."""
    Pages(host, port, processes, threads).run()  # type: ignore[no-untyped-call]
