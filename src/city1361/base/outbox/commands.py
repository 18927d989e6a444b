"""`city1361 outbox`: what waits, what was given up, and trying it again."""

from __future__ import annotations

import click

from city1361.base.outbox import queries


@click.group()
def outbox() -> None:
    """Events that wait for delivery, and deliveries given up on."""


@outbox.command()
def status() -> None:
    """How far behind deliveries and jobs are."""
    behind = queries.backlog()
    click.echo(f"pending {behind.pending}  due {behind.due}  dead {behind.dead}  oldest {behind.oldest or '-'}")
    click.echo(f"failed jobs {queries.failed_jobs()}")


@outbox.command()
@click.option("--limit", default=100, show_default=True, help="how many at most")
def dead(limit: int) -> None:
    """Deliveries given up on, with their errors."""
    for delivery in queries.dead_deliveries(limit):
        click.echo(f"{delivery.event}  {delivery.name} → {delivery.reaction}  ×{delivery.attempts}")
        click.echo(f"    {delivery.last_error}")


@outbox.command()
def revive() -> None:
    """Try everything given up on again."""
    click.echo(f"revived {queries.revive_dead_deliveries()}")


commands = [outbox]
