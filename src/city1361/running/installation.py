"""The data folder of one installation: its lock, its secrets, and what has been done in it already."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from city1361.base.database import without_django as database
from city1361.base.kernel.errors import Conflict, Invalid
from city1361.running.texts import tell

SECRETS = ("SECRET_KEY", "PERSONAL_DATA_KEY", "LIVE_KEY")
SERVER = "server"
# What may stand in a folder before its settings file does: an earlier start may have been cut short there.
OURS = ("run.lock", "logs")
LOG_BYTES = 10_000_000
NEEDED_MEGABYTES = 800


def default_folder(place: Path) -> Path:
    """The folder used when none is named: `place`, or for root, where the server's account cannot reach `place`,
    a folder under /var/lib/city1361 that `place` then points to.
    """
    if os.geteuid() or place.exists() or database.blocked_at(place.absolute().parent) is None:
        return place
    name = hashlib.sha256(os.fsencode(place.absolute())).hexdigest()[:12]
    target = database.root_base() / f"data-{name}"
    for folder in (database.root_base(), target):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
    place.symlink_to(target)
    return place


class Installation:
    """A folder that belongs to this system. Only one supervisor uses it at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.settings = self.folder / "city1361.env"
        self.logs = self.folder / "logs"
        self.cast = self.folder / "cast.txt"
        self._done = self.folder / "done.json"
        self._lock: IO[str] | None = None

    def open(self) -> None:
        """Make the folder if need be and take its lock. Refuses a folder in use, not ours, not writable or full."""
        try:
            # As root the server runs as an account without rights, which must be able to pass through.
            self.folder.mkdir(mode=0o700 if os.geteuid() else 0o711, parents=True, exist_ok=True)
            foreign = not self.settings.exists() and any(item.name not in OURS for item in self.folder.iterdir())
            if foreign:
                raise self._refusal("not_ours", tell("目录不是空的，也不是本系统的数据目录"))
            self._take_lock()
            self.logs.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise self._refusal("unusable", error.strerror or str(error)) from error
        free = shutil.disk_usage(self.folder).free // 1_000_000
        if free < NEEDED_MEGABYTES:
            raise Invalid(
                "disk_full",
                tell(
                    "磁盘空间不足：{path} 仅剩 {free} MB，至少需要 {needed} MB",
                    path=self.folder,
                    free=free,
                    needed=NEEDED_MEGABYTES,
                ),
                remedy=tell("请清理磁盘，或用 --data 指定另一个目录"),
            )

    def _refusal(self, code: str, reason: str) -> Invalid:
        return Invalid(
            f"data_folder_{code}",
            tell("无法使用数据目录 {path}：{reason}", path=self.folder, reason=reason),
            remedy=tell("请检查权限，或用 --data 指定另一个目录"),
        )

    def _take_lock(self) -> None:
        lock = (self.folder / "run.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "?"
            lock.close()
            raise Conflict(
                "data_folder_in_use",
                tell("数据目录 {path} 正在被另一个进程使用（{holder}）", path=self.folder, holder=holder),
                remedy=tell("请先停止它，或用 --data 指定另一个目录"),
            ) from None
        self._lock = lock
        self.note(f"pid {os.getpid()}")

    def note(self, holder: str) -> None:
        """Say in the lock file who holds it, for the one who is refused."""
        if self._lock is None:
            raise RuntimeError("the folder is not open")
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(holder + "\n")
        self._lock.flush()

    def close(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def erase(self) -> None:
        """Remove everything this system keeps in the folder, except the lock that is held."""
        for item in self.folder.iterdir():
            if item.is_dir() and not item.is_symlink():
                shutil.rmtree(item)
            elif item.name != "run.lock":
                item.unlink()
        self.logs.mkdir(mode=0o700)

    def fill_secrets(self) -> None:
        """Make the secrets that are still missing. Nothing that stands there is changed."""
        self.set_if_missing(**{name: secrets.token_hex(32) for name in SECRETS})

    def set_if_missing(self, **values: str) -> None:
        """Write settings that do not stand in the settings file yet; what the user wrote there stays."""
        present = {line.split("=", 1)[0].strip() for line in self._lines() if "=" in line}
        self.set_settings(**{name: text for name, text in values.items() if name not in present})

    def has_own_database(self, environment: Mapping[str, str]) -> bool:
        """Whether a PostgreSQL of one's own is named: by environment, by file, or by hand in the settings file."""
        named = any(environment.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE"))
        by_hand = any(line.startswith("DATABASE_URL=") for line in self._lines())
        return named or (by_hand and not (self.folder / SERVER / "server.json").exists())

    def set_settings(self, **values: str) -> None:
        """Write settings into the settings file, so that other commands on this folder find them too."""
        kept = [line for line in self._lines() if line.split("=", 1)[0].strip() not in values]
        write_privately(self.settings, "\n".join([*kept, *(f"{name}={text}" for name, text in values.items())]) + "\n")

    def setting(self, name: str) -> str:
        """A setting as the settings file has it; empty when it is not there."""
        found = [text for line in self._lines() for key, _, text in [line.partition("=")] if key.strip() == name]
        return found[-1].strip() if found else ""

    def _lines(self) -> list[str]:
        return self.settings.read_text().splitlines() if self.settings.exists() else []

    def log(self, name: str) -> Path:
        """The log of a child; a large one is set aside once."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path

    def done(self, step: str) -> str:
        """The digest that `step` was last done for, or an empty string."""
        try:
            return str(json.loads(self._done.read_text()).get(step, ""))
        except (FileNotFoundError, ValueError):
            return ""

    def set_done(self, step: str, digest: str) -> None:
        known = json.loads(self._done.read_text()) if self._done.exists() else {}
        write_privately(self._done, json.dumps({**known, step: digest}, indent=1))


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner may read, in one piece: after a crash the old or the new one is there."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)


def digest_of(folders: Iterable[Path], *words: str) -> str:
    """A digest of `words` and of all files below `folders` that are worth a look (no caches)."""
    digest = hashlib.sha256("\0".join(words).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".pyc", ".mo", ".po"):
                digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
