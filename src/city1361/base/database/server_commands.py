"""Verbs that look after the data base itself and start without Django: backup, restore, database migrate, upgrade, status."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from city1361 import configuration
from city1361.base.database import keeping, upgrading
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel.errors import Refused

FOLDER = "server"


def _timed(title: str, started: float) -> None:
    click.echo(f"▸ {title}  {time.monotonic() - started:.1f} s")


def _embedded() -> EmbeddedServer:
    """The embedded server of the configured data folder; refused where a PostgreSQL of one's own is named."""
    server = EmbeddedServer(configuration.data_folder() / FOLDER)
    if not (server.folder / "server.json").exists():
        raise Refused(
            "no_embedded_server",
            "{folder} 中没有内置数据库",
            remedy="请用 CITY1361_DATA 指定数据目录；外部 PostgreSQL 请用它自己的工具备份",
            params={"folder": server.folder},
        )
    return server


@click.group()
def database() -> None:
    """The data base: migrate, upgrade, status."""


@database.command()
def migrate() -> None:
    """Bring the tables up to date, as the owner, and make the coming monthly partitions."""
    os.environ["CITY1361_DATABASE_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "city1361.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from city1361.base.database import api

    started = time.monotonic()
    call_command("migrate", interactive=False, verbosity=1)
    made = api.ensure_partitions()
    _timed(f"migrated, {made} partitions made", started)


@database.command()
def status() -> None:
    """Is the embedded server running, which version, where?"""
    server = _embedded()
    running = server.postmaster
    click.echo(
        f"PostgreSQL {server.major} in {server.cluster}: " + (f"running, pid {running}" if running else "stopped")
    )


@database.command()
@click.option("--to", "major", type=int, default=None, help="Major version; the newest that is bundled by default.")
def upgrade(major: int | None) -> None:
    """Move a stopped data folder to a newer PostgreSQL. The old folder is kept."""
    started = time.monotonic()
    kept = upgrading.upgrade(_embedded(), major, tell=click.echo)
    _timed(f"upgraded; the old data are kept in {kept}", started)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--passphrase-file", type=click.Path(path_type=Path, exists=True), help="Encrypt with AES-256-GCM.")
def backup(folder: Path, passphrase_file: Path | None) -> None:
    """Back up data base, files, keys and settings into FOLDER, and verify the copy."""
    started = time.monotonic()
    keeping.backup(_embedded(), configuration.data_folder(), folder, passphrase_file, tell=click.echo)
    _timed(f"backed up and verified: {folder}", started)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--data", type=click.Path(path_type=Path), required=True, help="An empty or missing folder.")
@click.option("--passphrase-file", type=click.Path(path_type=Path, exists=True))
def restore(folder: Path, data: Path, passphrase_file: Path | None) -> None:
    """Restore a backup into an empty data folder; the backup is verified first."""
    started = time.monotonic()
    keeping.restore(folder, data.absolute(), passphrase_file, tell=click.echo)
    _timed(f"restored: {data}. Start it with: city1361 run --data {data}", started)


commands = [database, backup, restore]
