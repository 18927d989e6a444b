"""The drill: a backup and its changes restored into a scratch folder, started, counted, verified, and thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from city1361.base.database import binaries, keeping
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel import clock

COUNTED = "SELECT relname FROM pg_class WHERE relkind = 'p' AND relnamespace = 'public'::regnamespace ORDER BY 1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """last_change: the newest change that came back from the followed changes. restored_in: until the server answered
    (RTO). counts: rows of each big table in the copy and, where the original answers, in it."""

    began: datetime
    last_change: datetime | None
    restored_in: float
    verified_in: float
    holds: bool
    said: str
    counts: dict[str, tuple[int, int | None]]

    @property
    def behind(self) -> float | None:
        """Seconds from the last change that came back to the beginning of the drill (RPO, while changes are made)."""
        return (self.began - self.last_change).total_seconds() if self.last_change else None


def drill(
    folder: Path,
    passphrase_file: Path | None,
    tell: keeping.Tell,
    *,
    changes: Path | None,
    to: datetime | None,
    heads: tuple[Path, ...],
    original: EmbeddedServer | None,
) -> Outcome:
    """Restore, start, verify evidence against the heads, count. The original and the backup are not touched."""
    began, started = clock.now(), time.monotonic()
    with _scratch() as data:
        last = keeping.restore(folder, data, passphrase_file, tell, changes=changes, to=to)
        server = EmbeddedServer.of_folder(data / keeping.SERVER)
        tell("启动副本", None)
        urls = server.start()
        try:
            restored_in = time.monotonic() - started
            tell("核验存证", None)
            holds, said = _verify(data, heads)
            verified_in = time.monotonic() - started - restored_in
            there = _count(original.urls.superuser) if original is not None and original.postmaster else {}
            counts = {name: (count, there.get(name)) for name, count in _count(urls.superuser).items()}
        finally:
            server.stop()
    return Outcome(began, last, restored_in, verified_in, holds, said, counts)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder that the server's account can come to, gone afterwards."""
    base = binaries.root_base() if os.geteuid() == 0 else Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=base))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    try:
        yield folder / "data"
    finally:
        shutil.rmtree(folder)


def _verify(data: Path, heads: tuple[Path, ...]) -> tuple[bool, str]:
    """`city1361 evidence verify` in the copy, by a process that knows nothing of the original."""
    ours = {name: text for name, text in os.environ.items() if not name.startswith(("DATABASE_", "CITY1361_DATA"))}
    kept = [word for head in heads for word in ("--head", str(head.absolute()))]
    done = subprocess.run(
        [sys.executable, "-m", "city1361", "evidence", "verify", *kept],
        env={**ours, "CITY1361_DATA": str(data)},
        cwd=data,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, "\n".join(filter(None, (done.stdout.strip(), done.stderr.strip())))


def _count(url: str) -> dict[str, int]:
    with psycopg.connect(url) as session:
        names = [name for (name,) in session.execute(COUNTED)]
        counted = {}
        for name in names:
            row = session.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
            counted[name] = int(row[0]) if row else 0
        return counted
