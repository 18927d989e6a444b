"""The house stands as ARCHITECTURE.md says."""

from __future__ import annotations

import configparser
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import checks
from tests.house.contracts import lint

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "city1361"


@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_the_tree_keeps_the_rule(check: Callable[[Path], list[str]]) -> None:
    assert check(PACKAGE) == []


def test_imports_point_downward() -> None:
    result = lint(ROOT / "src")
    assert result.returncode == 0, result.stdout[-3000:]


def test_every_module_stands_in_the_contract_of_rooms() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    listed = contracts["importlinter:contract:rooms"]["containers"].split()
    assert sorted(checks.modules(PACKAGE)) == sorted(set(listed) & set(checks.modules(PACKAGE)))
    assert set(listed) - set(checks.modules(PACKAGE)) <= {"city1361.platform.assurance.standards.identifiers"}


def test_every_module_has_a_readme_of_at_most_eighty_lines() -> None:
    for apps in sorted(PACKAGE.rglob("apps.py")):
        readme = apps.parent / "README.md"
        assert readme.is_file(), f"{apps.parent} has no README.md"
        assert len(readme.read_text("utf-8").splitlines()) <= 80, f"{readme} is longer than 80 lines"


def test_tests_mirror_the_source() -> None:
    """A folder of tests/ below a floor's name has its module in src."""
    for floor in ("base", "platform", "centres", "grassroots"):
        for folder in sorted((ROOT / "tests" / floor).rglob("*")):
            if folder.is_dir() and folder.name != "__pycache__":
                assert (PACKAGE / folder.relative_to(ROOT / "tests")).exists(), f"{folder} mirrors nothing"
