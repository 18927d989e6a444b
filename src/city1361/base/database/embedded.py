"""An embedded PostgreSQL: one server and its folder, which only this machine can reach. Needs no Django.

It lives in a session of its own, so a Ctrl-C in the terminal does not reach it; as root it runs as an existing
unprivileged account. After kill -9 of any of its processes, or of all, `start` recovers what was committed.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from psycopg import pq

from city1361.base.database import binaries, cluster, processes, programs, texts
from city1361.base.database.cluster import APP, DATABASE, OWNER, SUPERUSER
from city1361.base.database.place import Place, State
from city1361.base.kernel.errors import Conflict, Problem, Unavailable

SILENCE = 15.0  # seconds without any answer after which a living server is ended and started again
RECOVERY = 900.0  # seconds that a crash recovery may take
TRYING = 12.0  # seconds that starting is tried again while something of the last server still holds on
PASSING = ("is still in use", "already in use", "another server might be running")

texts.declare()


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses of the data base by role. The superuser is for backups, upgrades and tests."""

    owner: str
    app: str
    superuser: str


class EmbeddedServer:
    """One PostgreSQL server and its folder.

    folder: made if missing. major: the one to run; a folder of another major is refused. port: fixed, or chosen once
    and kept. durable=False gives up safety for speed and is for tests only.
    """

    def __init__(
        self, folder: Path, major: int = binaries.NEWEST, port: int | None = None, durable: bool = True
    ) -> None:
        self.place = Place(folder)
        self.folder, self.cluster, self.sockets = self.place.folder, self.place.cluster, self.place.sockets
        self.major = major
        self._port = port
        self._durable = durable

    @classmethod
    def of_folder(cls, folder: Path) -> EmbeddedServer:
        """The server of an existing folder, of the major version that the folder is marked with."""
        return cls(folder, Place(folder).major or binaries.NEWEST)

    @property
    def urls(self) -> Urls:
        """TCP addresses on 127.0.0.1. Raises FileNotFoundError before the first start."""
        state = self.place.state
        place = f"@127.0.0.1:{state.port}/{DATABASE}"
        return Urls(
            f"postgresql://{OWNER}:{state.owner}{place}",
            f"postgresql://{APP}:{state.app}{place}",
            f"postgresql://{SUPERUSER}:{state.superuser}{place}",
        )

    @property
    def postmaster(self) -> int | None:
        """Process id of the living server of this folder."""
        pid = self.place.recorded_pid()
        return pid if pid in processes.of_cluster(self.cluster) else None

    @property
    def seems_alive(self) -> bool:
        """Whether the recorded process lives: cheap enough to ask each second. `start` looks closely."""
        pid = self.place.recorded_pid()
        return pid is not None and processes.lives(pid)

    # -- start and stop --------------------------------------------------------------------------------------------

    def start(self) -> Urls:
        """Make the cluster if need be, recover from a crash, start, and return the addresses.

        A server of this folder that already answers is kept. Raises Conflict when the folder is in use or of another
        major version, Invalid when it cannot be reached, Unavailable when the server does not come up.
        """
        self.place.make()
        with self.looked_after():
            if self.place.major is None:
                self._initialise()
            self._refuse_other_major()
            if not self._kept_running():
                self._start_stopped()
            try:
                cluster.make_roles(self.urls.superuser, self.place)
            except BaseException:
                self._end()
                raise
        return self.urls

    def stop(self, mode: str = "fast") -> None:
        """Stop the server ("smart", "fast", "immediate") with all its processes. Nothing happens when none runs."""
        if self.postmaster is not None:
            words = ("pg_ctl", "stop", "-D", self.cluster, "-m", mode, "-w", "-t", "30")
            try:
                programs.run(self.place.major or self.major, *words, person=self.place.person)
            except Problem:
                self._end()
        self._clear_after_crash()
        self.place.release_lock()

    @contextmanager
    def looked_after(self) -> Iterator[None]:
        """Hold the folder's lock; it is kept afterwards, and given back when what is done fails."""
        self.place.take_lock()
        self.undo_cut_upgrade()
        try:
            yield
        except BaseException:
            self.place.release_lock()
            raise

    def undo_cut_upgrade(self) -> None:
        """An upgrade cut short between its two renames left the old cluster under its other name: take it back."""
        kept = sorted(self.folder.glob("cluster-[0-9]*"), key=lambda path: int(path.name.rpartition("-")[2]))
        if kept and not self.cluster.exists():
            kept[-1].rename(self.cluster)

    def _initialise(self) -> None:
        """initdb into a draft that becomes the cluster only when it is whole."""
        owner, app, superuser = (secrets.token_urlsafe(24) for _ in range(3))
        self.place.write_state(State(self._port or _free_port(), owner, app, superuser))
        cluster.initialise(self.place, self.major, "cluster.draft", self._durable).rename(self.cluster)

    def _refuse_other_major(self) -> None:
        marked = self.place.major
        if marked != self.major:
            raise Conflict(
                "other_major_version",
                "数据目录属于 PostgreSQL {marked}，当前程序是 PostgreSQL {major}",
                remedy="请先备份，然后运行 city1361 database upgrade",
                params={"marked": marked, "major": self.major},
            )

    def _kept_running(self) -> bool:
        """True when a living server of this folder answers; one that stays silent is ended.

        One that recovers or shuts down says so and is waited for.
        """
        silent_since = time.monotonic()
        limit = silent_since + RECOVERY
        while self.postmaster is not None and time.monotonic() < limit:
            answer = self.answer()
            if answer == pq.Ping.OK:
                return True
            if answer == pq.Ping.REJECT:
                silent_since = time.monotonic()
            elif time.monotonic() - silent_since > SILENCE:
                break
            time.sleep(0.1)
        self._end()
        return False

    def answer(self) -> pq.Ping:
        """What the server says through its socket: OK, REJECT (starting or stopping), NO_RESPONSE."""
        where = f"host='{self.sockets}' port={self.place.state.port} dbname=postgres connect_timeout=2"
        return pq.Ping(pq.PGconn.ping(where.encode()))

    # -- starting a stopped cluster --------------------------------------------------------------------------------

    def _start_stopped(self) -> None:
        """Try until nothing of the last server is in the way any more."""
        limit = time.monotonic() + TRYING
        while True:
            self._clear_after_crash()
            port = self.choose_port()
            cluster.configure(self.place, port, self._durable)
            failure = self.launch()
            if failure is None:
                return
            passing = any(words in failure for words in PASSING) and self._port is None
            if not passing or time.monotonic() > limit:
                raise Unavailable(
                    "database_did_not_start",
                    "数据库未能启动：\n{log}",
                    remedy="请查看日志 {path}",
                    params={"log": failure, "path": self.place.log},
                )
            time.sleep(0.3)

    def choose_port(self) -> int:
        state = self.place.state
        port = self._port or state.port
        if not _port_is_free(port):
            if self._port is not None:
                raise Conflict("port_in_use", "端口 {port} 已被占用", remedy="请指定另一个端口", params={"port": port})
            port = _free_port()
        if port != state.port:
            self.place.write_state(replace(state, port=port))
        return port

    def launch(self) -> str | None:
        """pg_ctl start, in a session of its own. Returns the end of the log when the server did not come up."""
        with self.place.open_log() as log:
            before = os.fstat(log.fileno()).st_size
            program = binaries.installation(self.major) / "bin" / "pg_ctl"
            try:
                done = subprocess.run(
                    [program, "start", "-D", self.cluster, "-w", "-t", str(int(RECOVERY))],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd="/",
                    env=programs.environment(),
                    start_new_session=True,
                    check=False,
                    **programs.dropped(self.place.person),
                )
            except BaseException:
                self._end()
                raise
        if done.returncode == 0:
            return None
        with self.place.log.open("rb") as written:
            written.seek(before)
            return written.read()[-3000:].decode(errors="replace").strip()

    # -- after a crash ---------------------------------------------------------------------------------------------

    def _end(self) -> None:
        """Kill every process of this server; the cluster recovers at the next start, like after any crash."""
        if not processes.wait_until(self._none_is_left, SILENCE):
            raise Unavailable("orphans_remain", "上次异常退出的数据库进程仍未结束", remedy="请稍后再试")
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def _none_is_left(self) -> bool:
        processes_left = processes.of_cluster(self.cluster)
        processes.end(processes_left, signal.SIGKILL)
        return not processes_left

    def _clear_after_crash(self) -> None:
        """Make the folder of a dead server startable.

        Its orphans hold the shared memory and are ended; a zombie or a stranger with the recorded process id does not
        pass for the living: PostgreSQL itself would believe the number in postmaster.pid.
        """
        if self.postmaster is None:
            self._end()


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
