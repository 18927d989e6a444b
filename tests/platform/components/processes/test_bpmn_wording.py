"""Whatever the engine refuses, an official reads it in words of the edge."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from city1361.platform.components.processes import expressions, wording
from city1361.platform.components.processes.decisions import compile_process
from city1361.platform.components.processes.terms import Finding, ProcessRefused, StepRefused

MODULE = Path(wording.__file__).parent
FINDERS = {"add", "_add", "refuse", "refused", "_orphan", "Finding"}
CODE = re.compile(r"[a-z][a-z_]+")
FAILURES = {code for _, code in expressions.KNOWN_FAILURES} | {"type"}


def _said(names: set[str]) -> set[str]:
    """Codes that stand in the source as the first words of those calls."""
    found = set()
    for path in [
        *MODULE.glob("*.py"),
        *MODULE.glob("bpmn/*.py"),
        *MODULE.glob("dmn/*.py"),
        *MODULE.glob("moving/*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                not isinstance(node, ast.Call)
                or (getattr(node.func, "attr", "") or getattr(node.func, "id", "")) not in names
            ):
                continue
            at = 2 if getattr(node.func, "id", "") == "Finding" else 0
            first = node.args[at] if len(node.args) > at else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and CODE.fullmatch(first.value):
                found.add(first.value)
    return found


def test_every_finding_has_its_words() -> None:
    said = _said(FINDERS) | {f"expression_{code}" for code in ("syntax", "type", "too_long", "too_deep", "schema")}
    assert said - set(wording.OF_FINDINGS) == set()
    assert set(wording.OF_FINDINGS) - said == set()


def test_every_refused_step_has_its_words() -> None:
    said = _said({"StepRefused"}) | {f"expression_{code}" for code in FAILURES}
    assert said - set(wording.OF_STEPS) == set()
    assert set(wording.OF_STEPS) - said == set()


@pytest.mark.parametrize("code", sorted(wording.OF_FINDINGS))
def test_the_places_of_a_finding_are_filled(code: str) -> None:
    sentence, remedy, params = wording.of_finding(Finding("a", 3, code, "technical"))
    assert "{" not in sentence.format(**params) + remedy.format(**params)


@pytest.mark.parametrize("code", sorted(wording.OF_STEPS))
def test_the_places_of_a_refused_step_are_filled(code: str) -> None:
    sentence, remedy, params = wording.of_step(StepRefused(code, "technical"))
    assert "{" not in sentence.format(**params) + remedy.format(**params)


def test_a_file_is_refused_in_words() -> None:
    with pytest.raises(ProcessRefused) as refused:
        compile_process(b"<!DOCTYPE a><a/>")
    sentence, remedy, _ = wording.of_finding(refused.value.findings[0])
    assert sentence == "文件含有文档类型或实体声明"
    assert remedy
