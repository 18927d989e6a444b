"""A form at work: answers checked, personal ones sealed, kept with their version, and told again."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid
from city1361.platform.components.forms import decisions, queries
from city1361.platform.components.forms.definition import FieldEntry, FormDeclaration
from city1361.platform.components.forms.terms import FieldKind

HIDDEN = "已隐藏"
SEALED = "sealed"
YES_NO = {True: "是", False: "否"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as a person reads it, in the language of the page."""

    label: str
    text: str
    personal: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A form in one version."""

    key: str
    number: int
    declared: FormDeclaration

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The answers as they are kept. Raises Invalid naming the first field that is wrong (`answers.<name>`)."""
        answers, faults = self.check_all(given)
        if faults:
            raise faults[0]
        return answers

    def check_all(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Invalid]]:
        """The answers as they are kept, and everything that is wrong with them, fields called as on the page."""
        answers, faults = decisions.check(self.declared, given, localdate(clock.now()))
        for fault in faults:
            field = self.declared.field(fault.params["name"])
            if field is not None:
                fault.params["label"] = field.label.among(get_language() or "zh-hans")
        return answers, faults

    def stored(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Checked answers for a column: with the version, personal ones sealed."""
        kept = {name: self._sealed(name, answer) for name, answer in answers.items()}
        return {"version": self.number, "answers": kept}

    def open(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Stored answers as they were given: to go on filling in."""
        return {name: self._opened(name, answer) for name, answer in stored.get("answers", {}).items()}

    def told(self, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Checked answers for evidence: facts, and what is personal and must stay erasable."""
        personal = {field.name for field in self.declared.fields if field.is_personal}
        facts = {name: answer for name, answer in answers.items() if name not in personal}
        return facts, {name: answer for name, answer in answers.items() if name in personal}

    def shown(self, stored: Mapping[str, Any], *, personal: bool) -> list[Answer]:
        """Stored answers to be read, in the language of the page. personal: whether the reader may see what is."""
        kept, language = stored.get("answers", {}), get_language() or "zh-hans"
        return [
            Answer(
                field.label.among(language),
                self._words(field, kept[field.name], language) if personal or not field.is_personal else _(HIDDEN),
                field.is_personal,
            )
            for field in self.declared.fields
            if field.name in kept
        ]

    def title(self) -> str:
        """In the language of the page."""
        return self.declared.title.among(get_language() or "zh-hans")

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the answers."""
        return decisions.schema(self.declared)

    def _words(self, field: FieldEntry, answer: Any, language: str) -> str:
        if field.kind is FieldKind.YES_NO:
            return _(YES_NO[bool(answer)])
        if field.options:
            words = {option.value: option.label.among(language) for option in field.options}
            chosen = answer if isinstance(answer, list) else [answer]
            return (", " if language == "en" else "、").join(words.get(one, str(one)) for one in chosen)
        return str(self._opened(field.name, answer))

    def _purpose(self, name: str) -> str:
        return purpose(self.key, name)

    def _sealed(self, name: str, answer: Any) -> Any:
        field = self.declared.field(name)
        if field is None or not field.is_personal:
            return answer
        return {SEALED: base64.b64encode(database.seal(self._purpose(name), str(answer))).decode()}

    def _opened(self, name: str, answer: Any) -> Any:
        if not isinstance(answer, dict):
            return answer
        return database.unseal(self._purpose(name), base64.b64decode(answer[SEALED]))


def purpose(key: str, name: str) -> str:
    """What a sealed answer is bound to."""
    return f"form {key} {name}"


def purposes(spot: database.Spot) -> list[str]:
    """What an answer of this name may be bound to, for sealing it anew: it stands under the form it was given to."""
    return [purpose(key, spot.name) for key in queries.every_key()] if spot.name else []


def form(key: str, number: int | None = None) -> Form:
    """The form in force, or the version that answers were given to. Raises Missing."""
    found, declared = queries.version(key, number)
    return Form(key, found, declared)


def forms_in_force(keys: Iterable[str]) -> dict[str, Form]:
    """Several forms at once, by key; one whose package was withdrawn is left out."""
    return {key: Form(key, number, declared) for key, (number, declared) in queries.in_force(keys).items()}


def form_of(key: str, stored: Mapping[str, Any]) -> Form:
    """The form in the version that `stored` answers were given to. Raises Missing."""
    return form(key, int(stored["version"]))
