"""The data folder: whose it is, who holds it, what it keeps."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from city1361.base.kernel.errors import Conflict, Invalid
from city1361.running.installation import SECRETS, Installation, digest_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a folder"


def secrets_of(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def test_secrets_are_made_once_and_only_their_owner_may_read_them(folder: Path) -> None:
    installation = Installation(folder)
    installation.open()
    installation.fill_secrets()
    first = secrets_of(installation.settings)
    assert set(first) == set(SECRETS)
    assert len(set(first.values())) == len(SECRETS)
    assert stat.S_IMODE(installation.settings.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == (0o700 if os.geteuid() else 0o711)
    installation.fill_secrets()
    assert secrets_of(installation.settings) == first
    installation.close()


def test_settings_are_replaced_and_the_rest_of_the_file_stays(folder: Path) -> None:
    installation = Installation(folder)
    installation.open()
    installation.settings.write_text("# mine\nCITY1361_TLS=on\nDATABASE_URL=old\n")
    installation.set_settings(DATABASE_URL="new")
    assert installation.settings.read_text() == "# mine\nCITY1361_TLS=on\nDATABASE_URL=new\n"
    installation.close()


def test_a_second_one_in_the_same_folder_is_refused_and_told_who_holds_it(folder: Path) -> None:
    first, second = Installation(folder), Installation(folder)
    first.open()
    first.note("pid 7, http://127.0.0.1:8361")
    with pytest.raises(Conflict, match="pid 7") as refusal:
        second.open()
    assert refusal.value.remedy
    first.close()
    second.open()
    second.close()


def test_somebody_elses_folder_is_neither_used_nor_erased(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(Invalid, match="data_folder_not_ours"):
        Installation(folder).open()
    assert (folder / "thesis.txt").exists()


def test_a_folder_that_cannot_be_made_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match="data_folder_unusable"):
        Installation(tmp_path / "file" / "data").open()


def test_erasing_leaves_an_empty_folder_that_is_still_held(folder: Path) -> None:
    installation = Installation(folder)
    installation.open()
    installation.fill_secrets()
    (folder / "files").mkdir()
    (folder / "files" / "photo").write_text("")
    installation.set_done("迁移数据库", "digest")
    installation.erase()
    assert {path.name for path in folder.iterdir()} == {"run.lock", "logs"}
    assert installation.done("迁移数据库") == ""
    with pytest.raises(Conflict):
        Installation(folder).open()
    installation.close()


def test_what_was_done_is_remembered_with_what_it_was_done_for(folder: Path) -> None:
    installation = Installation(folder)
    installation.open()
    installation.set_done("a", "1")
    installation.set_done("b", "2")
    assert (installation.done("a"), installation.done("b"), installation.done("c")) == ("1", "2", "")
    installation.close()


def test_a_digest_changes_with_any_file_but_not_with_caches(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "areas.csv").write_text("1")
    before = digest_of([tmp_path], "1.0")
    (tmp_path / "__pycache__" / "x.pyc").write_text("x")
    assert digest_of([tmp_path], "1.0") == before
    (tmp_path / "areas.csv").write_text("2")
    assert digest_of([tmp_path], "1.0") != before
    assert digest_of([tmp_path], "1.1") != digest_of([tmp_path], "1.0")


def test_a_data_base_of_ones_own_is_known_by_environment_file_or_hand(folder: Path) -> None:
    installation = Installation(folder)
    installation.open()
    assert not installation.has_own_database({})
    assert installation.has_own_database({"DATABASE_URL": "postgresql://db.example/city"})
    assert installation.has_own_database({"DATABASE_URL_FILE": "/run/credentials/url"})
    installation.set_settings(DATABASE_URL="postgresql://db.example/city")
    assert installation.has_own_database({})
    (folder / "server").mkdir()
    (folder / "server" / "server.json").write_text("{}")
    assert not installation.has_own_database({})
    installation.close()
