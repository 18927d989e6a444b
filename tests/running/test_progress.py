"""What the terminal shows."""

from __future__ import annotations

import io

import pytest

from city1361.running import texts
from city1361.running.progress import Progress, cut, pad, table, width


def test_chinese_characters_take_two_columns() -> None:
    assert width("启动 web") == 8
    assert pad("启动", 6) == "启动  "
    assert cut("启动服务", 5) == "启动"


def test_a_table_is_aligned_whatever_the_language() -> None:
    lines = table([("身份", "用户名"), ("镇街值班员", "town_duty_officer"), ("居民", "resident")])
    columns = {width(line[: line.index(name)]) for line, name in zip(lines[2:], ("town_duty", "resident"), strict=True)}
    assert len(columns) == 1


def test_a_step_says_how_it_went_and_how_long_it_took() -> None:
    out = io.StringIO()
    progress = Progress(out)
    with progress.step("启动数据库") as step:
        step.detail = "PostgreSQL 18"
    with pytest.raises(RuntimeError), progress.step("迁移数据库"):
        raise RuntimeError
    first, second = out.getvalue().splitlines()
    assert first.startswith(" ✓ ")
    assert first.endswith("PostgreSQL 18")
    assert second.startswith(" ✗ ")


def test_every_sentence_stands_in_both_languages_with_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    import string

    for chinese, english in texts.ENGLISH.items():
        places = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (chinese, english)]
        assert places[0] == places[1], chinese
    texts.chinese.cache_clear()
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert texts.tell("启动服务") == "启动服务"
    texts.chinese.cache_clear()
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert texts.tell("启动服务") == "Start the services"
    texts.chinese.cache_clear()


def test_every_sentence_that_is_told_has_an_english_one() -> None:
    import ast
    from pathlib import Path

    folder = Path(texts.__file__).parent
    told = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("tell", "step"):
                    told.add(node.args[0].value)
    assert "启动服务" in told
    assert told <= set(texts.ENGLISH)
