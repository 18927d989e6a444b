"""`city1361 process …`: what moves by itself, and the kinds of work items that other applications push."""

from __future__ import annotations

import click

from city1361.base.kernel.by import By

BY = By.system("命令行", channel="command")


@click.group()
def process() -> None:
    """Processes: services that were given up, kinds of work items of other applications."""


@process.command("retry-services")
def retry_services() -> None:
    """Have service calls that were given up tried again."""
    from city1361.platform.components.processes import api

    click.echo(f"✓ {api.retry_services()}")


@process.command("kind-add")
@click.argument("application")
@click.argument("code")
@click.option("--label", required=True, help="what people read in their inbox, e.g. 待办证照")
@click.option(
    "--prefix", required=True, help="what the addresses of its work items begin with, e.g. https://permits.example/"
)
def kind_add(application: str, code: str, label: str, prefix: str) -> None:
    """Let APPLICATION push work items of the kind CODE."""
    from city1361.platform.components.processes import api

    api.work_item_kind_register(by=BY, source=application, code=code, label=label, prefix=prefix)
    click.echo(f"✓ {application}.{code}")


@process.command("kind-end")
@click.argument("code")
def kind_end(code: str) -> None:
    """No more work items of the kind CODE (application.kind) are pushed; what is open stays."""
    from city1361.platform.components.processes import api

    api.work_item_kind_withdraw(by=BY, code=code)
    click.echo(f"✓ {code}")


commands = [process]
