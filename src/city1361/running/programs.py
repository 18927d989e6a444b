"""The programs of an installation, as its supervisor starts them: `python -m city1361.running.programs NAME …`.

Each begins by taking hold of the lifeline, so that none outlives the supervisor.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from city1361.running import lifeline


def web(host: str, port: str) -> None:
    """The pages and the API."""
    from city1361.running.web import serve

    serve(host, int(port))


def live(host: str, port: str) -> None:
    """The live streams."""
    from city1361.base.outbox.without_django import serve_live

    serve_live(host, port)


def worker() -> None:
    """Outbox, jobs and the sequencer of evidence."""
    from city1361.running.worker import main

    main()


def city(*arguments: str) -> None:
    """A verb of the command `city1361`."""
    from city1361.cli import main

    sys.argv = ["city1361", *arguments]
    main()


def demonstration(scale: str) -> None:
    """Bulk demonstration rows."""
    from city1361.running.demonstration import main

    main(scale)


PROGRAMS: dict[str, Callable[..., None]] = {
    program.__name__: program for program in (web, live, worker, city, demonstration)
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "city1361.settings")
    lifeline.hold()
    PROGRAMS[sys.argv[1]](*sys.argv[2:])
