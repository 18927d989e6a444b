"""The checks can fail: each mutation of a copied tree turns one red."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import checks
from tests.house.contracts import lint

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the source that a test may damage."""
    ignored = shutil.ignore_patterns("__pycache__", "static", "locale", "templates")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    return tmp_path / "src"


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


UPWARD = {
    "a lower floor imports a higher one": ("base/files/queries.py", "import city1361.centres.execution.api\n"),
    "a lower room imports a higher one": (
        "centres/execution/models/matter.py",
        "import city1361.centres.execution.actions\n",
    ),
    "decisions import django": ("centres/execution/decisions/who.py", "from django.db import connection\n"),
    "siblings make a cycle": ("base/evidence/queries.py", "import city1361.base.outbox.api\n"),
    "kernel knows the web": ("base/kernel/clock.py", "import django.utils.timezone\n"),
    "accounts know access": (
        "platform/assurance/security/accounts/queries.py",
        "import city1361.platform.assurance.security.access.api\n",
    ),
}


@pytest.mark.parametrize("mutation", UPWARD)
def test_import_contracts_turn_red(tree: Path, mutation: str) -> None:
    file, line = UPWARD[mutation]
    _append(tree / "city1361" / file, f"\n{line}")
    assert lint(tree).returncode != 0


DAMAGES: dict[str, tuple[Callable[[Path], list[str]], str, str]] = {
    "utils.py": (checks.names, "base/files/utils.py", "X = 1\n"),
    "private door": (
        checks.doors,
        "grassroots/grids/pages.py",
        "from city1361.centres.execution.models import Matter\n",
    ),
    "private door by package": (
        checks.doors,
        "grassroots/grids/pages.py",
        "from city1361.centres.execution import models\n",
    ),
    "a long file": (checks.sizes, "base/files/long.py", "x = 1\n" * 401),
    "a long function": (checks.sizes, "base/files/long.py", "def f():\n" + "    x = 1\n" * 51),
    "a colliding label": (checks.labels, "base/messages/apps.py", 'class C:\n    label = "messages"\n'),
    "an upward key by string": (
        checks.upward_foreign_keys,
        "base/files/models.py",
        'x = models.ForeignKey("centres_execution.Matter", on_delete=1)\n',
    ),
    "a clock of one's own": (checks.direct_writes_of_time_and_ids, "base/files/queries.py", "x = datetime.now(UTC)\n"),
    "eval": (checks.executed_code, "base/files/queries.py", "eval(text)\n"),
    "a city in the source": (checks.names_of_one_city, "base/files/queries.py", 'CITY = "重庆市"\n'),
    "a page that sees everything": (checks.unlimited_scopes, "base/files/pages.py", "SCOPE = Scope.everything()\n"),
    "evidence written by hand": (
        checks.own_writers,
        "base/files/keeping.py",
        "def f():\n    return Outcome(subject=None, write=print)\n",
    ),
    "a column of points": (
        checks.banned_columns,
        "grassroots/grids/models/work.py",
        "class Extra:\n    points = models.IntegerField()\n",
    ),
    "a column of positions": (
        checks.banned_columns,
        "grassroots/grids/models/work.py",
        "class Extra:\n    location_track = models.JSONField()\n",
    ),
    "points for grid workers": (checks.banned_features, "grassroots/grids/pages.py", 'TITLE = "积分排名"\n'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_house_checks_turn_red(tree: Path, damage: str) -> None:
    check, file, text = DAMAGES[damage]
    package = tree / "city1361"
    before = check(package)
    _append(package / file, f"\n{text}")
    assert len(check(package)) > len(before)


INJECTIONS = (
    "def find(cursor, q):\n    cursor.execute(f\"SELECT id FROM base_files_storedfile WHERE name = '{q}'\")\n",
    "def find(cursor, q):\n    cursor.execute(\"SELECT id FROM base_files_storedfile WHERE name = '%s'\" % q)\n",
    'def find(cursor, q):\n    cursor.execute("DELETE FROM base_files_storedfile WHERE name = \'" + q + "\'")\n',
    "def find(rows, q):\n    return rows.extra(where=[q])\n",
)


@pytest.mark.parametrize("injection", INJECTIONS, ids=["braces", "percent", "plus", "extra"])
def test_the_linter_finds_sql_made_of_what_a_user_wrote(tree: Path, injection: str) -> None:
    file = tree / "city1361" / "base" / "files" / "queries.py"
    lint_file = [
        str(Path(sys.executable).with_name("ruff")),
        "check",
        "--no-cache",
        "--quiet",
        "--select",
        "S",
        "--config",
        str(ROOT / "pyproject.toml"),
    ]
    assert subprocess.run([*lint_file, str(file)], check=False).returncode == 0
    _append(file, f"\n\n{injection}")
    assert subprocess.run([*lint_file, str(file)], check=False, capture_output=True).returncode == 1
