"""The WSGI server of pages and API: gunicorn with threads. The measurements behind the choice: docs/adr/0003."""

from __future__ import annotations

import os
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from city1361.running import lifeline

PROCESSES = max(2, min(os.cpu_count() or 1, 4))
THREADS = 4


class Pages(BaseApplication):
    """The web application under gunicorn. It is loaded once, before the workers are forked: they share its memory,
    and one that dies is replaced at once.
    """

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
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: PTH112, S108
            "post_fork": lambda server, worker: lifeline.end_with_parent(),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, setting in self.settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, setting)

    def load(self) -> Any:
        return import_app("city1361.wsgi:application")


def serve(host: str, port: int, processes: int = PROCESSES, threads: int = THREADS) -> None:
    """Serve until SIGTERM."""
    Pages(host, port, processes, threads).run()
