"""The folder of an embedded server and what stands in it, with the rights each thing has.

`cluster` (the data, marked with its major version), `server.json` (port and passwords, 0600), `city1361.conf` (settings,
no secret), `log`, `lock`, `socket`. As root the folder and its files stay root's and only `cluster` and `socket` are given to the
account that runs the server: it cannot make root write anywhere else.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import stat
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from city1361.base.database import binaries, processes
from city1361.base.kernel.errors import Conflict, Invalid

SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.65535")
LOG_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class State:
    """What must survive a restart: the port and the password of each role."""

    port: int
    owner: str
    app: str
    superuser: str


class Place:
    """One folder. Nothing is made before `make` is called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.cluster = self.folder / "cluster"
        self.log = self.folder / "log"
        self.settings = self.folder / "city1361.conf"
        self.state_file = self.folder / "server.json"
        self._lock: IO[str] | None = None

    @property
    def person(self) -> pwd.struct_passwd | None:
        """The account that runs the server here; None when that is ourselves."""
        return processes.account(self.cluster)

    @property
    def major(self) -> int | None:
        """The major version that the cluster is marked with; None without a cluster."""
        mark = self.cluster / "PG_VERSION"
        return int(mark.read_text()) if mark.is_file() else None

    @property
    def sockets(self) -> Path:
        """Folder of the Unix socket: inside ours when its path is short enough for the kernel."""
        inside = self.folder / "socket"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
            return inside
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        if os.geteuid() == 0:
            return binaries.root_base() / "sockets" / name
        return Path(tempfile.gettempdir()) / f"city1361-{os.geteuid()}-{name}"

    # -- making it -------------------------------------------------------------------------------------------------

    def make(self) -> None:
        """Make the folder. Raises Invalid when we may not write there, or the server's account cannot come there."""
        self.refuse_unreachable()
        try:
            self._make_folders()
            self.give(self.sockets)
        except OSError as error:
            raise Invalid(
                "data_folder_unusable",
                "无法使用数据目录 {folder}：{reason}",
                remedy="请检查权限，或用 --data 指定另一个目录",
                params={"folder": self.folder, "reason": error.strerror or error},
            ) from error

    def refuse_unreachable(self) -> None:
        """Raise Invalid, naming the folder that is in the way; nothing has been made or changed then."""
        person = self.person
        blocked = processes.blocked_at(self.folder.parent, person)
        if person is not None and blocked is not None:
            raise Invalid(
                "data_folder_unreachable",
                "以 root 运行时数据库由账号“{account}”运行，但它无法进入 {folder}",
                remedy="请用 --data 指定它能进入的目录，或以普通用户运行",
                params={"account": person.pw_name, "folder": blocked},
            )

    def _make_folders(self) -> None:
        if self.person is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            return
        for step in [*reversed(self.folder.parents), self.folder]:
            if not step.exists():
                step.mkdir()
                step.chmod(0o711)
        self.folder.chmod(0o711)
        if self.sockets.parent != self.folder:
            binaries.open_folder(self.sockets.parent)

    def give(self, folder: Path) -> Path:
        """A folder of mode 0700 that belongs to whoever runs the server. Somebody else's, or a link, is refused."""
        folder.mkdir(mode=0o700, exist_ok=True)
        person, found = self.person, folder.lstat()
        ours = {os.geteuid()} if person is None else {0, person.pw_uid}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            raise Invalid(
                "folder_not_ours",
                "目录 {folder} 不属于本系统",
                remedy="请移走它，或用 --data 指定另一个目录",
                params={"folder": folder},
            )
        if person is not None:
            os.chown(folder, person.pw_uid, person.pw_gid, follow_symlinks=False)
        return folder

    def lend(self, name: str, text: str) -> Path:
        """A new file of mode 0600 in the socket folder that the server's account can read, for one program's use."""
        path, person = self.sockets / name, self.person
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as file:
            if person is not None:
                os.fchown(file.fileno(), person.pw_uid, person.pw_gid)
            file.write(text)
        return path

    # -- what is remembered ----------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Raises FileNotFoundError before the first start."""
        return State(**json.loads(self.state_file.read_text()))

    def write_state(self, state: State) -> None:
        """Whole or not at all, and only for our eyes."""
        write_whole(self.state_file, json.dumps(asdict(state)), 0o600)

    def recorded_pid(self) -> int | None:
        """The process id in `postmaster.pid`, alive or not."""
        with suppress(OSError, ValueError, IndexError):
            return int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        return None

    # -- the log and the lock --------------------------------------------------------------------------------------

    def open_log(self) -> IO[bytes]:
        """The log, to append to; a large one is set aside first."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_name("log.1"))
        return os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def take_lock(self) -> None:
        """Only one process looks after a folder. Raises Conflict when another one does."""
        if self._lock is not None:
            return
        lock = os.fdopen(os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise Conflict(
                "database_in_use",
                "数据库目录 {folder} 正在被另一个进程使用",
                remedy="请先停止它，或用 --data 指定另一个目录",
                params={"folder": self.folder},
            ) from None
        self._lock = lock

    def release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def write_whole(path: Path, text: str, mode: int) -> None:
    """Write a file in one piece: after a crash the old one or the new one stands there."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def flush_folder(folder: Path) -> None:
    """What was renamed in it stays so after a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
