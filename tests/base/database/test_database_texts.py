"""Everything this module tells the operator has its English, and English has nothing more."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from city1361.base.database import texts

HERE = Path(texts.__file__).parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACE = re.compile(r"\{(\w+)")
# Names of the module itself, and of a separator in a list: nothing that is told.
NOT_TOLD = {"数据库", "、"}


def told() -> set[str]:
    """Every Chinese string of the module's own Python, docstrings apart."""
    found = set()
    for path in HERE.glob("*.py"):
        if path.name in ("texts.py", "apps.py"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                found |= {node.value} if CHINESE.search(node.value) else set()
    return found - NOT_TOLD


def test_every_sentence_has_its_english_and_no_english_is_left_over() -> None:
    english = texts.REFUSALS | texts.STEPS | texts.DOCTOR
    assert told() == set(english)


def test_both_languages_have_the_same_places() -> None:
    for chinese, english in (texts.REFUSALS | texts.STEPS | texts.DOCTOR).items():
        assert set(PLACE.findall(chinese)) == set(PLACE.findall(english)), chinese
        assert not CHINESE.search(english)
