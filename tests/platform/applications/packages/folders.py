"""Package folders for tests: the smallest whole one, and ways to write more into it."""

from __future__ import annotations

from pathlib import Path

from city1361.platform.applications.packages.beginning import begin

TYPES = """\
form: lift
types:
  - {code: L01, name: 电梯困人, class_name: 电梯, category: other}
  - {code: L02, name: 电梯停运, class_name: 电梯, category: other}
"""
FORM = """\
title: {zh: 电梯, en: Lift}
fields:
  - {name: floor, kind: number, label: {zh: 楼层, en: Floor}, required: true, least: -9, most: 200}
  - {name: caller, kind: phone, label: {zh: 被困者电话, en: Telephone of who is trapped}}
"""


def lifts(into: Path) -> Path:
    """A third application: lifts that stop. No Python, nothing of the product knows it."""
    folder = begin("society/lifts", into)
    change(folder, "manifest.yaml", "components: []", "components: [forms]")
    write(folder, "matters.yaml", TYPES)
    write(folder, "forms/lift.yaml", FORM)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def change(folder: Path, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert before in text
    write(folder, name, text.replace(before, after, 1))
