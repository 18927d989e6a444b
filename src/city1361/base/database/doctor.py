"""What `city1361 doctor` looks at in the data base."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from city1361 import configuration
from city1361.base.kernel import clock
from city1361.base.kernel.registry import Finding, register_doctor_check

NEEDED = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on"}
WEAK = 32


def _one(query: str, params: list[Any] | None = None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return tuple(cursor.fetchone())


def safety() -> list[Finding]:
    """Settings without which an acknowledged write may be lost."""
    found = []
    for name, needed in NEEDED.items():
        (actual,) = _one("SELECT current_setting(%s)", [name])
        if actual != needed:
            found.append(
                Finding("fail", f"{name} 为 {actual}，应为 {needed}", "PostgreSQL", f"请设置 {name} = {needed}")
            )
    (version,) = _one("SELECT current_setting('server_version_num')::int / 10000")
    if version < 16:
        found.append(Finding("fail", f"PostgreSQL {version} 太旧", "PostgreSQL", "请使用 16 及以上版本"))
    return found or [Finding("ok", f"PostgreSQL {version}，持久性设置齐全", "PostgreSQL")]


def roles() -> list[Finding]:
    """The application role must be held by row security."""
    found = []
    superuser, bypass, name = _one("SELECT rolsuper, rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user")
    (owned,) = _one("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole AND relkind IN ('r', 'p')")
    if superuser or bypass:
        found.append(Finding("fail", f"应用角色 {name} 能绕过行级安全", "DATABASE_URL", "请使用普通角色"))
    if owned:
        found.append(Finding("fail", f"应用角色 {name} 拥有 {owned} 张表", "DATABASE_URL", "表应属于另一个角色"))
    if configuration.text("DATABASE_URL") == configuration.text("DATABASE_OWNER_URL"):
        found.append(Finding("fail", "两个数据库地址相同", "DATABASE_OWNER_URL", "迁移和应用应使用不同角色"))
    return found or [Finding("ok", f"应用角色 {name} 权限恰当", "DATABASE_URL")]


def row_security() -> list[Finding]:
    """Every table with a policy has it forced; no partition can be named directly."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
               AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)
               AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"""
        )
        unforced = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relispartition
               AND c.relkind = 'r' AND has_table_privilege(current_user, c.oid, 'SELECT')"""
        )
        reachable = [name for (name,) in cursor.fetchall()]
    found = [Finding("fail", f"{name} 未强制行级安全", "PostgreSQL", "请重新运行迁移") for name in unforced]
    found += [Finding("fail", f"分区 {name} 可被直接访问", "PostgreSQL", "请重新运行迁移") for name in reachable]
    return found or [Finding("ok", "行级安全已强制", "PostgreSQL")]


def migrations() -> list[Finding]:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        remedy = "请运行 city1361 database migrate"
        return [Finding("fail", f"有 {len(pending)} 个迁移尚未执行", "PostgreSQL", remedy)]
    return [Finding("ok", "迁移已全部执行", "PostgreSQL")]


def clocks() -> list[Finding]:
    """The host and the data base must agree on the time."""
    (moment,) = _one("SELECT clock_timestamp()")
    apart = abs((clock.now() - moment).total_seconds())
    if apart > 2:
        return [Finding("fail", f"本机与数据库时钟相差 {apart:.1f} 秒", "时钟", "请校时（NTP）")]
    return [Finding("ok", "时钟一致", "时钟")]


def secrets() -> list[Finding]:
    weak = [
        name
        for name, setting in configuration.SETTINGS.items()
        if setting.secret and not name.startswith("DATABASE") and len(configuration.text(name)) < WEAK
    ]
    found = [Finding("fail", f"{name} 太短或未设置", name, f"至少 {WEAK} 个随机字符") for name in weak]
    return found or [Finding("ok", "密钥长度足够", "设置")]


def debugging() -> list[Finding]:
    if configuration.flag("CITY1361_DEBUG"):
        return [Finding("fail", "调试模式已打开", "CITY1361_DEBUG", "服务中请关闭")]
    return []


def register() -> None:
    """Called once when the application starts."""
    for check in (safety, roles, row_security, migrations, clocks, secrets, debugging):
        register_doctor_check(check.__name__, check)
