"""What the instance folder says about itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Permission(StrEnum):
    """What may be done here."""

    LOAD_INSTANCE = "standards.load_instance"


class Declaration(BaseModel):
    """The base of everything read from an instance folder: a key nobody knows is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("an IANA time zone such as Asia/Shanghai is needed")
    return name


class DeclaredFile(Declaration):
    """One file: the section that reads it, where it comes from, what may be done with it."""

    path: str = Field(min_length=1)
    section: str = Field(min_length=1)
    source: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    licence_file: str = ""
    synthetic: bool = False


class MapDeclaration(Declaration):
    """How maps are shown. `approval_number` is the 审图号 of the base map, empty while there is none."""

    crs: Literal["GCJ-02"] = "GCJ-02"
    approval_number: str = ""
    attribution: str = ""


class ShiftDeclaration(Declaration):
    """A shift of duty, by the clock of the city. One that ends before it begins goes on past midnight."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name: str = Field(min_length=1, max_length=10)
    starts: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    ends: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class InstanceDeclaration(Declaration):
    """`instance.yaml`. packages: the application packages of this city by id, in the order in which they are shown."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str = Field(min_length=1)
    namespace: UUID
    timezone: Annotated[str, AfterValidator(_known_timezone)]
    languages: list[Literal["zh-hans", "en"]] = Field(min_length=1)
    synthetic: bool
    map: MapDeclaration = MapDeclaration()
    packages: list[Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9-]+$")]] = Field(default_factory=list, max_length=200)
    shifts: list[ShiftDeclaration] = Field(default_factory=list, max_length=12)
    files: list[DeclaredFile]
