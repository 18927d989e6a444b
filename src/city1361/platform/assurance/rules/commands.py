"""`city1361 calendar …`: look at the working calendar, and change it for the whole city."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from city1361.base.calendar import api as calendar
from city1361.base.calendar.api import DayKind, NamedDay, Rebuilt
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.platform.assurance.rules import api

_DAY = click.DateTime(formats=["%Y-%m-%d"])


def _by() -> By:
    return By.system("工作日历维护", channel="command")


def _said(rebuilt: Rebuilt) -> None:
    if rebuilt.since is None:
        click.echo("= 没有变化")
    else:
        click.echo(f"✓ 自 {rebuilt.since} 起 {rebuilt.days} 天的工作时间有变化")


@click.group("calendar")
def calendar_group() -> None:
    """The working calendar: holidays, make-up days, half days."""


@calendar_group.command("show")
@click.option("--from", "start", type=_DAY, help="first day; default: today")
@click.option("--days", type=click.IntRange(1, 366), default=31, show_default=True)
def show(start: datetime | None, days: int) -> None:
    """Print the days that differ from their weekday, and how far the calendar is known."""
    known = calendar.current()
    first = start.date() if start else clock.now().astimezone(known.table.zone).date()
    for day in (first + timedelta(days=n) for n in range(days)):
        named = calendar.day(day)
        if named is not None:
            click.echo(f"{day} {'班' if known.is_workday(day) else '休'} {named.name}（{named.source}）")
    click.echo(f"工作日历 {known.table.first} 至 {known.table.last}；节假日安排至 {known.covered_until}")


@calendar_group.command("override")
@click.argument("date", type=_DAY)
@click.argument("kind", type=click.Choice([kind.value for kind in DayKind]))
@click.argument("name")
@click.option("--source", required=True, help="the notice that says so")
def override(date: datetime, kind: str, name: str, source: str) -> None:
    """Enter one day over everything else said of it."""
    day = NamedDay(date.date(), DayKind(kind), name, source)
    _said(api.calendar_override(by=_by(), days=[day]))


@calendar_group.command("restore")
@click.argument("date", type=_DAY)
def restore(date: datetime) -> None:
    """Take an entered day back."""
    _said(api.calendar_override(by=_by(), restored=[date.date()]))


@calendar_group.command("announced")
@click.argument("until", type=_DAY)
def announced(until: datetime) -> None:
    """Say that the announced holidays have been entered up to a day."""
    _said(api.calendar_override(by=_by(), announced_until=until.date()))
    click.echo(f"节假日安排至 {calendar.covered_until()}")


@calendar_group.command("rebuild")
def rebuild() -> None:
    """Bring the calendar up to date with the year and the official holidays."""
    _said(api.calendar_rebuild(by=_by()))


commands = [calendar_group]
