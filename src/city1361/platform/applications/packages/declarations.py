"""The shapes of a package's own files: manifest, texts, quality checklist. An unknown key is an error."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from city1361.platform.applications.packages.terms import Stage, StageState, System
from city1361.platform.assurance.standards.instance.api import Declaration

ID = r"^[a-z][a-z0-9]*/[a-z][a-z0-9]*(-[a-z0-9]+)*$"
KEY = r"^[a-z][a-z0-9_]{0,39}$"


class Text(Declaration):
    """A text in both languages."""

    zh: str = Field(min_length=1, max_length=2000)
    en: str = Field(min_length=1, max_length=4000)

    def among(self, language: str) -> str:
        """The text in the language of the page (`zh-hans`, `en`)."""
        return self.zh if language.startswith("zh") else self.en


class Uses(Declaration):
    """What a package uses. What stands here is all it may use."""

    components: list[str] = Field(default_factory=list, max_length=40)
    datasets: list[str] = Field(default_factory=list, max_length=100)
    services: list[str] = Field(default_factory=list, max_length=100)
    packages: list[str] = Field(default_factory=list, max_length=40)


class Entry(Declaration):
    """A way into one of its pages, shown on a portal to those who may open it."""

    page: str = Field(pattern=KEY)
    icon: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    portal: Literal["official"] = "official"


class Manifest(Declaration):
    """`manifest.yaml`. permissions: all that its pages may ask of the platform; an administrator sees and accepts them."""

    id: str = Field(pattern=ID, max_length=80)
    version: str = Field(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){1,2}$")
    title: Text
    summary: Text
    system: System
    track: Text
    owner: str = Field(min_length=1, max_length=60)
    levels: list[Literal["city", "district", "town", "village", "grid"]] = Field(min_length=1)
    uses: Uses = Uses()
    permissions: list[str] = Field(default_factory=list, max_length=60)
    entries: list[Entry] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def _within_its_system(self) -> Manifest:
        if self.id.split("/")[0] != self.system.value:
            raise ValueError("the id begins with the system, as government/street-lamps")
        return self


class Checked(Declaration):
    """A stage of the checklist."""

    state: StageState
    note: Text | None = None
    reason: Text | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _exemptions_are_explained(self) -> Checked:
        if self.state is StageState.EXEMPT and not (self.reason and self.until):
            raise ValueError("an exemption needs its reason and the day until which it holds")
        return self


def quality_model() -> Any:
    """`quality.yaml`: every one of the seven stages stands in it."""
    from pydantic import create_model

    return create_model("Quality", __base__=Declaration, **{stage.value: (Checked, ...) for stage in Stage})  # type: ignore[call-overload]
