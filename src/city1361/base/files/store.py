"""Where the bytes lie: a folder now, an object store behind the same door later. An address is a SHA-256, in hex."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from city1361.base.kernel.errors import Unavailable

_ADDRESS = re.compile(r"[0-9a-f]{64}")


class Store(Protocol):
    """Content by address. What is put is there in full, or not at all, also after a loss of power."""

    def put(self, content: bytes) -> str:
        """Keep `content` and give its address; putting it again changes nothing."""

    def get(self, address: str) -> bytes:
        """The content, checked against its address. Raises Unavailable when it is lost or altered."""

    def remove(self, address: str) -> None:
        """Let go of the content; nothing happens when it is not there."""

    def addresses(self, before: datetime) -> Iterator[str]:
        """Every address last put before a moment."""


class FolderStore:
    """A store in a local folder, two levels deep so that no folder grows long."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, address: str) -> Path:
        """Where the content of an address lies. Raises ValueError for what is no address."""
        if not _ADDRESS.fullmatch(address):
            raise ValueError(f"{address!r} is not a SHA-256 in hexadecimal")
        return self.root / address[:2] / address[2:4] / address

    def put(self, content: bytes) -> str:
        address = hashlib.sha256(content).hexdigest()
        path = self.path(address)
        try:
            if path.is_file() and path.read_bytes() == content:
                # Young again: a clean-up that listed it as old must not take it from its new owner.
                os.utime(path)
                return address
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            self._write(path, content)
        except OSError as error:
            raise Unavailable(
                "file_store",
                "文件暂时无法保存：{reason}",
                remedy="请稍后重试；如仍然失败，请系统管理员检查存储空间",
                params={"reason": error.strerror or type(error).__name__},
            ) from error
        return address

    def get(self, address: str) -> bytes:
        try:
            content = self.path(address).read_bytes()
        except OSError as error:
            raise _lost("file_lost", "文件登记在册，但存储中已找不到内容") from error
        if hashlib.sha256(content).hexdigest() != address:
            raise _lost("file_altered", "文件内容与登记的校验值不符")
        return content

    def remove(self, address: str) -> None:
        self.path(address).unlink(missing_ok=True)

    def addresses(self, before: datetime) -> Iterator[str]:
        for path in self.root.glob("??/??/*"):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= before:
                continue
            if _ADDRESS.fullmatch(path.name):
                yield path.name
            else:
                # Left by a process that died between writing and renaming.
                path.unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        """Write beside, flush to the disk, then rename: a reader sees all of it or none."""
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _lost(code: str, message: str) -> Unavailable:
    return Unavailable(code, message, remedy="请联系系统管理员从备份恢复")
