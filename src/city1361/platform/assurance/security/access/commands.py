"""`city1361 api describe`: the API's own description."""

from __future__ import annotations

import json

import click


@click.group()
def api() -> None:
    """The API under /api/v1."""


@api.command()
def describe() -> None:
    """Print the OpenAPI document. The one pinned by the tests is tests/contracts/openapi.json."""
    from city1361.platform.assurance.security.access.city_api import description

    click.echo(json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True))


commands = [api]
