"""What `city1361 doctor` looks at in the data base."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from city1361 import configuration
from city1361.base.database.external import OLDEST
from city1361.base.kernel import clock
from city1361.base.kernel.registry import Finding, register_doctor_check
from city1361.base.kernel.terminal import tell

NEEDED = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on"}
CLOCKS_APART = 2.0  # seconds
WEAK = 32  # characters


def _rows(query: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def _fail(what: str, where: str, remedy: str, **places: object) -> Finding:
    return Finding("fail", tell(what, **places), tell(where), tell(remedy, **places))


def safety() -> list[Finding]:
    """Settings without which an acknowledged write may be lost."""
    found = []
    for name, needed in NEEDED.items():
        [(actual,)] = _rows("SELECT current_setting(%s)", [name])
        if actual != needed:
            places = {"name": name, "actual": actual, "needed": needed}
            found.append(_fail("{name} 为 {actual}，应为 {needed}", "PostgreSQL", "请设置 {name} = {needed}", **places))
    [(version,)] = _rows("SELECT current_setting('server_version_num')::int / 10000")
    if version < OLDEST:
        found.append(_fail("PostgreSQL {version} 太旧", "PostgreSQL", "请使用 16 及以上版本", version=version))
    return found or [Finding("ok", tell("PostgreSQL {version}，持久性设置齐全", version=version), "PostgreSQL")]


def roles() -> list[Finding]:
    """The application role must be held by row security."""
    found = []
    owner = urlsplit(configuration.text("DATABASE_OWNER_URL")).username or ""
    [(powerful, name)] = _rows("SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user")
    [(owned,)] = _rows("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole AND relkind IN ('r', 'p')")
    if owner == name:
        found.append(_fail("两个数据库地址是同一个角色", "DATABASE_OWNER_URL", "迁移和应用应使用不同角色"))
    elif owner:
        [(powerful,)] = _rows(
            """SELECT %s OR coalesce(bool_or(pg_has_role(current_user, oid, 'MEMBER')), false)
               FROM pg_roles WHERE rolname = %s""",
            [powerful, owner],
        )
    if powerful:
        found.append(_fail("应用角色 {name} 能绕过行级安全", "DATABASE_URL", "请使用普通角色", name=name))
    if owned:
        places = {"name": name, "owned": owned}
        found.append(_fail("应用角色 {name} 拥有 {owned} 张表", "DATABASE_URL", "表应属于另一个角色", **places))
    return found or [Finding("ok", tell("应用角色 {name} 权限恰当", name=name), "DATABASE_URL")]


def unforced_tables() -> list[str]:
    """Tables that have a policy of row security which does not bind their owner too."""
    return [
        name
        for (name,) in _rows(
            """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
               AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)
               AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1"""
        )
    ]


def reachable_partitions() -> list[str]:
    """Partitions that this role may name directly, past the row security of their parents."""
    return [
        name
        for (name,) in _rows(
            """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relispartition
               AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE') ORDER BY 1"""
        )
    ]


def row_security() -> list[Finding]:
    """Every table with a policy has it forced; no partition can be named directly."""
    remedy = "请重新运行迁移"
    found = [_fail("{name} 未强制行级安全", "PostgreSQL", remedy, name=name) for name in unforced_tables()]
    found += [_fail("分区 {name} 可被直接访问", "PostgreSQL", remedy, name=name) for name in reachable_partitions()]
    return found or [Finding("ok", tell("行级安全已强制"), "PostgreSQL")]


def partitions() -> list[Finding]:
    """Nothing has fallen into a default partition."""
    remedy = tell("这些月份没有自己的分区；请检查定期任务和主机时钟")
    found = [
        Finding("warn", tell("{name} 的默认分区中有数据", name=name), "PostgreSQL", remedy)
        for (name,) in _rows("SELECT city1361_filled_defaults()")
    ]
    return found or [Finding("ok", tell("分区齐备"), "PostgreSQL")]


def migrations() -> list[Finding]:
    """Every migration of this version is applied."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        places = {"count": len(pending)}
        return [_fail("有 {count} 个迁移尚未执行", "PostgreSQL", "请运行 city1361 database migrate", **places)]
    return [Finding("ok", tell("迁移已全部执行"), "PostgreSQL")]


def clocks() -> list[Finding]:
    """The host and the data base agree on the time."""
    [(moment,)] = _rows("SELECT clock_timestamp()")
    apart = abs((clock.now() - moment).total_seconds())
    if apart > CLOCKS_APART:
        return [_fail("本机与数据库时钟相差 {apart:.1f} 秒", "时钟", "请校时（NTP）", apart=apart)]
    return [Finding("ok", tell("时钟一致"), tell("时钟"))]


def secrets() -> list[Finding]:
    """No secret is short enough to be guessed."""
    found = [
        _fail("{name} 太短或未设置", name, "至少 {weak} 个随机字符", name=name, weak=WEAK)
        for name, setting in configuration.SETTINGS.items()
        if setting.secret and not name.startswith("DATABASE") and len(configuration.text(name)) < WEAK
    ]
    return found or [Finding("ok", tell("密钥长度足够"), tell("设置"))]


def debugging() -> list[Finding]:
    """Debug mode shows secrets to whoever meets an error."""
    if configuration.flag("CITY1361_DEBUG"):
        return [_fail("调试模式已打开", "CITY1361_DEBUG", "服务中请关闭")]
    return []


def register() -> None:
    """Called once when the application starts."""
    for check in (safety, roles, row_security, partitions, migrations, clocks, secrets, debugging):
        register_doctor_check(check.__name__, check)
