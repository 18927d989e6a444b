"""A folder that an unprivileged server can reach, and servers of both bundled versions in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from city1361.base.database import binaries
from city1361.base.database.embedded import EmbeddedServer

MEMORY, NEEDED = Path("/dev/shm"), 2_000_000_000  # noqa: S108


def reachable_folder(*, in_memory: bool = True) -> Path:
    """A folder that every account may pass through: in memory where there is plenty, which halves these tests."""
    plenty = in_memory and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > NEEDED
    on_disk = binaries.root_base() if os.geteuid() == 0 else Path(tempfile.gettempdir())
    base = MEMORY if plenty else on_disk
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="city1361-test-", dir=base))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of this test's own, gone afterwards."""
    folder = reachable_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def prepared() -> Iterator[Callable[[int], Path]]:
    """Stopped servers with a thousand committed rows, one of each version, made once and copied by every test."""
    folder = reachable_folder()

    def of(major: int) -> Path:
        server = EmbeddedServer(folder / str(major), major=major)
        if server.place.major is None:
            server.start()
            with psycopg.connect(server.urls.owner, autocommit=True) as owner:
                owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
            server.stop()
        return server.folder

    yield of
    shutil.rmtree(folder)


Copied = Callable[[int, Path], EmbeddedServer]


@pytest.fixture
def copied(prepared: Callable[[int], Path]) -> Copied:
    """copied(major, folder): a stopped server in `folder` with a thousand committed rows."""

    def copy(major: int, folder: Path) -> EmbeddedServer:
        subprocess.run(["cp", "-a", prepared(major), folder], check=True)
        return EmbeddedServer(folder, major=major)

    return copy


@pytest.fixture(params=[16, 18])
def started(place: Path, copied: Copied, request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """A running server with a thousand committed rows."""
    server = copied(request.param, place / "server")
    server.start()
    yield server
    server.stop("immediate")


@pytest.fixture(scope="session", params=[16, 18])
def shared(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """A server for tests that only look, or make data bases of their own."""
    folder = reachable_folder()
    server = EmbeddedServer(folder / "server", major=request.param, durable=False)
    server.start()
    yield server
    server.stop("immediate")
    shutil.rmtree(folder)
