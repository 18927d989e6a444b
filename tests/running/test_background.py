"""The background load: its progress is told, its end is remembered, a failure is said."""

from __future__ import annotations

import io
import os
from pathlib import Path

from city1361.running.background import Background
from city1361.running.children import Lifeline, Program
from city1361.running.progress import Progress


def load(folder: Path, source: str) -> tuple[str, list[str], str]:
    """Run `source` as the background program; returns what was told, what was marked finished, and its log."""
    (folder / "loader.py").write_text(source)
    out, finished, lifeline = io.StringIO(), [], Lifeline()
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    program = Program("loader", "loader", [], environment, folder / "loader.log")
    background = Background(program, lifeline, Progress(out), lambda: finished.append("yes"))
    with background.out:
        while background.hear():
            pass
    lifeline.cut()
    return out.getvalue(), finished, program.log.read_text() if program.log.exists() else ""


def test_a_load_that_ends_well_is_remembered_and_said(tmp_path: Path) -> None:
    said, finished, log = load(tmp_path, "print('progress 1 1 50 100 matters')\nprint('progress 1 1 100 100 matters')")
    assert finished == ["yes"]
    assert "✓" in said
    assert log.count("progress") == 2


def test_a_load_that_fails_is_not_remembered_and_names_its_log(tmp_path: Path) -> None:
    said, finished, log = load(tmp_path, "print('progress 1 1 50 100 matters')\nraise SystemExit('no more rows')")
    assert finished == []
    assert "loader.log" in said
    assert "no more rows" in log


def test_a_load_with_nothing_to_do_says_nothing(tmp_path: Path) -> None:
    said, finished, _ = load(tmp_path, "")
    assert (said, finished) == ("", ["yes"])
