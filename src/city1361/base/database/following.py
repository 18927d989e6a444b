"""The write-ahead log, followed as it grows: every change of a server kept beside its backups, seconds after it was made.

`pg_receivewal` streams into a spool inside the data folder; what is whole is compressed, sealed like a backup and moved
into the folder of changes, one file a segment. A replication slot makes the server keep what has not come through yet,
so that a follower that was away misses nothing. Works alike for the embedded server and for one of one's own.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote, urlsplit

import psycopg

from city1361.base.database import binaries, programs
from city1361.base.database.place import flush_folder, write_whole
from city1361.base.database.sealing import SealedReader, SealingWriter, key_of
from city1361.base.kernel.errors import Conflict, Invalid, Unavailable

SLOT = "city1361_follow"
SPOOL = "following"
MARK = "changes.json"
SUFFIX = ".gz"
TLS = re.compile(r"sslmode=(require|verify-ca|verify-full)")
NAME = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")
LOOK, SWITCH, AGAIN = 1.0, 20.0, 5.0  # seconds: look for whole segments, make the open one whole, try again
MOVED = "SELECT pg_walfile_name(pg_current_wal_insert_lsn()), pg_current_wal_insert_lsn()::text"


@dataclass(slots=True)
class Following:
    """url: an address with the right to replicate. spool: ours alone, as it holds what is not sealed yet."""

    url: str
    major: int
    spool: Path
    folder: Path
    passphrase_file: Path | None
    switch_seconds: float = SWITCH

    def run(self, ended: Callable[[], bool], told: Callable[[str], None]) -> None:
        """Follow until `ended()`. A server that is away is waited for; what was whole before the end is kept."""
        key = opened(self.folder, self.passphrase_file, make=True)
        self.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        while not ended():
            with suppress(psycopg.Error, Unavailable):
                self._make_slot()
                self._stream(key, ended, told)
            if not ended():
                time.sleep(AGAIN)

    def _stream(self, key: bytes | None, ended: Callable[[], bool], told: Callable[[str], None]) -> None:
        with self._receiving() as child, psycopg.connect(self.url, autocommit=True) as session:
            switched, place = time.monotonic(), ""
            while not ended() and child.poll() is None:
                time.sleep(LOOK)
                if time.monotonic() - switched >= self.switch_seconds:
                    place, switched = _made_whole(session, place), time.monotonic()
                for segment in self._whole():
                    _keep(segment, self.folder / f"{segment.name}{SUFFIX}", key)
                    told(segment.name)
            if ended():
                self._rest(session, child, key, told)

    def _rest(
        self,
        session: psycopg.Connection,
        child: subprocess.Popen[bytes],
        key: bytes | None,
        told: Callable[[str], None],
    ) -> None:
        """A polite end: what was written until now goes along."""
        name = _made_whole(session, "").partition(" ")[0]
        limit = time.monotonic() + 10
        while time.monotonic() < limit and child.poll() is None:
            for segment in self._whole():
                _keep(segment, self.folder / f"{segment.name}{SUFFIX}", key)
                told(segment.name)
            if (self.folder / f"{name}{SUFFIX}").exists():
                return
            time.sleep(0.2)

    def _whole(self) -> list[Path]:
        return sorted(path for path in self.spool.iterdir() if NAME.fullmatch(path.name))

    def _make_slot(self) -> None:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as session:
            if not session.execute("SELECT 1 FROM pg_replication_slots WHERE slot_name = %s", [SLOT]).fetchone():
                session.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])

    @contextmanager
    def _receiving(self) -> Iterator[subprocess.Popen[bytes]]:
        parts = urlsplit(self.url)
        passwords = self.spool / ".passwords"
        write_whole(passwords, f"*:*:*:*:{_escaped(unquote(parts.password or ''))}\n", 0o600)
        bare = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@", 1), path="").geturl()
        child = subprocess.Popen(
            [
                _program(self.major, self.url),
                "-D",
                self.spool,
                "--slot",
                SLOT,
                "--synchronous",
                "--no-loop",
                "-d",
                bare,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # its complaints are heard
            env=programs.environment(PGPASSFILE=str(passwords)),
        )
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            passwords.unlink(missing_ok=True)


def _program(major: int, url: str) -> str:
    """The bundled one, for a server of one's own the newest: an older one refuses a newer server. Bundled ones cannot
    speak TLS; where the address demands it, the host's own is run.
    """
    if TLS.search(urlsplit(url).query):
        found = shutil.which("pg_receivewal")
        if found is None:
            raise Unavailable(
                "database_program_missing",
                "本机没有 {program}",
                remedy="请安装 PostgreSQL 客户端（版本不低于服务器）",
                params={"program": "pg_receivewal"},
            )
        return found
    return str(binaries.installation(major or binaries.NEWEST) / "bin" / "pg_receivewal")


def _escaped(password: str) -> str:
    return password.replace("\\", "\\\\").replace(":", "\\:")


def _made_whole(session: psycopg.Connection, before: str) -> str:
    """Close the open segment when something was written since `before`; returns where the log stands."""
    name, place = session.execute(MOVED).fetchone() or ("", "")
    if place != before.partition(" ")[2]:
        session.execute("SELECT pg_switch_wal()")
        place = (session.execute(MOVED).fetchone() or ("", place))[1]
    return f"{name} {place}"


# -- the folder of changes ---------------------------------------------------------------------------------------------


def opened(folder: Path, passphrase_file: Path | None, *, make: bool = False) -> bytes | None:
    """The key of a folder of changes, None when it is not sealed. Raises Invalid when it is none, or not opened so."""
    mark = folder / MARK
    if make and not mark.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Conflict(
                "folder_not_empty", "目录 {folder} 不是空的", remedy="请指定一个空目录", params={"folder": folder}
            )
        write_whole(mark, json.dumps({"salt": os.urandom(16).hex() if passphrase_file else ""}), 0o600)
    try:
        salt = bytes.fromhex(json.loads(mark.read_text())["salt"])
    except (OSError, ValueError, KeyError, TypeError):
        raise Invalid(
            "changes_damaged", "{folder} 不是变更归档目录", remedy="请核对目录", params={"folder": folder}
        ) from None
    if not salt:
        return None
    if passphrase_file is None:
        raise Invalid("passphrase_needed", "备份已加密", remedy="请用 --passphrase-file 给出口令文件")
    return key_of(passphrase_file, salt)


def _keep(segment: Path, target: Path, key: bytes | None) -> None:
    """Compress, seal, write whole, and only then forget the segment of the spool."""
    draft = target.with_name(f".{target.name}.draft")
    draft.unlink(missing_ok=True)
    with ExitStack() as stack:
        file = stack.enter_context(os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"))
        stream: IO[bytes] = file
        if key is not None:
            stream = cast("IO[bytes]", SealingWriter(file, key))
        with segment.open("rb") as source, gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as packed:
            shutil.copyfileobj(source, packed, 1 << 20)
        if key is not None:
            stream.close()
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    flush_folder(target.parent)
    segment.unlink()


def unpack(folder: Path, passphrase_file: Path | None, target: Path, first: str) -> int:
    """Lay the kept segments from `first` on into `target`, opened and verified; returns how many.

    Raises Invalid for one that is damaged, altered or missing: recovery would end at a gap without a word.
    """
    key, expected, count = opened(folder, passphrase_file), first, 0
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        name = path.name.removesuffix(SUFFIX)
        if not NAME.fullmatch(name) or name < first:
            continue
        if len(name) == len(first):
            if name[8:] != expected[8:]:
                raise _missing(expected, folder)
            expected = following_segment(name)
        _open_segment(path, target / name, key)
        count += 1
    return count


def fetch(folder: Path, passphrase_file: Path | None, name: str, target: Path) -> bool:
    """Open one segment into `target`; False when it is not kept, which PostgreSQL takes for the end."""
    path = folder / f"{name}{SUFFIX}"
    if not NAME.fullmatch(name) or not path.exists():
        return False
    _open_segment(path, target, opened(folder, passphrase_file))
    return True


def _open_segment(path: Path, target: Path, key: bytes | None) -> None:
    try:
        with path.open("rb") as file, target.open("wb") as out:
            stream = cast("IO[bytes]", SealedReader(file, key) if key is not None else file)
            with gzip.GzipFile(fileobj=stream, mode="rb") as packed:
                shutil.copyfileobj(packed, out, 1 << 20)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Invalid(
            "backup_damaged", "备份 {folder} 不完整或已改动", remedy="请换一份备份", params={"folder": path}
        ) from None


def _missing(name: str, folder: Path) -> Invalid:
    return Invalid(
        "changes_missing",
        "{folder} 中缺少变更段 {name}",
        remedy="请换一份更新的备份",
        params={"folder": folder, "name": name},
    )


def segment_of(timeline: int, place: str) -> str:
    """The name of the segment (16 MB) that holds a place of the log, such as 0/3000028."""
    high, low = (int(part, 16) for part in place.split("/"))
    return f"{timeline:08X}{high:08X}{low >> 24:08X}"


def following_segment(name: str) -> str:
    number = (int(name[8:16], 16) << 8 | int(name[16:], 16)) + 1
    return f"{name[:8]}{number >> 8:08X}{number & 0xFF:08X}"
