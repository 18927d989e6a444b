"""A form as a value: its fields, their limits, when each is asked. Pure; read from YAML and from the database alike."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from city1361.platform.components.forms.terms import (
    LARGEST_NUMBER,
    LONGEST_LONG_TEXT,
    LONGEST_TEXT,
    MOST_FIELDS,
    MOST_OPTIONS,
    FieldKind,
)

NAME = r"^[a-z][a-z0-9_]{0,39}$"
CHOOSING = (FieldKind.CHOICE, FieldKind.CHOICES)
WRITTEN = (FieldKind.TEXT, FieldKind.LONG_TEXT)
# Which kinds may carry which limits.
LIMITS = {
    "shortest": WRITTEN,
    "longest": WRITTEN,
    "digits": (FieldKind.TEXT,),
    "least": (FieldKind.NUMBER,),
    "most": (FieldKind.NUMBER,),
    "decimals": (FieldKind.NUMBER,),
    "options": CHOOSING,
    "past": (FieldKind.DATE,),
    "personal": (*WRITTEN, FieldKind.PHONE),
}


class Strict(BaseModel):
    """The base of every part: a key nobody knows is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1, max_length=300)
    en: str = Field(min_length=1, max_length=600)

    def among(self, language: str) -> str:
        """The text in the language of the page (`zh-hans`, `en`)."""
        return self.zh if language.startswith("zh") else self.en


class Element(Strict):
    """The data element that a field fills: its standard and its code there."""

    standard: str = Field(min_length=1, max_length=40)
    code: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")


class Option(Strict):
    """One choice. `value` is kept, the words are shown."""

    value: str = Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")
    label: Words


class ShowWhen(Strict):
    """The field is asked only when `field` was answered with one of these values."""

    field: str
    equals: list[str | bool] = Field(min_length=1, max_length=MOST_OPTIONS)


class FieldEntry(Strict):
    """A field. Limits that its kind does not have are refused."""

    name: str = Field(pattern=NAME)
    kind: FieldKind
    label: Words
    help: Words | None = None
    element: Element | None = None
    required: bool = False
    reporter: bool = False  # asked of whoever reports, too; the others are asked when somebody takes the matter in
    personal: bool = False
    shortest: int | None = Field(default=None, ge=1, le=LONGEST_LONG_TEXT)
    longest: int | None = Field(default=None, ge=1, le=LONGEST_LONG_TEXT)
    digits: bool = False
    least: Decimal | None = Field(default=None, ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)
    most: Decimal | None = Field(default=None, ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)
    decimals: int = Field(default=0, ge=0, le=6)
    past: bool = False
    options: list[Option] = Field(default_factory=list, max_length=MOST_OPTIONS)
    show_when: ShowWhen | None = None

    @model_validator(mode="after")
    def _limits_of_its_kind(self) -> FieldEntry:
        given = self.model_fields_set
        for limit, kinds in LIMITS.items():
            if limit in given and self.kind not in kinds:
                raise ValueError(f"a field of kind {self.kind} has no `{limit}`")
        if self.kind in CHOOSING and len({option.value for option in self.options}) != len(self.options):
            raise ValueError("two options have the same value")
        if self.kind in CHOOSING and len(self.options) < 2:
            raise ValueError("at least two options are needed")
        if (self.longest and self.longest < (self.shortest or 0)) or self.largest_text < (self.longest or 0):
            raise ValueError("shortest, longest and what the kind can hold contradict one another")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("least is more than most")
        return self

    @property
    def largest_text(self) -> int:
        return LONGEST_LONG_TEXT if self.kind is FieldKind.LONG_TEXT else LONGEST_TEXT

    @property
    def is_personal(self) -> bool:
        return self.personal or self.kind is FieldKind.PHONE


class FormDeclaration(Strict):
    """A form of a package."""

    title: Words
    fields: list[FieldEntry] = Field(min_length=1, max_length=MOST_FIELDS)

    @property
    def of_reporter(self) -> list[FieldEntry]:
        """What whoever reports is asked."""
        return [one for one in self.fields if one.reporter]

    def field(self, name: str) -> FieldEntry | None:
        return next((one for one in self.fields if one.name == name), None)
