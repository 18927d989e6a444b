"""`city1361 ticket-system …`: other systems that send tickets, and the secrets shared with them."""

from __future__ import annotations

from datetime import timedelta

import click

from city1361.base.kernel.by import By

BY = By.system("命令行", channel="command")


@click.group("ticket-system")
def ticket_system() -> None:
    """Systems such as 12345 that send tickets here and are told what becomes of them."""


@ticket_system.command("list")
def list_systems() -> None:
    """The registered systems and where they are told."""
    from city1361.centres.execution import api

    for one in api.ticket_systems():
        click.echo(f"{one.code}  {one.name}  {one.address or '-'}")


@ticket_system.command()
@click.argument("code")
@click.option("--address", default="", help="where its web-hooks are sent; empty: it is not told")
def register(code: str, address: str) -> None:
    """Register the system CODE of matters.yaml, or change its address. A new secret is shown once."""
    from city1361.centres.execution import api

    secret = api.ticket_system_register(by=BY, code=code, address=address)
    click.echo(f"✓ {code}" + (f"\n  {secret}" if secret else ""))


@ticket_system.command("rotate-secret")
@click.argument("code")
@click.option("--overlap", default=24, show_default=True, help="hours for which the old one is still believed; 0: none")
def rotate_secret(code: str, overlap: int) -> None:
    """A new secret for the system CODE, shown once."""
    from city1361.centres.execution import api

    secret = api.ticket_secret_rotate(by=BY, code=code, overlap=timedelta(hours=max(0, overlap)))
    click.echo(f"✓ {code}\n  {secret}")


commands = [ticket_system]
