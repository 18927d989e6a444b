"""`city1361 archive`: old months as Parquet, and back. Works as the owner of the tables."""

from __future__ import annotations

import sys

import click

from city1361.base.archive import texts  # noqa: F401 - declares its English
from city1361.base.database.without_django import as_owner
from city1361.base.kernel.by import By

BY = By.system("命令行", channel="command")
MONTH = click.argument("month", metavar="MONTH")


@click.group()
def archive() -> None:
    """Old months as Parquet, and back (归档): list, write, verify, clear, restore. Works as the owner of the tables."""
    as_owner()


@archive.command("list")
def list_months() -> None:
    """What was archived and what is old enough."""
    from city1361.base.archive import api

    for part in api.parts():
        size = f"{part.bytes / 1e6:,.1f} MB"
        click.echo(f"{part.name:<12} {part.stands:<9} {part.rows:>12,} rows {size:>12}  {part.manifest[:16]}")
    due = [month.text for month in api.due(by=BY)]
    click.echo(f"old enough: {', '.join(due) or '-'}  (nothing has happened since {api.before():%Y-%m-%d})")


@archive.command()
@MONTH
def write(month: str) -> None:
    """Write what may go of MONTH (YYYY-MM) into the archive's folder, and prove it. The data base stays as it is."""
    from city1361.base.archive import api

    part = api.month_write(by=BY, month=api.Month.parse(month), heard=_progress)
    click.echo(f"\n✓ {part.name}: {part.rows:,} rows, {part.bytes / 1e6:,.1f} MB, manifest {part.manifest}")


@archive.command()
@click.argument("month", metavar="[MONTH]", default="")
def verify(month: str) -> None:
    """Read the archive back row by row, and compare with the data base where the rows are still there."""
    from city1361.base.archive import api
    from city1361.base.kernel.errors import Problem
    from city1361.base.kernel.terminal import tell_problem

    wrong = 0
    for part in api.parts(api.Month.parse(month) if month else None):
        try:
            differs = api.verify(by=BY, part=part, heard=_progress)
        except Problem as problem:
            wrong += 1
            click.echo("\n" + "\n".join(tell_problem(problem)), err=True)
            continue
        note = f"; {differs} has changed in the data base since, write it anew" if differs else ""
        click.echo(f"\n✓ {part.name}: {part.rows:,} rows as they were{note}")
    sys.exit(1 if wrong else 0)


@archive.command()
@MONTH
def clear(month: str) -> None:
    """Take the rows of MONTH out of the data base, after the archive was proved again; give their space back."""
    from city1361.base.archive import api

    part = api.month_clear(by=BY, month=api.Month.parse(month), heard=_progress)
    click.echo(f"\n✓ {part.name}: {part.rows:,} rows are in the archive only")
    click.echo(f"  {api.reclaim(part.month) / 1e6:,.1f} MB given back")


@archive.command()
@MONTH
def restore(month: str) -> None:
    """Bring everything of MONTH that was cleared back into the data base, bit for bit."""
    from city1361.base.archive import api

    cleared = [part for part in api.parts(api.Month.parse(month)) if part.stands == "cleared"]
    for part in cleared:
        back = api.part_restore(by=BY, part=part, heard=_progress)
        click.echo(f"\n✓ {back.name}: {back.rows:,} rows are back")
    if not cleared:
        click.echo("nothing of that month was cleared")


def _progress(what: str, rows: int) -> None:
    click.echo(f"\r  {what:<44} {rows:>12,}", nl=False)


commands = [archive]
