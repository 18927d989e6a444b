"""One of many, found by a few words: for choices that are too many for a list. Works with and without a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

FIND = "find"  # the button that searches: a form sent by it is not filed, it is shown again with what was found
MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """Choices as (value, label), and whether there are more than are shown."""

    choices: Sequence[tuple[str, str]]
    more: bool = False

    def said(self, words: str) -> str:
        """How the search went, in one sentence."""
        if not self.choices:
            return _("没有找到，请换几个字。") if words else _("请输入几个字查找。")
        if self.more:
            return _("只列出前{count}处，请再写几个字。").format(count=len(self.choices))
        return _("找到{count}处，请选择一处。").format(count=len(self.choices))


class SearchedChoice(forms.Widget):
    """A search line and what was found, each to be chosen by a press or by the arrow keys.

    find(words) looks; label(value) is the name of what was chosen before, empty for what may not be chosen. address
    answers a script the same as JSON: {found: [[value, label]], said}.
    """

    def __init__(self, find: Callable[[str], Found], label: Callable[[str], str], address: str, hint: str = "") -> None:
        super().__init__()
        self.find, self.label, self.address, self.hint = find, label, address, hint
        self.words = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        self.words = words_of(data, name)
        return data.get(name)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        found = self.find(self.words)
        chosen = str(value or "")
        label = self.label(chosen) if chosen else ""
        choices = [one for one in found.choices if one[0] != chosen] if self.words or not found.more else []
        context = {
            "name": name,
            "address": self.address,
            "placeholder": self.hint,
            "words": self.words,
            "chosen": (chosen, label) if label else None,
            "choices": choices,
            "said": "" if label and not self.words else self._said(found, choices),
            "attrs": {key: text for key, text in (attrs or {}).items() if key != "class"},
        }
        return render_to_string("ui/searched_choice.html", context)

    def _said(self, found: Found, choices: Sequence[tuple[str, str]]) -> str:
        return found.said(self.words) if self.words or choices else _("请输入几个字查找。")

    def id_for_label(self, id_: str) -> str:
        return id_


def words_of(data: Any, name: str) -> str:
    """What was typed into the search line of a field."""
    return str(data.get(f"{name}_words") or "").replace("\x00", "").strip()[:MOST_WORDS]
