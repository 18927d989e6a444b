"""What migrations of all modules share: SQL files, the rights of the application role, monthly partitions."""

from __future__ import annotations

from importlib import resources
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connection
from django.db.migrations import RunPython, RunSQL

from city1361 import configuration


def sql_file(package: str, name: str) -> str:
    """The text of `sql/<name>` of a module's package."""
    return resources.files(package).joinpath("sql", name).read_text("utf-8")


def run_sql(package: str, name: str, reverse: str = RunSQL.noop) -> RunSQL:
    """A migration operation that runs `sql/<name>` of `package` as it stands (percent signs need no doubling)."""
    return RunSQL([(sql_file(package, name), None)], reverse)


def application_role() -> str:
    """The role named in DATABASE_URL."""
    return unquote(urlsplit(configuration.text("DATABASE_URL")).username or "")


def grant_to_application() -> RunPython:
    """Let the application role use, but not own, everything the owner makes from now on."""

    def grant(_apps: Any, editor: Any) -> None:
        role = editor.quote_name(application_role())
        rights = (
            ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
            ("SEQUENCES", "SELECT, USAGE"),
            ("FUNCTIONS", "EXECUTE"),
        )
        for kind, what in rights:
            editor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {what} ON {kind} TO {role}")
            if kind != "FUNCTIONS":
                editor.execute(f"GRANT {what} ON ALL {kind} IN SCHEMA public TO {role}")

    return RunPython(grant, RunPython.noop)


def ensure_partitions(months_ahead: int = 3) -> int:
    """Make the coming monthly partitions of every partitioned table; returns how many were missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT city1361_ensure_partitions(%s)", [months_ahead])
        row = cursor.fetchone()
    return int(row[0])
