"""`city1361 run` and `city1361 worker`. Nothing here imports Django: the first brings up the data base it needs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from city1361.base.kernel.errors import Problem

SCALES = ("town", "district", "city")


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="CITY1361_DATA",
    help="Folder of this installation.  [default: data]",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    default=8361,
    show_default=True,
    help="Port of the pages; live streams use the next one.",
)
@click.option(
    "--scale",
    type=click.Choice(SCALES),
    default="town",
    show_default=True,
    help="How many demonstration matters and resources are made. The areas are always whole.",
)
@click.option("--reset", is_flag=True, help="Erase this installation first and begin anew.")
def run(data: Path | None, host: str, port: int, scale: str, reset: bool) -> None:
    """Bring up the whole city on this machine and keep it running until Ctrl-C."""
    from city1361.running.bringing_up import Options, bring_up
    from city1361.running.installation import default_folder
    from city1361.running.progress import Progress

    # `./run` goes into its own folder first; a relative folder means the one it was called from.
    called_from = Path(os.environ.pop("CITY1361_CALLED_FROM", "."))
    try:
        folder = default_folder(Path("data")) if data is None else called_from / data
        bring_up(Options(folder.resolve(), host, port, scale, reset), Progress())
    except Problem as problem:
        click.echo(f"✗ {problem}", err=True)
        click.echo(f"  → {problem.remedy}", err=True)
        sys.exit(1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8361, show_default=True)
def web(host: str, port: int) -> None:
    """Serve pages and API until stopped: for a service manager; `run` brings everything up by itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "city1361.settings")
    from city1361.running.web import serve

    serve(host, port)


@click.command()
def worker() -> None:
    """Deliver events, run jobs and sequence evidence until stopped. One process; several may run at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "city1361.settings")
    from city1361.running.worker import main

    main()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8362, show_default=True)
def live(host: str, port: int) -> None:
    """Serve live streams until stopped."""
    from city1361.base.outbox.without_django import serve_live

    serve_live(host, str(port))


commands = [run, web, worker, live]
