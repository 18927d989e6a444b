"""Every sentence the standards say to somebody has its English."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from city1361.base.kernel import terminal
from city1361.platform.assurance.standards.texts import ENGLISH

PACKAGE = Path(terminal.__file__).parents[2] / "platform" / "assurance" / "standards"
# Calls whose arguments are told to people, and which of them (positions, keywords).
TELLING = {"fault", "Invalid", "Missing", "BrokenInstance", "_invalid", "report", "Merge", "tell"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _sentences() -> set[str]:
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts or path.name in ("texts.py", "models.py", "apps.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            inside: list[ast.AST] = []
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                inside = [*node.args, *(word.value for word in node.keywords)] if name in TELLING else []
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                inside = list(node.value.elts)
            constants = (part.value for argument in inside for part in _plain(argument))
            found |= {text for text in constants if CHINESE.search(text)}
    return found


def _plain(node: ast.AST) -> list[ast.Constant]:
    """String constants that are whole arguments: not pieces of f-strings, which are data."""
    return [node] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_sentence_has_its_english() -> None:
    sentences = _sentences()
    assert len(sentences) > 60
    assert sorted(sentences - ENGLISH.keys()) == []


def test_no_english_is_left_over_and_places_are_the_same() -> None:
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path.name != "texts.py")
    for chinese, english in ENGLISH.items():
        assert chinese in source, chinese
        assert not CHINESE.search(english.replace("重复", "")), english
        assert set(re.findall(r"\{(\w+)\}", english)) <= set(re.findall(r"\{(\w+)\}", chinese)), chinese


def test_the_terminal_speaks_its_own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert terminal.tell("没有代码为“{code}”的区域", code="1") == "There is no area with the code 1"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert terminal.tell("没有代码为“{code}”的区域", code="1") == "没有代码为“1”的区域"
