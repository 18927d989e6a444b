"""`city1361 package check|install|withdraw|new|list|test`: the verbs of application packages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from django.utils import translation

from city1361.base.kernel.errors import Problem, fill
from city1361.base.kernel.terminal import chinese, tell
from city1361.platform.applications.packages import texts  # noqa: F401 - declares its English


@click.group()
def package() -> None:
    """Check, install or begin an application package: an application that is data, without Python."""


@package.command()
@click.argument("path")
def check(path: str) -> None:
    """Name every fault of the package at PATH (a folder, a .zip, or the id of a known one). Touches no database."""
    from city1361.platform.applications.packages import api

    problems = api.check(api.locate(path))
    _print_problems(problems)
    if problems:
        sys.exit(1)
    click.echo(f"✓ {path}")


@package.command()
@click.argument("path")
@click.option("--accept", is_flag=True, help="agree to the permissions that the package asks for")
@click.option("--preview", is_flag=True, help="say what would change, and change nothing")
def install(path: str, accept: bool, preview: bool) -> None:
    """Install or upgrade the package at PATH, or the known one with that id: all of it or nothing."""
    from city1361.base.kernel.by import By
    from city1361.platform.applications.packages import api

    by, source = By.system("应用包安装", channel="command"), api.locate(path)
    try:
        seen = api.package_preview(by=by, source=source)
        _print_preview(seen)
        if preview:
            return
        if seen.asks and not accept:
            click.echo(f"✗ {tell('请核对以上权限；同意请加上--accept再次安装')}", err=True)
            sys.exit(1)
        done = api.package_install(by=by, source=source, accepted=seen.asks)
    except api.BrokenPackage as broken:
        _print_problems(broken.problems)
        click.echo(f"✗ {_said(broken.message, broken.params)}", err=True)
        sys.exit(1)
    click.echo(f"✓ {done.package} {done.number}" if done.changed else f"✓ {done.package}: {tell('未变化')}")


@package.command()
@click.argument("package_id")
def withdraw(package_id: str) -> None:
    """End what the package with this id brought. What was filed with it stays."""
    from city1361.base.kernel.by import By
    from city1361.platform.applications.packages import api

    api.package_withdraw(by=By.system("应用包下线", channel="command"), package=package_id)
    click.echo(f"✓ {package_id}")


@package.command()
@click.argument("package_id")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=Path("applications"))
def new(package_id: str, into: Path) -> None:
    """Begin a package: a folder <system>/<name> that already passes the check."""
    from city1361.platform.applications.packages import beginning

    click.echo(f"✓ {beginning.begin(package_id, into)}")


@package.command("list")
def list_packages() -> None:
    """The packages that are installed, and those that can be."""
    from city1361.platform.applications.packages import api

    there = {one.id: one for one in api.packages()}
    for name in sorted({*there, *api.available()}):
        one = there.get(name)
        if one is None:
            click.echo(f"  {name}  {tell('未安装')}")
        else:
            state = tell("已下线") if one.withdrawn_at else one.digest[:12]
            click.echo(f"✓ {name}  {one.manifest.version}  {tell('第{number}版', number=one.number)}  {state}")


@package.command()
@click.argument("path")
def test(path: str) -> None:
    """Run the scenarios of the package at PATH, which must be installed, as the demonstration's cast. Leaves nothing."""
    from city1361.platform.applications.packages import api
    from city1361.platform.applications.packages.contents import compiled

    with api.opened(api.locate(path)) as found:
        _print_problems(found.problems)
        if found.problems:
            sys.exit(1)
        reports = api.run_scenarios(found.manifest.id, compiled(found.package)["scenarios"])
    for report in reports:
        click.echo(f"{'✗' if report.faults else '✓'} {report.name}", err=bool(report.faults))
        for message, params in report.faults:
            click.echo(f"  → {_said(message, params)}", err=True)
    if any(report.faults for report in reports):
        sys.exit(1)


def _print_preview(seen: object) -> None:
    from city1361.platform.applications.packages.actions import Preview

    if not isinstance(seen, Preview) or seen.unchanged:
        return
    click.echo(f"{seen.package}  {seen.title}  {seen.version}")
    for mark, names in (("+", seen.files.added), ("~", seen.files.changed), ("-", seen.files.dropped)):
        for name in names:
            click.echo(f"  {mark} {name}")
    for section, summary in seen.summaries.items():
        if summary:
            click.echo(f"  {section}: {summary}")
    for permission in seen.permissions:
        click.echo(f"  {tell('权限')} {permission}{tell('（新）') if permission in seen.asks else ''}")


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(f"✗ {problem.where}: {_said(problem.message, problem.params)}", err=True)
        if problem.remedy:
            click.echo(f"  → {_said(problem.remedy, problem.params)}", err=True)


def _said(text: str, places: dict[str, object]) -> str:
    """A sentence that pages show too, in the terminal's language: its English stands in their catalogue."""
    if chinese():
        return fill(text, places)
    with translation.override("en"):
        english = translation.gettext(text)
    return fill(english, places) if english != text else tell(text, **places)


commands = [package]
