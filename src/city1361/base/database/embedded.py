"""An embedded PostgreSQL: a folder, its cluster, and one server that only this machine can reach.

Needs no Django. Everything is in `folder`: `cluster` (the data, marked with its major version), `server.json`
(port and passwords, mode 0600), `log`, `lock`. As root the server runs as an existing unprivileged account.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from city1361.base.database import binaries, processes
from city1361.base.kernel.errors import Conflict, Invalid, Unavailable

DATABASE, OWNER, APP, SUPERUSER = "city1361", "city1361_owner", "city1361_app", "city1361_superuser"
PATIENCE = 15.0
SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.65535")
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
password_encryption = scram-sha-256
max_connections = 60
shared_buffers = 96MB
max_worker_processes = 4
max_parallel_workers = 2
max_locks_per_transaction = 256
max_wal_size = 512MB
checkpoint_timeout = 10min
wal_level = replica
max_wal_senders = 4
jit = off
timezone = 'UTC'
idle_in_transaction_session_timeout = 60s
log_line_prefix = '%m [%p] %q%u@%d '
logging_collector = off
"""
UNSAFE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses of the data base by role. The superuser is for backups, upgrades and tests."""

    owner: str
    app: str
    superuser: str


@dataclass(frozen=True, slots=True)
class _State:
    port: int
    owner: str
    app: str
    superuser: str


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class EmbeddedServer:
    """One PostgreSQL server and its folder.

    folder: made if missing. major: of a new cluster (an old one keeps its own). port: fixed, or chosen once and kept.
    durable=False gives up safety for speed and is for tests only.
    """

    def __init__(self, folder: Path, major: int | None = None, port: int | None = None, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.cluster = self.folder / "cluster"
        self.major = major or self._marked_major() or binaries.NEWEST
        self._port = port
        self._durable = durable
        self._lock: IO[str] | None = None

    # -- what is there ---------------------------------------------------------------------------------------------

    def _marked_major(self) -> int | None:
        mark = self.cluster / "PG_VERSION"
        return int(mark.read_text()) if mark.is_file() else None

    @property
    def _state_file(self) -> Path:
        return self.folder / "server.json"

    @property
    def _state(self) -> _State:
        return _State(**json.loads(self._state_file.read_text()))

    @property
    def urls(self) -> Urls:
        """TCP addresses on 127.0.0.1. Raises FileNotFoundError before the first start."""
        state = self._state
        place = f"@127.0.0.1:{state.port}/{DATABASE}"
        return Urls(
            f"postgresql://{OWNER}:{state.owner}{place}",
            f"postgresql://{APP}:{state.app}{place}",
            f"postgresql://{SUPERUSER}:{state.superuser}{place}",
        )

    @property
    def sockets(self) -> Path:
        """Folder of the Unix socket: inside ours when its path is short enough for the kernel."""
        inside = self.folder / "socket"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
            return inside
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"city1361-{os.geteuid()}-{name}"

    @property
    def postmaster(self) -> int | None:
        """Process id of the living server of this folder."""
        pid = self._recorded_pid()
        return pid if pid and processes.serves(pid, self.cluster) else None

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    # -- start and stop --------------------------------------------------------------------------------------------

    def start(self) -> Urls:
        """Make the cluster if need be, recover from a crash, start, and return the addresses.

        Raises Conflict when the folder is in use or of another major version, Invalid when it cannot be reached.
        """
        self._make_folder()
        self._take_lock()
        try:
            new = self._marked_major() is None
            if new:
                self._initialise()
            self._refuse_other_major()
            if not processes.wait_until(lambda: self.postmaster is None or self._answers(), PATIENCE):
                self._end_silent()
            if self.postmaster is None:
                self._clear_after_crash()
                self._choose_port()
                self._configure()
                self._launch()
            if new:
                self._make_roles()
        except BaseException:
            self._release_lock()
            raise
        return self.urls

    def stop(self, mode: str = "fast") -> None:
        """Stop the server ("smart", "fast", "immediate"), with all its processes. Nothing happens when none runs."""
        pid = self.postmaster
        if pid is not None:
            done = self._run("pg_ctl", "stop", "-D", self.cluster, "-m", mode, "-w", "-t", "30", check=False)
            if done.returncode or processes.alive(pid):
                processes.end([pid, *processes.members(pid)], signal.SIGKILL)
        self._clear_after_crash()
        self._release_lock()

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        person = processes.account()
        if person is None:
            self.folder.chmod(0o700)
        else:
            self.folder.chmod(0o711)
            blocked = processes.blocked_at(self.folder)
            if blocked is not None:
                raise Invalid(
                    "data_folder_unreachable",
                    "以 root 运行时数据库由账号“{account}”运行，但它无法进入 {folder}",
                    remedy="请用 --data 指定它能进入的目录，或以普通用户运行",
                    params={"account": person.pw_name, "folder": blocked},
                )
        self._own_folder(self.sockets)

    def _own_folder(self, folder: Path) -> None:
        """A folder of mode 0700 that belongs to whoever runs the server; somebody else's is refused."""
        folder.mkdir(mode=0o700, exist_ok=True)
        person = processes.account()
        if person is not None:
            os.chown(folder, person.pw_uid, person.pw_gid)
        elif folder.stat().st_uid != os.geteuid():
            raise Invalid("socket_folder_not_ours", "目录 {folder} 属于别人", params={"folder": folder})

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = (self.folder / "lock").open("a+")
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

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _refuse_other_major(self) -> None:
        marked = self._marked_major()
        if marked != self.major:
            raise Conflict(
                "other_major_version",
                "数据目录属于 PostgreSQL {marked}，当前程序是 PostgreSQL {major}",
                remedy="请先备份，然后运行 city1361 database upgrade",
                params={"marked": marked, "major": self.major},
            )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.urls.superuser, dbname="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end_silent(self) -> None:
        """A server that lives but does not answer is ended; its cluster recovers like after any crash."""
        pid = self.postmaster
        if pid is not None:
            processes.end([pid, *processes.members(pid)], signal.SIGKILL)
            processes.wait_until(lambda: not processes.alive(pid), PATIENCE)

    def _clear_after_crash(self) -> None:
        """Make a killed server's folder startable: end its orphans, and do not let a zombie pass for the living."""
        pid = self._recorded_pid()
        if pid is None or processes.serves(pid, self.cluster):
            return
        processes.end(processes.backends_of(self.cluster, pid), signal.SIGKILL)
        if not processes.wait_until(lambda: not processes.backends_of(self.cluster, pid), 15):
            raise Unavailable("orphans_remain", "上次异常退出的数据库进程仍未结束", remedy="请稍后再试")
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    # -- the cluster -----------------------------------------------------------------------------------------------

    def _initialise(self) -> None:
        """initdb into a draft folder that becomes the cluster only when it is whole."""
        passwords = {role: secrets.token_urlsafe(24) for role in ("owner", "app", "superuser")}
        self._write_state(_State(self._port or _free_port(), **passwords))
        self.make_empty_cluster("cluster.draft", self.major).rename(self.cluster)

    def make_empty_cluster(self, name: str, major: int) -> Path:
        """A fresh cluster of `major` in our folder, with this server's superuser and no other role."""
        draft = self.folder / name
        shutil.rmtree(draft, ignore_errors=True)
        self._own_folder(draft)
        password = self.sockets / "password"
        password.write_text(self.superuser_password)
        self.own(password, 0o600)
        try:
            words = ["--auth=scram-sha-256", f"--pwfile={password}", f"--username={SUPERUSER}"]
            words += ["--data-checksums", "--encoding=UTF8", "--no-locale"]
            words += [] if self._durable else ["--no-sync"]
            self._run("initdb", "-D", draft, *words, major=major)
        finally:
            password.unlink()
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write("include_if_exists = 'city1361.conf'\n")
        return draft

    @property
    def superuser_password(self) -> str:
        return self._state.superuser

    def own(self, path: Path, mode: int) -> None:
        """Give a file of ours to whoever runs the server."""
        path.chmod(mode)
        person = processes.account()
        if person is not None:
            os.chown(path, person.pw_uid, person.pw_gid)

    def _write_state(self, state: _State) -> None:
        draft = self._state_file.with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(state), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._state_file)

    def _choose_port(self) -> None:
        state = self._state
        wanted = self._port or state.port
        if self._port is None and not _port_is_free(wanted):
            wanted = _free_port()
        if wanted != state.port:
            self._write_state(replace(state, port=wanted))

    def _configure(self) -> None:
        text = CONFIGURATION.format(port=self._state.port, sockets=self.sockets)
        (self.cluster / "city1361.conf").write_text(text + ("" if self._durable else UNSAFE))

    def _launch(self) -> None:
        log = self.folder / "log"
        with log.open("ab") as out:
            done = subprocess.run(
                [binaries.installation(self.major) / "bin" / "pg_ctl", "start", "-D", self.cluster, "-w", "-t", "60"],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd="/",
                check=False,
                **processes.run_as(),
            )
        if done.returncode:
            tail = log.read_text(errors="replace").splitlines()[-12:]
            raise Unavailable(
                "database_did_not_start",
                "数据库未能启动：\n{log}",
                remedy="请查看日志 {path}",
                params={"log": "\n".join(tail), "path": log},
            )

    def _run(
        self, program: str, *words: str | Path, check: bool = True, major: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as whoever runs the server."""
        done = subprocess.run(
            [binaries.installation(major or self.major) / "bin" / program, *words],
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            check=False,
            **processes.run_as(),
        )
        if check and done.returncode:
            raise Unavailable(
                "database_program_failed",
                "{program} 失败：{error}",
                params={"program": program, "error": (done.stderr or done.stdout).strip()[-2000:]},
            )
        return done

    def _make_roles(self) -> None:
        """Owner and app, as in production: the owner migrates, the app owns nothing and cannot pass row security."""
        state = self._state
        with psycopg.connect(self.urls.superuser, dbname="postgres", autocommit=True) as connection:
            for role, password in ((OWNER, state.owner), (APP, state.app)):
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS").format(
                        sql.Identifier(role), sql.Literal(password)
                    )
                )
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
