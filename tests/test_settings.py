"""What the two addresses of the data base say is what Django's connections do."""

from __future__ import annotations

from typing import Any

from city1361 import settings


def connection(url: str, role: str = "app") -> dict[str, Any]:
    return settings._database(url, role)


def test_an_address_names_user_password_host_port_and_database() -> None:
    made = connection("postgresql://city:a%40b@db.example:6432/city%201")
    parts = [made[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert parts == ["city", "a@b", "db.example", "6432", "city 1"]
    assert connection("postgresql://city@/city?host=/run/postgresql&port=5433")["HOST"] == "/run/postgresql"


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
