"""The verbs of the data base, as the operator types them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from city1361.base.database.embedded import EmbeddedServer
from tests.conftest import Databases

Copied = Callable[[int, Path], EmbeddedServer]


def city1361(*words: str | Path, data: Path, language: str = "C.UTF-8", **environment: str) -> tuple[int, str]:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("DATABASE_")}
    done = subprocess.run(
        [sys.executable, "-m", "city1361", *words],
        env={**inherited, "CITY1361_DATA": str(data), "LC_ALL": language, **environment},
        text=True,
        capture_output=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def data(place: Path, copied: Copied) -> Path:
    """An installation on PostgreSQL 16."""
    (place / "data").mkdir(mode=0o711)
    copied(16, place / "data" / "server")
    return place / "data"


def test_upgrade_backup_and_restore_one_after_the_other(data: Path, place: Path) -> None:
    assert city1361("database", "status", data=data) == (0, f"PostgreSQL 16  {data}/server/cluster  stopped\n")
    code, said = city1361("database", "upgrade", data=data)
    assert code == 0, said
    assert f"{data}/server/cluster-16" in said
    server = EmbeddedServer.of_folder(data / "server")
    server.start()
    code, said = city1361("backup", place / "backup", data=data)
    assert code == 0, said
    assert "Verify the copy" in said
    server.stop()
    code, said = city1361("restore", place / "backup", "--data", place / "again", data=data)
    assert code == 0, said
    assert f"city1361 run --data {place / 'again'}" in said
    code, said = city1361("restore", place / "backup", "--data", place / "again", data=data)
    assert code == 1
    assert "not empty" in said


def test_a_refusal_is_one_sentence_with_what_to_do_in_the_language_of_the_terminal(data: Path, place: Path) -> None:
    code, said = city1361("backup", place / "backup", data=data)
    assert (code, said) == (
        1,
        "✗ database_stopped: The database is not running\n  → Start it first, then make the backup\n",
    )
    code, said = city1361("backup", place / "backup", data=data, language="zh_CN.UTF-8")
    assert (code, said) == (1, "✗ database_stopped: 数据库没有运行\n  → 请先启动，再备份\n")
    code, said = city1361("backup", place / "backup", data=place / "nowhere")
    assert code == 1
    assert "There is no embedded database" in said


def test_migrate_refuses_bad_addresses_and_is_repeatable_with_good_ones(place: Path, databases: Databases) -> None:
    code, said = city1361("database", "migrate", data=place)
    assert code == 1
    assert "DATABASE_URL is not set" in said
    good = {"DATABASE_URL": databases.app_url, "DATABASE_OWNER_URL": databases.owner_url}
    swapped = {"DATABASE_URL": databases.owner_url, "DATABASE_OWNER_URL": databases.app_url}
    code, said = city1361("database", "migrate", data=place, **swapped)
    assert code == 1
    code, said = city1361("database", "migrate", data=place, **good)
    assert code == 0, said
    assert "No migrations to apply" in said
    assert "0 partitions made" in said
    code, said = city1361("database", "status", data=place, **good)
    assert code == 0
    assert said.endswith("external database\n")
