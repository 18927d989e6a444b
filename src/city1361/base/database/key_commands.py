"""`city1361 keys`: another key for personal data, without a stop. Works as the owner of the tables."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from city1361 import configuration
from city1361.base.database.ownership import as_owner
from city1361.base.database.place import write_whole
from city1361.base.kernel.errors import Conflict, Refused
from city1361.base.kernel.terminal import tell

if TYPE_CHECKING:
    from city1361.base.database.resealing import Found

NAME = "PERSONAL_DATA_KEY"


@click.group()
def keys() -> None:
    """The key of personal data: rotate, reseal, status, drop."""


@keys.command()
@click.option("--prepare", is_flag=True, help="Only let every host know the new key; for several hosts, first of all.")
def rotate(prepare: bool) -> None:
    """Make a new key that seals from now on; the old ones still open. Restart every process afterwards.

    With several hosts: --prepare, restart all, rotate, restart all; then no host meets a key it does not know.
    """
    known = _keys()
    if prepare:
        _write([*known, secrets.token_hex(32)])
        click.echo(f"✓ {tell('新密钥已备好。请重启全部进程，再运行 city1361 keys rotate')}")
        return
    prepared = len(known) > 1 and _is_unused(known[-1])
    _write([known[-1], *known[:-1]] if prepared else [secrets.token_hex(32), *known])
    click.echo(f"✓ {tell('新密钥已启用。请重启全部进程，再运行 city1361 keys reseal')}")


@keys.command()
def reseal() -> None:
    """Seal everything anew under the first key. May be stopped and run again; the city goes on meanwhile."""
    as_owner()
    from city1361.base.database import resealing

    found = resealing.reseal(lambda table, done: click.echo(f"  {table} {done}"))
    click.echo(f"  {tell('已重新加密 {count} 项', count=found.done)}")
    _conclude(found)


@keys.command()
def status() -> None:
    """How many keys there are, and what still stands under an old one: read from every row."""
    as_owner()
    from city1361.base.database import resealing

    click.echo(f"  {tell('共 {count} 个密钥', count=len(_keys()))}")
    _conclude(resealing.left())


@keys.command()
def drop() -> None:
    """Forget the old keys, once nothing stands under them any more; refused before. Restart every process afterwards."""
    as_owner()
    from city1361.base.database import resealing

    found = resealing.left()
    if not found.clean:
        _conclude(found)
    _write(_keys()[:1])
    click.echo(f"✓ {tell('旧密钥已移除；仍需旧密钥才能打开此前的备份，请与备份一并另行保存')}")


def _conclude(found: Found) -> None:
    for where, count in found.left.items():
        click.echo(f"✗ {where}: {count}", err=True)
    if found.indexes:
        click.echo(f"✗ {tell('盲索引未更新：{count}', count=found.indexes)}", err=True)
    for where, count in found.stuck.items():
        click.echo(f"✗ {where}: {tell('{count} 项不知用途，无法重新加密', count=count)}", err=True)
    if not found.clean:
        raise SystemExit(1)
    click.echo(f"✓ {tell('旧密钥下已没有数据')}")


def _is_unused(key: str) -> bool:
    """Whether nothing is sealed under a key: it was only prepared."""
    as_owner()
    from city1361.base.database import personal, resealing

    return not resealing.standing_under([personal.number_of(key)])


def _keys() -> list[str]:
    return [word.strip() for word in configuration.text(NAME).split(",") if word.strip()]


def _write(known: list[str]) -> None:
    """Where the key stands: the settings file of the data folder, or the file it is named by."""
    source, text = configuration.value(NAME).source, ",".join(known)
    if source in ("environment", "default"):
        raise Refused(
            "key_not_in_a_file",
            "密钥来自{source}，无法代为更换",
            remedy="请把密钥放入文件，用 PERSONAL_DATA_KEY_FILE 指定",
            params={"source": source},
        )
    path = Path(source)
    if path != configuration.settings_file():
        write_whole(path, text + "\n", 0o600)
        return
    lines = path.read_text().splitlines()
    if not any(line.startswith(f"{NAME}=") for line in lines):
        raise Conflict("key_missing", "{path} 中没有密钥", params={"path": path})
    anew = [f"{NAME}={text}" if line.startswith(f"{NAME}=") else line for line in lines]
    write_whole(path, "\n".join(anew) + "\n", 0o600)


commands = [keys]
