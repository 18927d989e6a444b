"""The product knows no application: neither the id of a package, nor its name, nor a type or form of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from city1361.platform.applications.packages import api

SOURCE = Path(__file__).resolve().parents[2] / "src" / "city1361"
SHIPPED = [path for path in api.available().values() if path.is_relative_to(api.shipped())]


def read(path: Path) -> dict[str, object]:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def names_of(folder: Path) -> set[str]:
    """What only this package brings: its id, name, page addresses, and the codes and names of types that no standard has."""
    manifest, matters = read(folder / "manifest.yaml"), read(folder / "matters.yaml")
    own = [entry for entry in matters["types"] if not entry.get("national")]  # type: ignore[attr-defined]
    forms = {f"{manifest['id']}:{path.stem}" for path in folder.glob("forms/*.yaml")}
    return {
        str(manifest["id"]),
        folder.name,
        *forms,
        *(entry["code"] for entry in own),
        *(entry["name"] for entry in own),
    }


def texts() -> Iterator[tuple[str, str]]:
    """Every string of the source that is not documentation, and the text of every template, statement and script."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", node.value
    for suffix in ("*.html", "*.sql", "*.yaml", "*.json"):
        for path in sorted(SOURCE.rglob(suffix)):
            if "dist" not in path.parts:
                yield str(path.relative_to(SOURCE)), path.read_text("utf-8")


@pytest.mark.parametrize("folder", SHIPPED, ids=[path.name for path in SHIPPED])
def test_no_source_names_a_package_or_its_types(folder: Path) -> None:
    names = names_of(folder)
    assert len(names) > 4
    pattern = re.compile("|".join(rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in sorted(names)))
    found = [f"{place}: {match.group()}" for place, text in texts() if (match := pattern.search(text))]
    assert found == []


def test_a_name_in_the_source_would_be_found() -> None:
    assert any(re.search(r"(?<![\w-])execution\.read_matter(?![\w-])", text) for _, text in texts())
