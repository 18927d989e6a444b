"""`city1361 api describe`: the API's own description. `city1361 application …`: who else may use it."""

from __future__ import annotations

import json

import click

from city1361.base.kernel.by import By

BY = By.system("命令行", channel="command")


@click.group()
def api() -> None:
    """The API under /api/v1."""


@api.command()
def describe() -> None:
    """Print the OpenAPI document. The one pinned by the tests is tests/contracts/openapi.json."""
    from city1361.platform.assurance.security.access.city_api import description

    click.echo(json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True))


@click.group()
def application() -> None:
    """Other applications that may use the API: each with a token of its own, for some permissions, in one area."""


@application.command()
@click.argument("code")
@click.option("--name", required=True, help="what evidence and people call it, e.g. 12345热线平台")
@click.option("--organisation", required=True, help="code of the organisation it belongs to")
@click.option("--area", required=True, help="code of the area it may reach")
@click.option(
    "--permission", "permissions", multiple=True, required=True, help="e.g. processes.push_work_item; may be repeated"
)
@click.option("--days", default=90, show_default=True, help="how long its token is valid")
def add(code: str, *, name: str, organisation: str, area: str, permissions: tuple[str, ...], days: int) -> None:
    """Let the application CODE use the API. Its token is shown once."""
    from city1361.platform.assurance.security.access import api as access
    from city1361.platform.assurance.standards.areas import api as areas
    from city1361.platform.assurance.standards.organisations import api as organisations

    token = access.application_add(
        by=BY,
        code=code,
        name=name,
        organisation=organisations.organisation_by_code(organisation).id,
        area=areas.by_code(area).id,
        permissions=permissions,
        days=days,
    )
    click.echo(f"✓ {code}\n  {token}")


@application.command()
@click.argument("code")
@click.option("--days", default=90, show_default=True, help="how long the new token is valid")
@click.option("--overlap", default=24, show_default=True, help="hours for which the old one still is")
def renew(code: str, days: int, overlap: int) -> None:
    """A new token for the application CODE, shown once."""
    from city1361.platform.assurance.security.access import api as access

    click.echo(f"✓ {code}\n  {access.application_renew(by=BY, code=code, days=days, overlap_hours=overlap)}")


@application.command()
@click.argument("code")
def revoke(code: str) -> None:
    """End every token of the application CODE at once."""
    from city1361.platform.assurance.security.access import api as access

    click.echo(f"✓ {code} ({access.application_revoke(by=BY, code=code)})")


@application.command()
@click.argument("code")
def end(code: str) -> None:
    """The application CODE may no longer use the API."""
    from city1361.platform.assurance.security.access import api as access

    access.application_end(by=BY, code=code)
    click.echo(f"✓ {code}")


@application.command("list")
def list_all() -> None:
    """Every application, its permissions, and whether it has ended."""
    from city1361.platform.assurance.security.access import api as access

    for one in access.applications():
        ended = f" † {one.ended_at:%Y-%m-%d}" if one.ended_at else ""
        click.echo(f"{one.code}  {one.name}  {' '.join(sorted(one.permissions))}{ended}")


commands = [api, application]
