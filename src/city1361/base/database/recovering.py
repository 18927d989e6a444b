"""Recovery of a restored copy along the followed changes, to their end or to a moment."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import pq

from city1361.base.database import cluster, following
from city1361.base.database.embedded import RECOVERY, EmbeddedServer
from city1361.base.database.place import write_whole
from city1361.base.kernel.errors import Invalid, Unavailable

ARCHIVE = "changes"
LAST = re.compile(r"last completed transaction was at log time (\S+ \S+)")
TARGET_NOT_REACHED = "recovery ended before configured recovery target was reached"


def replay(server: EmbeddedServer, changes: Path, passphrase_file: Path | None, to: datetime | None) -> datetime | None:
    """Bring a stopped copy forward; returns the time of the last change it holds then, None when there was none.

    Raises Invalid when a segment is missing or altered, or when the changes end before `to`.
    """
    manifest = json.loads((server.cluster / "backup_manifest").read_text())
    newest = manifest["WAL-Ranges"][-1]
    archive = server.place.give(server.folder / ARCHIVE)
    following.unpack(changes, passphrase_file, archive, following.segment_of(newest["Timeline"], newest["End-LSN"]))
    person = server.place.person
    for item in archive.iterdir():
        item.chmod(0o600)
        if person is not None:
            os.chown(item, person.pw_uid, person.pw_gid)
    _ask(server, archive, to)
    try:
        _until_recovered(server, to)
    finally:
        _forget(server)
        shutil.rmtree(archive)
    found = LAST.findall(server.place.log.read_text(errors="replace"))
    return datetime.fromisoformat(found[-1]) if found else None


def _ask(server: EmbeddedServer, archive: Path, to: datetime | None) -> None:
    """Settings of the recovery, for this one start."""
    cluster.configure(server.place, server.choose_port())
    lines = [
        f'restore_command = \'cp "{archive}/%f" "%p"\'',
        "recovery_target_timeline = 'latest'",
        "recovery_target_action = 'promote'",
        "hot_standby = on",
        *([f"recovery_target_time = '{to.isoformat()}'"] if to else []),
    ]
    write_whole(server.place.settings, server.place.settings.read_text() + "\n".join(lines) + "\n", 0o644)
    signal = server.cluster / "recovery.signal"
    signal.touch(mode=0o600)
    if server.place.person is not None:
        os.chown(signal, server.place.person.pw_uid, server.place.person.pw_gid)


def _until_recovered(server: EmbeddedServer, to: datetime | None) -> None:
    failure = server.launch()
    try:
        limit = time.monotonic() + RECOVERY
        while failure is None:
            if server.postmaster is None:
                failure = server.place.log.read_text(errors="replace")[-3000:]
            elif server.answer() == pq.Ping.OK and not _recovering(server):
                return
            elif time.monotonic() > limit:
                failure = "timeout"
            time.sleep(0.05)
    finally:
        server.stop()
    if TARGET_NOT_REACHED in failure:
        raise Invalid(
            "moment_not_covered",
            "变更归档未到 {to}",
            where="to",
            remedy="请指定更早的时刻，或省略 --to 恢复到最后一次变更",
            params={"to": to.isoformat() if to else ""},
        )
    raise Unavailable(
        "database_did_not_start",
        "数据库未能启动：\n{log}",
        remedy="请查看日志 {path}",
        params={"log": failure, "path": server.place.log},
    )


def _recovering(server: EmbeddedServer) -> bool:
    try:
        with psycopg.connect(server.urls.superuser, dbname="postgres", connect_timeout=5) as session:
            return session.execute("SELECT pg_is_in_recovery()").fetchone() != (False,)
    except psycopg.OperationalError:
        return True


def _forget(server: EmbeddedServer) -> None:
    """The next start is an ordinary one."""
    (server.cluster / "recovery.signal").unlink(missing_ok=True)
    cluster.configure(server.place, server.place.state.port)
