"""What docs/reference/security-requirements.md names is there: its tests, its files, each requirement once."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLD = (ROOT / "docs" / "reference" / "security-requirements.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (met|partly|not) \| ([^|]+) \|$", re.MULTILINE)
QUOTED = re.compile(r"`([^`]+)`")


def known_tests() -> set[str]:
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                found.add(node.name)
    return found


def test_every_requirement_stands_there_once_with_its_state() -> None:
    assert [int(number) for number, _, _ in ROW.findall(TOLD)] == list(range(1, 97))


def test_every_test_and_file_that_is_named_exists() -> None:
    names = set(QUOTED.findall(TOLD))
    named = {name for name in names if re.fullmatch(r"test_\w+", name)}
    files = {name for name in names if "/" in name and " " not in name}
    assert len(named) > 80
    assert sorted(named - known_tests()) == []
    assert sorted(name for name in files if not (ROOT / name).exists()) == []


def test_what_is_met_names_its_proof() -> None:
    assert [number for number, state, proof in ROW.findall(TOLD) if state == "met" and "test_" not in proof] == []
