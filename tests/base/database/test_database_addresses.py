"""Two addresses that would not hold the application are refused before anything is migrated, and no password is shown."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from city1361.base.database.embedded import EmbeddedServer
from city1361.base.database.external import check_addresses
from city1361.base.kernel.errors import Problem
from city1361.base.kernel.terminal import tell_problem


def code(application: str, owner: str, never: str = "hush") -> str:
    with pytest.raises(Problem) as refused:
        check_addresses(application, owner)
    assert never not in "\n".join(tell_problem(refused.value))
    assert refused.value.remedy
    return refused.value.code


@pytest.fixture
def superuser(shared: EmbeddedServer) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(shared.urls.superuser, autocommit=True) as connection:
        yield connection


def test_two_good_addresses_tell_the_version(shared: EmbeddedServer) -> None:
    assert check_addresses(shared.urls.app, shared.urls.owner) == shared.major


def test_missing_malformed_and_unreachable_addresses_are_told_apart(shared: EmbeddedServer) -> None:
    urls = shared.urls
    assert code("", urls.owner) == "database_address_missing"
    assert code(urls.app, "") == "database_address_missing"
    assert code("mysql://user:hush@127.0.0.1/x", urls.owner) == "database_address_malformed"
    assert code("postgresql://user:hu%zzhush@127.0.0.1/x", urls.owner) == "database_address_malformed"
    assert code("postgresql://user:hush@127.0.0.1:1/x", urls.owner) == "database_unreachable"
    assert code(urls.app.replace(":", ":hush", 2), urls.owner) in ("database_address_malformed", "database_unreachable")


def test_an_application_role_that_passes_row_security_is_refused(
    shared: EmbeddedServer, superuser: psycopg.Connection[tuple[object, ...]]
) -> None:
    urls = shared.urls
    assert code(urls.owner, urls.owner) == "application_role_too_strong"
    assert code(urls.owner, urls.app) == "owner_role_too_weak"
    assert code(urls.superuser, urls.owner) == "application_role_too_strong"
    for give, take in (
        ("ALTER ROLE city1361_app BYPASSRLS", "ALTER ROLE city1361_app NOBYPASSRLS"),
        ("GRANT CREATE ON SCHEMA public TO city1361_app", "REVOKE CREATE ON SCHEMA public FROM city1361_app"),
        ("GRANT city1361_owner TO city1361_app", "REVOKE city1361_owner FROM city1361_app"),
    ):
        superuser.execute(give)  # type: ignore[arg-type]
        assert code(urls.app, urls.owner) == "application_role_too_strong"
        superuser.execute(take)  # type: ignore[arg-type]
    check_addresses(urls.app, urls.owner)


def test_two_data_bases_are_refused_and_one_that_cannot_hold_chinese_too(
    shared: EmbeddedServer, superuser: psycopg.Connection[tuple[object, ...]]
) -> None:
    urls = shared.urls
    superuser.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' OWNER city1361_owner")
    assert code(urls.app.rpartition("/")[0] + "/postgres", urls.owner) == "different_databases"
    assert code(*(url.rpartition("/")[0] + "/latin" for url in (urls.app, urls.owner))) == "database_encoding"
    superuser.execute("DROP DATABASE latin")
