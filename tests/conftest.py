"""One real PostgreSQL for the whole run: migrated by the owner, used by the tests as the application."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[1]
MAJOR = int(os.environ.get("CITY1361_TEST_POSTGRES", "18"))
FOLDER = tempfile.TemporaryDirectory(prefix="city1361-test-", ignore_cleanup_errors=True)
DATA = Path(FOLDER.name)
BROWSER = "tests/browser/"
DATA.chmod(0o711)  # as root, PostgreSQL runs as another account and must pass through
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "city1361.settings",
    "CITY1361_DATA": str(DATA / "installation"),
    "CITY1361_INSTANCE": str(ROOT / "instances" / "tiny"),
    "DATABASE_URL": "postgresql://set-by-the-database-fixture/",
    "CITY1361_DEMONSTRATION": "on",
    "CITY1361_DAY": "off",
    "CITY1361_HOSTS": "localhost,127.0.0.1,testserver",
    **{name: secrets.token_hex(32) for name in ("SECRET_KEY", "PERSONAL_DATA_KEY", "LIVE_KEY")},
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests marked long")


def pytest_configure(config: pytest.Config) -> None:
    """Settings are read when they are imported: this process gets a folder, an instance and secrets of its own.

    One that only hands out tests (`-n`) sets nothing, or its processes would inherit it. Models are imported while
    tests are collected.
    """
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return
    os.environ.update(ENVIRONMENT)
    django.setup()
    _share_the_middleware()


def _share_the_middleware() -> None:
    """Every test client would build the chain again, and read the name of every static file: once is enough."""
    from django.test.client import ClientHandler

    load, made = ClientHandler.load_middleware, ClientHandler()

    def share(handler: ClientHandler, is_async: bool = False) -> None:
        if made._middleware_chain is None:
            load(made, is_async)
        vars(handler).update({name: value for name, value in vars(made).items() if name.endswith(("ware", "_chain"))})

    ClientHandler.load_middleware = share  # type: ignore[method-assign]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Several processes (`-n 3`), each with a server of its own: a file's tests stay together.

    A browser keeps an event loop in the main thread, in which Django refuses to work: one process does nothing else.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER if nodeid.startswith(BROWSER) else nodeid.split("::", 1)[0]

        def _reschedule(self, node: Any) -> None:
            if BROWSER in self.assigned_work[node] and len(self.nodes) > 1:
                node.shutdown()
            else:
                super()._reschedule(node)

    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # For the same reason those tests come last in one process; among several they come first, as they take longest.
    several = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")) > 1
    items.sort(key=lambda item: item.nodeid.startswith(BROWSER) != several)
    if config.getoption("--long"):
        return
    for item in items:
        if "long" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="long: run ./test --long"))


@dataclass(frozen=True)
class Databases:
    """The data base of the tests: `template` is migrated and holds the tiny city; `name` is what tests use."""

    owner_url: str
    app_url: str
    superuser_url: str
    name: str
    template: str

    def owner(self, database: str = "") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.owner_url, dbname=database or self.name, autocommit=True)

    def renew(self) -> None:
        """Throw the test data base away and copy the template again: a few tenths of a second."""
        owner = urlsplit(self.owner_url).username
        with psycopg.connect(self.superuser_url, dbname="postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}" OWNER "{owner}"')
        # The witness of the log that has just been thrown away would contradict the new one.
        (DATA / "installation" / "evidence-heads.jsonl").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _ids_of_this_moment() -> None:
    """Ids never step back within a process: those made under a clock stopped in the future end with their test."""
    from city1361.base.kernel import ids

    ids._last = 0


@pytest.fixture(scope="session")
def server() -> Iterator[object]:
    """An embedded PostgreSQL of this run's own, stopped at its end."""
    from city1361.base.database.embedded import EmbeddedServer

    running = EmbeddedServer(DATA / "server", major=MAJOR, durable=False)
    running.start()
    yield running
    running.stop("immediate")


@pytest.fixture(scope="session")
def databases(server: object) -> Databases:
    """Migrate as the owner and load the tiny city, once; the result is the template of every test."""
    urls = server.urls  # type: ignore[attr-defined]
    made = Databases(urls.owner, urls.app, urls.superuser, "city1361_test", urlsplit(urls.owner).path.lstrip("/"))
    environment = {**os.environ, "DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}
    for command in (["database", "migrate"], ["instance", "load", str(ROOT / "instances" / "tiny")], ["demo", "cast"]):
        done = subprocess.run(
            [sys.executable, "-m", "city1361", *command], env=environment, text=True, capture_output=True, check=False
        )
        if done.returncode:
            pytest.exit(f"city1361 {' '.join(command)} failed:\n{done.stdout}\n{done.stderr}", returncode=3)
    made.renew()
    return made


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases) -> Iterator[None]:
    """Point Django at the test data base, as the application role."""
    from django.db import connections

    parts = urlsplit(databases.app_url)
    connections["default"].settings_dict.update(
        NAME=databases.name, USER=parts.username, PASSWORD=parts.password, HOST=parts.hostname, PORT=str(parts.port)
    )
    yield
    connections.close_all()


@pytest.fixture
def owner(databases: Databases, django_db_setup: None) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection as the owner of the tables: for what the application may not do."""
    with databases.owner() as connection:
        yield connection


@pytest.fixture
def committed(databases: Databases, django_db_setup: None, django_db_blocker: object) -> Iterator[Databases]:
    """For tests with real commits, threads or processes. Everything written is gone afterwards."""
    from django.db import connections

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield databases
        connections.close_all()
    databases.renew()


@pytest.fixture
def as_owner(committed: Databases) -> Iterator[None]:
    """Connected as the owner of the tables, as `city1361 keys` and `city1361 archive` are."""
    from django.db import connections

    kept, parts = dict(connections["default"].settings_dict), urlsplit(committed.owner_url)
    connections.close_all()
    connections["default"].settings_dict.update(USER=parts.username, PASSWORD=parts.password)
    yield
    connections.close_all()
    connections["default"].settings_dict.update(kept)
