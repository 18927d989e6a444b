"""A folder that an unprivileged server can reach, and servers of both bundled versions in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from city1361.base.database import binaries
from city1361.base.database.embedded import EmbeddedServer


def _reachable_folder() -> Path:
    base = binaries.root_base() if os.geteuid() == 0 else Path(tempfile.gettempdir())
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=base))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of this test's own, gone afterwards."""
    folder = _reachable_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(params=[16, 18])
def started(place: Path, request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """A running server with a thousand committed rows."""
    server = EmbeddedServer(place / "server", major=request.param)
    server.start()
    with psycopg.connect(server.urls.owner, autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    yield server
    server.stop("immediate")


@pytest.fixture(scope="session", params=[16, 18])
def shared(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """A server for tests that only look, or make data bases of their own."""
    folder = _reachable_folder()
    server = EmbeddedServer(folder / "server", major=request.param, durable=False)
    server.start()
    yield server
    server.stop("immediate")
    shutil.rmtree(folder)
