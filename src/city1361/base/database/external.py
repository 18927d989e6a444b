"""What the two addresses must name, embedded or of one's own: checked before anything is migrated."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from city1361.base.kernel.errors import Invalid, Unavailable

OLDEST = 16
ONE_DATABASE = "SELECT current_database(), pg_postmaster_start_time()"
# Why the application role would not be held by row security: one sentence each, in PostgreSQL's own words.
PASSES_ROW_SECURITY = """
    SELECT concat_ws(', ', CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
        CASE WHEN has_schema_privilege(rolname, to_regnamespace('public'), 'CREATE') THEN 'CREATE ON SCHEMA public' END,
        CASE WHEN pg_has_role(rolname, %(owner)s, 'MEMBER') THEN 'member of ' || %(owner)s END)
    FROM pg_roles WHERE rolname = current_user
"""
MAY_MAKE_TABLES = "SELECT coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false)"
Session = psycopg.Connection[tuple[Any, ...]]


def check_addresses(application: str, owner: str) -> int:
    """The major version of the server that both name, when everything is in order.

    Raises Invalid or Unavailable, saying which of the two addresses is wrong and why; passwords are never shown.
    """
    named = {"DATABASE_URL": application, "DATABASE_OWNER_URL": owner}
    with ExitStack() as stack:
        app_session, owner_session = (stack.enter_context(_connect(name, url)) for name, url in named.items())
        _check_server(owner_session)
        if app_session.execute(ONE_DATABASE).fetchone() != owner_session.execute(ONE_DATABASE).fetchone():
            raise Invalid(
                "different_databases",
                "两个地址不是同一个数据库",
                where="DATABASE_URL",
                remedy="请让 DATABASE_URL 和 DATABASE_OWNER_URL 指向同一个数据库",
            )
        _check_roles(app_session, owner_session)
        return owner_session.info.server_version // 10000


def _connect(name: str, url: str) -> Session:
    if not url:
        raise Invalid(
            "database_address_missing",
            "{name} 未设置",
            where=name,
            remedy="请同时设置 DATABASE_URL（应用）和 DATABASE_OWNER_URL（迁移）",
            params={"name": name},
        )
    try:
        if not url.startswith(("postgresql://", "postgres://")):
            raise psycopg.ProgrammingError
        conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # The driver's own words would show a piece of the address, perhaps of the password.
        raise Invalid(
            "database_address_malformed",
            "{name} 不是 PostgreSQL 地址",
            where=name,
            remedy="格式：postgresql://用户:密码@主机:端口/数据库",
            params={"name": name},
        ) from None
    try:
        return psycopg.connect(url, connect_timeout=5, autocommit=True)
    except psycopg.OperationalError as error:
        raise Unavailable(
            "database_unreachable",
            "无法连接 {name}：{reason}",
            where=name,
            remedy="请检查地址、密码和数据库是否在运行",
            params={"name": name, "reason": str(error).strip()},
        ) from None


def _check_server(session: Session) -> None:
    version = session.info.server_version // 10000
    if version < OLDEST:
        raise Invalid(
            "postgresql_too_old",
            "PostgreSQL {version} 太旧",
            remedy="请使用 16 及以上版本",
            params={"version": version},
        )
    encoding = session.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Invalid(
            "database_encoding",
            "数据库的编码是 {encoding}",
            remedy="请用 ENCODING 'UTF8' 新建数据库",
            params={"encoding": encoding},
        )


def _check_roles(application: Session, owner: Session) -> None:
    if owner.execute(MAY_MAKE_TABLES).fetchone() != (True,):
        raise Invalid(
            "owner_role_too_weak",
            "角色 {role} 不能在 public 模式中建表",
            where="DATABASE_OWNER_URL",
            remedy="请让它成为数据库的所有者：ALTER DATABASE … OWNER TO {role}",
            params={"role": owner.info.user},
        )
    row = application.execute(PASSES_ROW_SECURITY, {"owner": owner.info.user}).fetchone()
    reason = row[0] if row else ""
    if reason:
        raise Invalid(
            "application_role_too_strong",
            "应用角色 {role} 能绕过行级安全：{reason}",
            where="DATABASE_URL",
            remedy="请使用另建的普通角色：NOSUPERUSER NOBYPASSRLS，不属于迁移角色，不拥有任何东西",
            params={"role": application.info.user, "reason": reason},
        )
