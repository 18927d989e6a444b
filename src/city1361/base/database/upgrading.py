"""Moving an embedded cluster to a newer bundled PostgreSQL with pg_upgrade; the old folder stays until removed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from city1361.base.database import binaries, processes
from city1361.base.database.embedded import SUPERUSER, EmbeddedServer
from city1361.base.kernel.errors import Conflict, Unavailable


def upgrade(old: EmbeddedServer, major: int | None, tell: Callable[[str], None]) -> Path:
    """Upgrade a stopped server's cluster in place and return the folder that keeps the old one.

    Raises Conflict when the server runs or is already new enough; on any failure the old cluster is still in place.
    """
    target = major or binaries.NEWEST
    if old.postmaster is not None:
        raise Conflict("database_running", "数据库正在运行", remedy="请先停止，再升级")
    if old.major >= target:
        raise Conflict("already_upgraded", "数据目录已是 PostgreSQL {major}，无需升级", params={"major": old.major})
    kept = old.folder / f"cluster-{old.major}"
    if kept.exists():
        raise Conflict("old_cluster_kept", "已有旧目录 {kept}", remedy="请先移走它", params={"kept": kept})
    draft = old.make_empty_cluster("cluster.new", target)
    tell(f"▸ pg_upgrade {old.major} → {target}")
    _pg_upgrade(old, draft, target)
    old.cluster.rename(kept)
    draft.rename(old.cluster)
    new = EmbeddedServer(old.folder, major=target)
    try:
        new.start()
        new.stop()
    except BaseException:
        new.stop("immediate")
        old.cluster.rename(draft)
        kept.rename(old.cluster)
        raise
    return kept


def _pg_upgrade(old: EmbeddedServer, draft: Path, target: int) -> None:
    before, after = binaries.installation(old.major) / "bin", binaries.installation(target) / "bin"
    passwords = old.sockets / "pgpass"
    passwords.write_text(f"*:*:*:{SUPERUSER}:{old.superuser_password}\n")
    old.own(passwords, 0o600)
    try:
        done = subprocess.run(
            [
                *(after / "pg_upgrade", "--old-bindir", before, "--new-bindir", after),
                *("--old-datadir", old.cluster, "--new-datadir", draft, "--username", SUPERUSER),
                *("--socketdir", old.sockets, "--copy"),
            ],
            text=True,
            capture_output=True,
            cwd=old.sockets,
            env={"PGPASSFILE": str(passwords), "LC_ALL": "C", "PATH": os.defpath},
            check=False,
            **processes.run_as(),
        )
    finally:
        passwords.unlink()
    if done.returncode:
        raise Unavailable(
            "upgrade_failed",
            "升级失败，旧数据未动：{error}",
            params={"error": (done.stdout + done.stderr).strip()[-2000:]},
        )
