"""`city1361 account …` and `city1361 demo cast`."""

from __future__ import annotations

import click

from city1361 import configuration
from city1361.base.kernel.by import By

BY = By.system("命令行", channel="command")


@click.group()
def account() -> None:
    """Accounts of people: create, disable, enable, a new password, forget a lost second factor."""


@account.command()
@click.argument("username")
@click.option("--title", required=True, help="job title shown to others, e.g. 系统管理员; never a person's name")
@click.option("--role", required=True, help="role code of roles.yaml, e.g. system_admin")
@click.option("--post", default="", help="code of the post; staff need one")
@click.option("--area", default="", help="code of the area the role is for")
def create(username: str, title: str, role: str, post: str, area: str) -> None:
    """Create an account with a first password, shown once, to be changed at the first sign-in."""
    from django.db import transaction

    from city1361.platform.assurance.security.accounts import api
    from city1361.platform.assurance.standards.areas import api as areas
    from city1361.platform.assurance.standards.organisations import api as organisations

    with transaction.atomic():
        new = api.account_create(by=BY, username=username, title=title)
        api.appointment_make(
            by=BY,
            account_id=new.id,
            role=role,
            post_id=organisations.post_by_code(post).id if post else None,
            area_id=areas.by_code(area).id if area else None,
        )
    click.echo(f"✓ {new.username}\n  {new.password}")


@account.command()
@click.argument("username")
def disable(username: str) -> None:
    """Disable an account; its sessions end at once."""
    from city1361.platform.assurance.security.accounts import api

    ended = api.account_disable(by=BY, account_id=api.account_named(username).id)
    click.echo(f"✓ {username} ({ended})")


@account.command()
@click.argument("username")
def enable(username: str) -> None:
    """Let a disabled account sign in again."""
    from city1361.platform.assurance.security.accounts import api

    api.account_enable(by=BY, account_id=api.account_named(username).id)
    click.echo(f"✓ {username}")


@account.command("renew-password")
@click.argument("username")
def renew_password(username: str) -> None:
    """Give an account a new first password, shown once."""
    from city1361.platform.assurance.security.accounts import api

    new = api.password_renew(by=BY, account_id=api.account_named(username).id)
    click.echo(f"✓ {new.username}\n  {new.password}")


@account.command("reset-mfa")
@click.argument("username")
def reset_mfa(username: str) -> None:
    """Forget the second factors of an account, as when a phone was lost; its sessions end."""
    from city1361.platform.assurance.security.accounts import api

    removed = api.second_factor_reset(by=BY, account_id=api.account_named(username).id)
    click.echo(f"✓ {username} ({removed})")


@click.group()
def demo() -> None:
    """The demonstration: its cast and its day."""


@demo.command()
def cast() -> None:
    """Make one account per role with passwords of this installation, and write them to <data>/cast.txt.

    Does nothing outside a demonstration (CITY1361_DEMONSTRATION).
    """
    from django.conf import settings

    from city1361.platform.assurance.security.accounts import cast as casting

    if not settings.DEMONSTRATION:
        click.echo("= CITY1361_DEMONSTRATION=off")
        return
    file = configuration.data_folder() / "cast.txt"
    people = casting.read(configuration.shipped("demo"), settings.INSTANCE["code"])
    for line in casting.make(people, file):
        click.echo(f"✓ {line.username}  {line.title}")
    click.echo(f"  {file}")


commands = [account, demo]
