"""Verbs that look after the data base itself and start without Django: backup, restore, database migrate, upgrade, status."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from city1361 import configuration
from city1361.base.database import external, keeping, texts, upgrading
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel.errors import Refused
from city1361.base.kernel.terminal import tell

texts.declare()
PERCENT_EVERY = 2.0  # seconds


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


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--data", type=click.Path(path_type=Path), required=True, help="An empty or missing folder.")
@click.option("--passphrase-file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(folder: Path, data: Path, passphrase_file: Path | None) -> None:
    """Restore a backup into an empty data folder; the backup is verified first."""
    steps = Steps()
    keeping.restore(folder, data.absolute(), passphrase_file, tell=steps)
    steps.done("已恢复到 {folder}；启动：city1361 run --data {folder}", folder=data)


commands = [database, backup, restore]
