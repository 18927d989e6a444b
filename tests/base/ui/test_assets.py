"""Pages name the built files; without a build they still show their content, and the doctor says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.template import Context, Template

from city1361.base.ui import assets
from city1361.base.ui.templatetags import ui

MANIFEST = {
    "src/desk.js": {"file": "assets/desk-1.js", "imports": ["_page.js"], "css": ["assets/desk-1.css"]},
    "_page.js": {"file": "assets/page-1.js", "css": ["assets/base-1.css"], "assets": ["assets/digits-1.woff2"]},
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(MANIFEST))
    return tmp_path


def test_what_an_entry_imports_comes_before_itself(dist: Path) -> None:
    styles, scripts = assets.files_of("desk", dist)
    assert styles == ["/static/dist/assets/base-1.css", "/static/dist/assets/desk-1.css"]
    assert scripts == ["/static/dist/assets/page-1.js", "/static/dist/assets/desk-1.js"]


def test_the_phone_keeps_styles_scripts_and_fonts(dist: Path) -> None:
    assert assets.entry_files("desk", dist)[-1] == "/static/dist/assets/digits-1.woff2"
    assert len(assets.entry_files("desk", dist)) == 5


def test_an_entry_that_does_not_exist_is_an_error(dist: Path) -> None:
    with pytest.raises(KeyError):
        assets.files_of("nothing", dist)


def test_a_newer_build_is_noticed(dist: Path) -> None:
    assert assets.manifest(dist) == MANIFEST
    path = dist / ".vite" / "manifest.json"
    path.write_text("{}")
    import os

    os.utime(path, (1, 1))
    assert assets.manifest(dist) == {}


def test_without_a_build_pages_name_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert assets.manifest(tmp_path) == {}
    assert assets.entry_files("desk", tmp_path) == []
    monkeypatch.setattr(assets, "is_built", lambda: False)
    assert Template('{% load ui %}{% entry "desk" %}').render(Context()) == ""
    assert assets.findings()[0].level == "warn"


def test_an_unknown_icon_draws_nothing_and_hides_from_readers() -> None:
    drawn = ui.icon("no such icon")
    assert 'aria-hidden="true"></svg>' in drawn
