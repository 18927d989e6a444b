"""The command `city1361`: each module brings its own verbs in its `commands.py`."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys

import click
import django

from city1361 import __version__
from city1361.base.kernel.errors import Problem
from city1361.base.kernel.terminal import tell_problem

# Verbs that must start without Django: they bring up the database that Django needs.
WITHOUT_DJANGO = (
    "city1361.running.commands",
    "city1361.base.database.server_commands",
    "city1361.base.database.key_commands",
    "city1361.base.archive.commands",
)
# Verbs of the modules, in the order of the house.
WITH_DJANGO = (
    "city1361.base.database.commands",
    "city1361.base.evidence.commands",
    "city1361.base.outbox.commands",
    "city1361.platform.assurance.standards.commands",
    "city1361.platform.assurance.rules.commands",
    "city1361.platform.assurance.security.accounts.commands",
    "city1361.platform.assurance.security.access.commands",
    "city1361.platform.components.processes.commands",
    "city1361.platform.applications.packages.commands",
    "city1361.centres.execution.commands",
    "city1361.centres.situation.commands",
    "city1361.centres.demonstration.commands",
)


class City(click.Group):
    """Loads the verbs of Django's modules only when one of them is asked for, so that `run` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load_all()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        if found is None:
            self._load_all()
            found = super().get_command(ctx, cmd_name)
        return found

    def _load_all(self) -> None:
        if getattr(self, "_loaded", False):
            return
        self._loaded = True
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "city1361.settings")
        django.setup()
        for path in WITH_DJANGO:
            _add(self, path)


def _add(group: click.Group, path: str) -> None:
    if importlib.util.find_spec(path) is None:
        return
    for command in importlib.import_module(path).commands:
        known = group.commands.get(command.name)
        if isinstance(known, click.Group) and isinstance(command, click.Group):
            known.commands.update(command.commands)  # several modules bring verbs of one noun
        else:
            group.add_command(command)


@click.group(cls=City, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="city1361")
def city1361() -> None:
    """The operating system of a digital city."""


for _path in WITHOUT_DJANGO:
    _add(city1361, _path)


def main() -> None:
    """Run a verb; a Problem becomes one clear sentence and exit status 1 instead of a traceback."""
    try:
        city1361(standalone_mode=True)
    except Problem as problem:
        click.echo("\n".join(tell_problem(problem)), err=True)
        sys.exit(1)
