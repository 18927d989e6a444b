"""Rules every template keeps: nothing inline, htmx in one place, pictures described, Chinese set like Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.base.ui.catalogue import CHINESE, ROOT, SOURCE, templates, wanted

UI = SOURCE / "base" / "ui"
HAN = r"[\u3400-\u9fff]"
HALF_WIDTH = re.compile(
    rf"{HAN}[,;:!?]|[,;!?]{HAN}|{HAN}\.(?:\s|$)|\({HAN}|{HAN}\)|{HAN}\s*·\s+|\s+·\s*{HAN}|{HAN}\.\.\.|\"{HAN}|{HAN}\""
)
PLACES = re.compile(r"%\(\w+\)s|\{\w+(?::\w+)?\}")
each_template = pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(SOURCE)))


def markup(path: Path) -> str:
    """The template without tags and comments of Django."""
    return re.sub(r"\{%.*?%\}|\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)


@each_template
def test_nothing_is_inline_that_the_content_policy_forbids(path: Path) -> None:
    text = markup(path)
    assert not re.search(r"\sstyle\s*=|<style\b", text), "an inline style"
    assert not re.search(r"\son[a-z]+\s*=", text), "an inline handler"
    assert not re.search(r"javascript:", text), "a script in an address"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, tag


@each_template
def test_htmx_attributes_stand_in_base_ui_only(path: Path) -> None:
    if UI not in path.parents:
        assert not re.search(r"\b(?:data-)?hx-", markup(path))


@each_template
def test_every_picture_has_a_text_and_its_size(path: Path) -> None:
    for tag in re.findall(r"<img\b[^>]*>", path.read_text("utf-8")):
        assert "alt=" in tag, tag
        assert "width=" in tag or "<template>" in path.read_text("utf-8"), tag


@each_template
def test_every_form_that_writes_carries_the_token(path: Path) -> None:
    text = path.read_text("utf-8")
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, flags=re.DOTALL | re.IGNORECASE):
        assert "csrf_token" in form, form[:80]


@each_template
def test_no_chinese_stands_outside_translation(path: Path) -> None:
    text = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    left = CHINESE.findall(markup_of(text))
    assert left in ([], ["；"])


def markup_of(text: str) -> str:
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", text, flags=re.DOTALL)


def test_chinese_has_full_width_punctuation() -> None:
    wrong = [f"{place}: {text}" for text, place in wanted().items() if HALF_WIDTH.search(PLACES.sub("", text))]
    assert wrong == []


def test_the_lint_of_chinese_finds_what_it_should() -> None:
    for text in ("请登录,再试", "请登录.", "(说明)", "渝中区 · 上清寺", "正在定位...", '"没解决"', "时间:三天"):
        assert HALF_WIDTH.search(text), text
    for text in ("请登录，再试。", "（说明）", "渝中区·上清寺", "正在定位……", "“没解决”", "{day} 已过"):
        assert not HALF_WIDTH.search(PLACES.sub("", text)), text


def test_scripts_hold_no_sentences() -> None:
    for path in sorted((ROOT / "frontend" / "src").rglob("*.js")):
        assert not CHINESE.search(path.read_text("utf-8")), path


def test_scripts_run_no_text_as_code() -> None:
    for path in sorted((ROOT / "frontend" / "src").rglob("*.js")):
        assert not re.search(
            r"\beval\(|new Function\(|innerHTML|outerHTML\s*=|insertAdjacentHTML", path.read_text("utf-8")
        ), path
