"""`city1361 counters …`: prove the counts, or count anew."""

from __future__ import annotations

import sys

import click

from city1361.base.kernel.by import By

BY = By.system("命令行", channel="command")


@click.group()
def counters() -> None:
    """The counts behind every figure (计数)."""


@counters.command()
def check() -> None:
    """Hold every count against a recount of all matters and visits; the status is 0 only when all agree."""
    from city1361.centres.situation import api

    found = api.check(BY)
    for line in found.differences:
        click.echo(f"  {line}")
    mark = "✗" if found.differing else "✓"
    click.echo(f"{mark} {found.compared} counts compared, {found.differing} differ, {found.seconds:.1f} s")
    if found.differing:
        click.echo("  run `city1361 counters rebuild` to count anew; what was found stays in evidence")
        sys.exit(1)


@counters.command()
def rebuild() -> None:
    """Count every matter and visit anew, as of one moment; nobody waits for it."""
    from city1361.centres.situation import api

    click.echo(f"✓ {api.rebuild(BY)} matters counted")


@counters.command()
def fold() -> None:
    """Add up what waits, as the worker does every few seconds."""
    from city1361.centres.situation import api

    click.echo(f"✓ {api.fold()} changes added up")


commands = [counters]
