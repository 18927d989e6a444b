"""A PostgreSQL of one's own as docs/how-to/deploy.md makes it: primary or replica, killed, promoted, brought back.

The bundled binaries; without TLS, which they are built without. As root each server runs as an account without rights.
"""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from city1361.base.database import binaries, processes, programs
from tests.deployment.proxy import DEPLOY, free_port

PASSWORDS = {"superuser": "superuser-1361", "owner": "owner-1361", "app": "app-1361", "replica": "replica-1361"}
NO_TLS = ("ssl = on", "ssl_cert_file = ", "ssl_key_file = ")


class Server:
    """One server in a folder of its own that the account running it can reach."""

    def __init__(self, name: str, place: Path) -> None:
        self.name, self.port, self.place = name, free_port(), place / name
        self.cluster, self.person = self.place / "cluster", processes.account()
        self.bin = binaries.installation(binaries.NEWEST) / "bin"
        self.place.mkdir(mode=0o700)
        self.own(self.place)

    def own(self, path: Path) -> Path:
        if self.person is not None:
            os.chown(path, self.person.pw_uid, self.person.pw_gid)
        return path

    def run(self, program: str, *words: str | Path, **environment: str) -> str:
        done = subprocess.run(
            [self.bin / program, *words],
            env=programs.environment(**environment),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **programs.dropped(self.person),
        )
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
        return done.stdout

    # -- making it -----------------------------------------------------------------------------------------------------

    def make(self) -> None:
        """initdb with checksums, the settings and doors of deploy/postgresql, then its roles."""
        words = self.own(self._written("words", PASSWORDS["superuser"]))
        initialised = ("--data-checksums", "--auth=scram-sha-256", "--username=postgres", "--encoding=UTF8")
        self.run("initdb", "-D", self.cluster, *initialised, "--no-locale", f"--pwfile={words}")
        self.configure()
        self.start()
        roles = [word for who in ("owner", "app", "replica") for word in ("-v", f"{who}={PASSWORDS[who]}")]
        script = self.own(self._written("roles.sql", (DEPLOY / "postgresql" / "roles.sql").read_text()))
        address = self.address("postgres", "postgres", "superuser")
        self.run("psql", "-q", "-v", "ON_ERROR_STOP=1", *roles, "-f", script, address)

    def _written(self, name: str, text: str) -> Path:
        path = self.place / name
        path.write_text(text)
        return path

    def configure(self, *more: str) -> None:
        """The settings of the tree, with a place on this machine; `more` stands at the end."""
        text = (DEPLOY / "postgresql" / "city1361.conf").read_text().replace("'*'", "'127.0.0.1'")
        lines = [line for line in text.splitlines() if not line.startswith(NO_TLS)]
        here = f"port = {self.port}", f"unix_socket_directories = '{self.place}'", f"cluster_name = '{self.name}'"
        self.own(self._written("city1361.conf", "\n".join([*lines, *here, *more]) + "\n"))
        main = self.cluster / "postgresql.conf"
        if "city1361.conf" not in main.read_text():
            main.write_text(main.read_text() + f"include '{self.place}/city1361.conf'\n")
        doors = (DEPLOY / "postgresql" / "pg_hba.conf").read_text()
        doors = (
            doors.replace("hostssl", "host   ").replace("10.0.0.0/24", "127.0.0.1/32").replace("peer", "scram-sha-256")
        )
        (self.cluster / "pg_hba.conf").write_text(doors + "host all postgres 127.0.0.1/32 scram-sha-256\n")

    def follow(self, primary: Server) -> None:
        """Become its replica, from a base copy."""
        for old in sorted(self.cluster.rglob("*"), reverse=True):
            old.unlink() if old.is_symlink() or not old.is_dir() else old.rmdir()
        source = primary.address("city1361_replica", "", "replica").rstrip("/")
        self.run(
            *("pg_basebackup", "-D", self.cluster, "-R", "-S", "replica", "--checkpoint=fast"),
            *("-d", f"{source}/?application_name={self.name}"),
        )
        main = self.cluster / "postgresql.conf"
        main.write_text("".join(line for line in main.open() if "city1361.conf" not in line))
        self.configure()
        self.start()

    # -- its life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.run("pg_ctl", "start", "-w", "-t", "60", "-D", self.cluster, "-l", self.place / "log")

    def stop(self) -> None:
        with suppress(AssertionError):
            self.run("pg_ctl", "stop", "-m", "immediate", "-D", self.cluster)

    def promote(self) -> None:
        self.run("pg_ctl", "promote", "-w", "-D", self.cluster)

    def reload(self) -> None:
        self.run("pg_ctl", "reload", "-D", self.cluster)

    def pids(self) -> list[int]:
        first = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def signal(self, number: signal.Signals) -> None:
        """To every process of it, its first one included."""
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def fall(self) -> None:
        """As if its host had lost power."""
        self.signal(signal.SIGKILL)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    # -- asking it -----------------------------------------------------------------------------------------------------

    def address(self, role: str, database: str = "city1361", words: str = "") -> str:
        return f"postgresql://{role}:{PASSWORDS[words or role.rpartition('_')[2]]}@127.0.0.1:{self.port}/{database}"

    def session(self, database: str = "city1361") -> psycopg.Connection[Any]:
        """As the superuser, whom row security does not bind."""
        return psycopg.connect(self.address("postgres", database, "superuser"), autocommit=True)

    def ask(self, text: str) -> Any:
        with self.session() as session:
            row = session.execute(text).fetchone()  # type: ignore[arg-type]
        return row[0] if row else None


def either(first: Server, second: Server, role: str) -> str:
    """An address that names both; whichever takes writes answers."""
    return (
        f"postgresql://{role}:{PASSWORDS[role.rpartition('_')[2]]}@127.0.0.1:{first.port},127.0.0.1:{second.port}"
        "/city1361?target_session_attrs=read-write"
    )
