"""`city1361 demo day | stop-day | start-day`."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import click
from django.conf import settings
from django.utils.timezone import get_default_timezone, localdate, localtime


@click.group()
def demo() -> None:
    """The demonstration: its cast and its day."""


@demo.command()
@click.option(
    "--speed", type=click.FloatRange(0.1, 3600), default=1.0, show_default=True, help="Times as fast as the clock."
)
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Which day: season and working hours are its.  [default: today]",
)
@click.option("--from", "begins", type=click.DateTime(["%H:%M"]), default="08:00", show_default=True)
@click.option("--until", "ends", type=click.DateTime(["%H:%M"]), default="20:00", show_default=True)
@click.option("--seed", default=1361, show_default=True, help="The same seed makes the same day.")
def day(speed: float, on: datetime | None, begins: datetime, ends: datetime, seed: int) -> None:
    """Play hours of a day in the life of the city: reports, hand-overs, whistles, rulings, visits, by synthetic people.

    Whatever happens is stamped with the real time. A stopped day goes on with what it has not done yet.
    """
    from city1361.centres.demonstration import playing

    if not settings.DEMONSTRATION:
        raise click.ClickException("only in a demonstration (CITY1361_DEMONSTRATION=on): a city in service holds what happened and nothing else")  # fmt: skip
    chosen, zone = on.date() if on else localdate(), get_default_timezone()
    first, last = (datetime.combine(chosen, moment.time(), zone) for moment in (begins, ends))
    if ends.time() == time(0):
        last += timedelta(days=1)

    def tell(played: playing.Played, at: datetime) -> None:
        told = (
            f"{localtime(at):%H:%M}  {played.reports} reports, {played.deeds} deeds, {played.refused.total()} refused"
        )
        click.echo(f"\r{told}", nl=False)

    played = playing.play(playing.Hours(chosen, first, last), seed, speed, tell)
    click.echo(f"\n✓ {played.reports} reports, {played.deeds} deeds")
    for code, count in played.refused.most_common():
        click.echo(f"  refused {count} × {code}")


@demo.command("stop-day")
def stop_day() -> None:
    """Stop the day that plays by itself in a demonstration."""
    from city1361.centres.demonstration import switch

    switch.stop()
    click.echo("✓")


@demo.command("start-day")
def start_day() -> None:
    """Let the day play by itself again."""
    from city1361.centres.demonstration import switch

    switch.start()
    click.echo("✓")


commands = [demo]
