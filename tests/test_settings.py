"""What the addresses of the data base say is what Django's connections do; a public installation passes Django's checks."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from city1361 import settings


def connection(url: str, role: str = "app") -> dict[str, Any]:
    return settings._database(url, role)


def test_an_address_names_user_password_host_port_and_database() -> None:
    made = connection("postgresql://city:a%40b@db.example:6432/city%201")
    parts = [made[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert parts == ["city", "a@b", "db.example", "6432", "city 1"]
    assert connection("postgresql://city@/city?host=/run/postgresql&port=5433")["HOST"] == "/run/postgresql"
    two = connection("postgresql://city@a:5432,b:5433/city?target_session_attrs=read-write")
    assert (two["HOST"], two["PORT"], two["OPTIONS"]["target_session_attrs"]) == ("a,b", "5432,5433", "read-write")


def test_what_an_address_demands_of_the_connection_is_not_dropped() -> None:
    made = connection(
        "postgresql://city@db.example/city?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&application_name=city"
    )
    options = made["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/etc/ca.pem")
    assert "statement_timeout" in options["options"]


def test_an_address_may_add_settings_of_its_own_and_keeps_our_limits() -> None:
    options = connection("postgresql://city@db/city?options=-c%20work_mem%3D8MB&connect_timeout=2")["OPTIONS"]
    assert options["connect_timeout"] == "2"
    assert "work_mem=8MB" in options["options"]
    assert "statement_timeout=30000" in options["options"]


def test_a_migration_may_last_and_may_not_wait_long_for_a_lock() -> None:
    given = connection("postgresql://city@db/city", "owner")["OPTIONS"]["options"]
    assert "statement_timeout" not in given
    assert "lock_timeout" in given


@pytest.mark.parametrize(("tls", "status"), [("on", 0), ("off", 1)])
def test_an_installation_behind_tls_passes_every_deployment_check(tls: str, status: int, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "CITY1361_DATA": str(tmp_path),
        "DATABASE_URL": "postgresql://city@127.0.0.1:1/city",
        "SECRET_KEY": secrets.token_hex(32),
        **{"CITY1361_TLS": tls, "CITY1361_PROXIES": "1", "DJANGO_SETTINGS_MODULE": "city1361.settings"},
    }
    checked = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert checked.returncode == status, checked.stderr
