"""`city1361 instance check|load`: the verbs of the instance folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from city1361 import configuration
from city1361.base.kernel.errors import Problem
from city1361.base.kernel.terminal import tell
from city1361.platform.assurance.standards import texts  # noqa: F401 - declares its English


@click.group()
def instance() -> None:
    """Check or load an instance folder: the areas, organisations, codes and settings of one city."""


def _folder(path: Path | None) -> Path:
    return path or configuration.instance_folder()


@instance.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
def check(path: Path | None) -> None:
    """Name every fault of the folder at PATH by file and line. Touches no database."""
    from city1361.platform.assurance.standards.instance import api

    problems = api.check(_folder(path))
    _print_problems(problems)
    if problems:
        sys.exit(1)
    click.echo(f"✓ {_folder(path)}")


@instance.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
def load(path: Path | None) -> None:
    """Load the folder at PATH: all of it or nothing. A second load changes nothing."""
    from city1361.base.kernel.by import By
    from city1361.platform.assurance.standards.instance import api

    by = By.system("实例载入", channel="command")
    try:
        with api.listening(_Steps()):
            done = api.instance_load(by=by, path=_folder(path))
    except api.BrokenInstance as broken:
        _print_problems(broken.problems)
        click.echo(f"✗ {tell(broken.message, **broken.params)}", err=True)
        sys.exit(1)
    for section in done.sections:
        click.echo(f"✓ {section.name}: {section.summary if section.changed else tell('未变化')}")


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(f"✗ {problem.where}: {tell(problem.message, **problem.params)}", err=True)
        if problem.remedy:
            click.echo(f"  → {tell(problem.remedy, **problem.params)}", err=True)


class _Steps:
    """Prints each step of a load once when it begins and once when it ends, with the seconds so far."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.last = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        if what != self.last or done == total:
            click.echo(f"  {time.monotonic() - self.began:6.1f}s  {tell(what)} {done}/{total}")
            self.last = what


commands = [instance]
