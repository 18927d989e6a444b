"""The folder of archived months: one folder a part, made under another name and moved there when it is whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from city1361.base.archive.terms import MANIFEST, Manifest, Part, TableOfMonth
from city1361.base.kernel.errors import Unavailable


def root() -> Path:
    return Path(settings.ARCHIVE_DIR)


@contextmanager
def making(name: str) -> Iterator[Path]:
    """A new folder for a part. Whole and on disk, it gets its name; whatever goes wrong, nothing stands there.

    What an interrupted run left under that name was never recorded, so nothing was cleared on the strength of it: it goes.
    """
    root().mkdir(mode=0o700, parents=True, exist_ok=True)
    draft, final = root() / f".{name}.writing", root() / name
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(final, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        yield draft
        for file in draft.iterdir():
            file.chmod(0o600)
            _to_disk(file)
        _to_disk(draft)
        draft.rename(final)
        _to_disk(root())
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def manifest(part: Part) -> Manifest:
    """The manifest, when it is the one that was recorded. Raises Unavailable."""
    path = root() / part.name / MANIFEST
    text = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(text).hexdigest() != part.manifest:
        raise altered(path)
    return Manifest.read(text)


def file_of(part: Part, table: TableOfMonth) -> Path:
    """The file of a table, when it is the one that was written. Raises Unavailable."""
    path = root() / part.name / table.file
    if not path.is_file() or sha256(path) != table.sha256:
        raise altered(path)
    return path


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def altered(path: Path) -> Unavailable:
    return Unavailable(
        "archive_altered",
        "归档文件 {path} 缺失或已被改动",
        where=path.parent.name,
        remedy="请从另存的副本取回该文件；数据库中的数据没有改动",
        params={"path": str(path)},
    )
