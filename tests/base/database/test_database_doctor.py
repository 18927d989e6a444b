"""`city1361 doctor` finds what it is there to find, and is content with an installation in order."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from city1361.base.database import doctor
from city1361.base.database.commands import doctor as command
from city1361.base.kernel import clock, registry
from city1361.base.kernel.registry import Finding
from tests.conftest import Databases

Owner = psycopg.Connection[tuple[object, ...]]
pytestmark = pytest.mark.usefixtures("committed")


def bad(findings: list[Finding]) -> list[str]:
    assert findings
    return [finding.level for finding in findings if finding.level != "ok"]


@pytest.fixture(autouse=True)
def addresses(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration names the two roles that the tests use."""
    monkeypatch.setenv("DATABASE_URL", databases.app_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", databases.owner_url)


@pytest.mark.parametrize(
    "check", [doctor.roles, doctor.row_security, doctor.partitions, doctor.migrations, doctor.clocks, doctor.secrets]
)
def test_an_installation_in_order_has_nothing_to_hear(check: object) -> None:
    assert bad(check()) == []  # type: ignore[operator]


def test_a_server_that_may_lose_what_it_acknowledged_is_found() -> None:
    """The server of the tests gives up safety for speed."""
    assert bad(doctor.safety()) == ["fail"] * 3


def test_the_same_role_twice_is_found(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", databases.app_url + "?connect_timeout=3")
    assert bad(doctor.roles()) == ["fail"]


def test_a_role_that_may_become_the_owner_is_found(owner: Owner, server: object) -> None:
    with psycopg.connect(server.urls.superuser, autocommit=True) as superuser:  # type: ignore[attr-defined]
        superuser.execute("GRANT city1361_owner TO city1361_app")
        try:
            assert bad(doctor.roles()) == ["fail"]
        finally:
            superuser.execute("REVOKE city1361_owner FROM city1361_app")


def test_a_table_without_forced_row_security_and_an_open_partition_are_found(owner: Owner) -> None:
    assert doctor.unforced_tables() == doctor.reachable_partitions() == []
    owner.execute("ALTER TABLE centres_execution_matter NO FORCE ROW LEVEL SECURITY")
    owner.execute("GRANT SELECT ON centres_execution_matter_default TO city1361_app")
    assert doctor.unforced_tables() == ["centres_execution_matter"]
    assert doctor.reachable_partitions() == ["centres_execution_matter_default"]
    assert bad(doctor.row_security()) == ["fail", "fail"]


def test_rows_in_a_default_partition_are_found(owner: Owner) -> None:
    owner.execute("CREATE TABLE stray (id uuid) PARTITION BY RANGE (id)")
    owner.execute("CREATE TABLE stray_default PARTITION OF stray DEFAULT")
    owner.execute("INSERT INTO stray VALUES (%s)", [UUID(int=1)])
    assert bad(doctor.partitions()) == ["warn"]


def test_a_pending_migration_is_found(owner: Owner) -> None:
    owner.execute("DELETE FROM django_migrations WHERE app = 'centres_execution'")
    assert bad(doctor.migrations()) == ["fail"]


def test_a_clock_that_is_off_is_found() -> None:
    with clock.frozen(clock.now() + timedelta(seconds=30)):
        assert bad(doctor.clocks()) == ["fail"]


def test_a_weak_secret_and_debugging_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVE_KEY", "short")
    monkeypatch.setenv("CITY1361_DEBUG", "on")
    assert bad(doctor.secrets()) == ["fail"]
    assert bad(doctor.debugging()) == ["fail"]


def run_command() -> Result:
    return CliRunner().invoke(command)


def test_the_command_shows_every_setting_with_its_source_and_no_secret() -> None:
    said = run_command().output
    assert "CITY1361_SESSION_HOURS = " in said
    assert "[environment]" in said
    for secret in (settings.SECRET_KEY, settings.PERSONAL_DATA_KEY, settings.LIVE_KEY):
        assert secret not in said


def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[Finding]:
        raise ZeroDivisionError("nobody expected this")

    monkeypatch.setattr(registry, "_doctor_checks", {"broken": broken, "clocks": doctor.clocks})
    done = run_command()
    assert done.exit_code == 1
    assert "nobody expected this" in done.output
    assert "✓" in done.output
