"""Verbs that look after the data base itself and start without Django: backup, restore, database migrate, upgrade, status."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import click

from city1361 import configuration
from city1361.base.database import drilling, external, following, keeping, sealed_copy, texts, upgrading
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel.errors import Invalid, Refused
from city1361.base.kernel.terminal import tell

texts.declare()
PERCENT_EVERY = 2.0  # seconds
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
CHANGES = click.Path(path_type=Path, exists=True, file_okay=False)


class Steps:
    """Says each step when it begins, how far it is, and at the end how long all of it took."""

    def __init__(self) -> None:
        self._started = self._said = time.monotonic()

    def __call__(self, step: str, percent: int | None = None) -> None:
        if percent is None:
            click.echo(f"▸ {tell(step)}")
        elif time.monotonic() - self._said < PERCENT_EVERY:
            return
        else:
            click.echo(f"  {percent} %")
        self._said = time.monotonic()

    def done(self, text: str, **places: object) -> None:
        click.echo(f"✓ {tell(text, **places)}  {time.monotonic() - self._started:.1f} {tell('秒')}")


def _embedded() -> EmbeddedServer:
    """The embedded server of the configured data folder. Raises Refused where there is none."""
    server = EmbeddedServer.of_folder(configuration.data_folder() / keeping.SERVER)
    if not server.place.state_file.exists():
        raise Refused(
            "no_embedded_server",
            "{folder} 中没有内置数据库",
            remedy="请用 CITY1361_DATA 指定数据目录；外部 PostgreSQL 请用它自己的工具",
            params={"folder": configuration.data_folder()},
        )
    return server


def _moment(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no moment") from None
    if moment.tzinfo is None:
        raise click.BadParameter("say the offset too, e.g. +08:00")
    return moment


def _refuse_without_changes(changes: Path | None, to: datetime | None) -> None:
    if to is not None and changes is None:
        raise Invalid("changes_needed", "恢复到某一时刻需要变更归档", remedy="请用 --changes 指定目录", where="to")


@click.group()
def database() -> None:
    """The data base: migrate, upgrade, status."""


@database.command()
def migrate() -> None:
    """Bring the tables up to date, as the owner, and make the coming monthly partitions."""
    external.check_addresses(configuration.text("DATABASE_URL"), configuration.text("DATABASE_OWNER_URL"))
    os.environ["CITY1361_DATABASE_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "city1361.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from city1361.base.database import api

    steps = Steps()
    call_command("migrate", interactive=False, verbosity=1)
    steps.done("已迁移，新建分区 {made} 个", made=api.ensure_partitions())


@database.command()
def status() -> None:
    """Is the data base running, which version, where?"""
    if (configuration.data_folder() / keeping.SERVER).exists():
        server = _embedded()
        running = server.postmaster
        state = tell("运行中，进程 {pid}", pid=running) if running else tell("已停止")
        click.echo(f"PostgreSQL {server.major}  {server.cluster}  {state}")
        return
    major = external.check_addresses(configuration.text("DATABASE_URL"), configuration.text("DATABASE_OWNER_URL"))
    click.echo(f"PostgreSQL {major}  {tell('外部数据库')}")


@database.command()
@click.option("--to", "major", type=int, default=None, help="Major version; the newest that is bundled by default.")
def upgrade(major: int | None) -> None:
    """Move a stopped data folder to a newer PostgreSQL. The old folder is kept."""
    steps = Steps()
    kept = upgrading.upgrade(_embedded(), major, tell=click.echo)
    steps.done("已升级；旧数据保留在 {folder}", folder=kept)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Encrypt with AES-256-GCM."
)
def backup(folder: Path, passphrase_file: Path | None) -> None:
    """Back up data base, files, keys and settings into FOLDER (empty or missing), and verify the copy."""
    steps = Steps()
    keeping.backup(_embedded(), configuration.data_folder(), folder.absolute(), passphrase_file, tell=steps)
    steps.done("已备份并核对：{folder}", folder=folder)


@database.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--passphrase-file", type=FILE, help="Encrypt with AES-256-GCM; the same as the backup's.")
@click.option("--every", default=following.SWITCH, show_default=True, help="seconds after which a change is kept")
def follow(folder: Path, passphrase_file: Path | None, every: float) -> None:
    """Keep every change in FOLDER, seconds after it was made, until stopped: beside backups, for `restore --changes`."""
    url, major = configuration.text("DATABASE_FOLLOW_URL"), 0
    if not url:
        server = _embedded()
        url, major = server.urls.superuser, server.major
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    spool = configuration.data_folder() / following.SPOOL
    following.Following(url, major, spool, folder.absolute(), passphrase_file, every).run(ended.is_set, click.echo)


@database.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("name")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--passphrase-file", type=FILE)
def fetch(folder: Path, name: str, target: Path, passphrase_file: Path | None) -> None:
    """Open one followed segment of FOLDER: restore_command = 'city1361 database fetch FOLDER %f %p'."""
    if not following.fetch(folder, passphrase_file, name, target):
        raise SystemExit(1)


@database.command(context_settings={"ignore_unknown_options": True})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--passphrase-file", type=FILE, required=True)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def seal(folder: Path, passphrase_file: Path, command: tuple[str, ...]) -> None:
    """Seal what COMMAND writes into a new file of FOLDER: … -- pg_basebackup -D - --format=tar --wal-method=fetch."""
    click.echo(sealed_copy.seal(folder.absolute(), passphrase_file, command))


@database.command()
@click.argument("file", type=FILE)
@click.option("--passphrase-file", type=FILE, required=True)
def unseal(file: Path, passphrase_file: Path) -> None:
    """Write what is sealed in FILE: … | tar -x -C CLUSTER, then pg_verifybackup CLUSTER."""
    sealed_copy.unseal(file, passphrase_file, sys.stdout.buffer)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--data", type=click.Path(path_type=Path), required=True, help="An empty or missing folder.")
@click.option("--passphrase-file", type=FILE)
@click.option("--changes", type=CHANGES, help="The folder of `database follow`: go on to the last change kept there.")
@click.option("--to", callback=_moment, help="… or to this moment, with its offset: 2026-11-23T10:00:00+08:00.")
def restore(folder: Path, data: Path, passphrase_file: Path | None, changes: Path | None, to: datetime | None) -> None:
    """Restore a backup into an empty data folder; the backup is verified first."""
    steps = Steps()
    _refuse_without_changes(changes, to)
    last = keeping.restore(folder, data.absolute(), passphrase_file, steps, changes=changes, to=to)
    if last is not None:
        click.echo(f"  {tell('恢复到的最后一次变更：{moment}', moment=last.isoformat())}")
    steps.done("已恢复到 {folder}；启动：city1361 run --data {folder}", folder=data)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--passphrase-file", type=FILE)
@click.option("--changes", type=CHANGES, help="The folder of `database follow`.")
@click.option("--to", callback=_moment, help="Restore to this moment.")
@click.option("--head", "heads", multiple=True, type=FILE, help="Heads of evidence kept elsewhere; may be repeated.")
def drill(
    folder: Path, passphrase_file: Path | None, changes: Path | None, to: datetime | None, heads: tuple[Path, ...]
) -> None:
    """Restore a backup into a scratch folder, start it, verify evidence and count, say RPO and RTO, throw it away."""
    _refuse_without_changes(changes, to)
    original = EmbeddedServer.of_folder(configuration.data_folder() / keeping.SERVER)
    present = original if original.place.state_file.exists() else None
    steps = Steps()
    outcome = drilling.drill(folder, passphrase_file, steps, changes=changes, to=to, heads=heads, original=present)
    for name, (copy, there) in outcome.counts.items():
        click.echo(f"  {name:<44} {copy:>12}" + ("" if there is None else f"  {there - copy:+d}"))
    click.echo("\n".join(f"  {line}" for line in outcome.said.splitlines()))
    if outcome.behind is not None:
        click.echo(f"  RPO {outcome.behind:.1f} s  {tell('距最后一次恢复的变更')}")
    click.echo(f"  RTO {outcome.restored_in:.1f} s  {tell('核验另用')} {outcome.verified_in:.1f} s")
    if not outcome.holds:
        click.echo(f"✗ {tell('演练失败：存证核验未通过')}", err=True)
        raise SystemExit(1)
    steps.done("演练通过")


commands = [database, backup, restore, drill]
