"""Moving an embedded cluster to a newer bundled PostgreSQL with pg_upgrade; the old folder stays until removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from city1361.base.database import binaries, cluster, programs
from city1361.base.database.cluster import SUPERUSER
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel.errors import Conflict, Problem, Unavailable


def upgrade(old: EmbeddedServer, major: int | None, tell: Callable[[str], None]) -> Path:
    """Upgrade a stopped server's cluster in place and return the folder that keeps the old one.

    Raises Conflict when the server runs or is already new enough, Unavailable when pg_upgrade or the first start of the
    new cluster fails; the old cluster is then still in place.
    """
    target = major or binaries.NEWEST
    old.place.take_lock()
    try:
        old.undo_cut_upgrade()
        old.major = old.place.major or old.major
        kept = _refuse_or_name_kept(old, target)
        tell(f"▸ PostgreSQL {old.major}")
        old.start()  # recovers after a crash: pg_upgrade takes only what was shut down in order
        old.stop()
        old.place.take_lock()
        draft = cluster.initialise(old.place, target, "cluster.new")
        tell(f"▸ pg_upgrade {old.major} → {target}")
        _pg_upgrade(old, draft, target, tell)
        old.cluster.rename(kept)
        draft.rename(old.cluster)
        old.place.release_lock()
        _try_first_start(old, target, draft, kept)
    finally:
        old.place.release_lock()
    return kept


def _refuse_or_name_kept(old: EmbeddedServer, target: int) -> Path:
    if old.postmaster is not None:
        raise Conflict("database_running", "数据库正在运行", remedy="请先停止，再升级")
    if old.major >= target:
        raise Conflict("already_upgraded", "数据目录已是 PostgreSQL {major}，无需升级", params={"major": old.major})
    binaries.installation(target)
    kept = old.folder / f"cluster-{old.major}"
    if kept.exists():
        raise Conflict("old_cluster_kept", "已有旧目录 {kept}", remedy="请先移走它", params={"kept": kept})
    return kept


def _try_first_start(old: EmbeddedServer, target: int, draft: Path, kept: Path) -> None:
    new = EmbeddedServer(old.folder, target)
    try:
        new.start()
        new.stop()
    except BaseException:
        new.stop("immediate")
        old.cluster.rename(draft)
        kept.rename(old.cluster)
        raise


def _pg_upgrade(old: EmbeddedServer, draft: Path, target: int, tell: Callable[[str], None]) -> None:
    before, after = binaries.installation(old.major) / "bin", binaries.installation(target) / "bin"
    passwords = old.place.lend("pgpass", f"*:*:*:{SUPERUSER}:{old.place.state.superuser}\n")
    try:
        programs.run(
            *(target, "pg_upgrade", "--old-bindir", before, "--new-bindir", after),
            *("--old-datadir", old.cluster, "--new-datadir", draft, "--username", SUPERUSER),
            *("--socketdir", old.sockets, "--copy"),
            person=old.place.person,
            folder=old.sockets,
            passwords=passwords,
            heard=lambda line: tell(f"  {line}") if line.endswith(("ok", "done")) else None,
        )
    except Problem as problem:
        raise Unavailable("upgrade_failed", "升级失败，旧数据未动：{error}", params=problem.params) from problem
    finally:
        passwords.unlink()
        (old.sockets / "delete_old_cluster.sh").unlink(missing_ok=True)
