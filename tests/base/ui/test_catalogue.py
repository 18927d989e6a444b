"""Whatever a page or the API may say in Chinese it can say in English, with the same places to fill."""

from __future__ import annotations

import re

from tests.base.ui import catalogue

PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)(?::\w+)?\}")


def places(text: str) -> set[str]:
    return {named or braced for named, braced in PLACE.findall(text)}


def test_every_sentence_has_its_english() -> None:
    have = catalogue.english()
    missing = [f"{place}: {text}" for text, place in catalogue.wanted().items() if not have.get(text)]
    assert missing == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    wanted = catalogue.wanted()
    assert [text for text in catalogue.english() if text not in wanted] == []


def test_english_fills_the_same_places() -> None:
    wrong = [text for text, english in catalogue.english().items() if places(text) != places(english)]
    assert wrong == []


def test_english_holds_no_chinese() -> None:
    kept = {"简体中文"}
    wrong = [text for text, english in catalogue.english().items() if catalogue.CHINESE.search(english)]
    assert set(wrong) <= kept


def test_no_sentence_is_glued_together_before_translation() -> None:
    assert catalogue.untranslatable() == []
