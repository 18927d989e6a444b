"""`organisations.yaml`: templates by level, from which every area gets its organisations and posts."""

from __future__ import annotations

from pydantic import Field

from city1361.platform.assurance.standards.instance.api import Declaration
from city1361.platform.assurance.standards.organisations.terms import Category, PostFunction

FILE = "organisations.yaml"
CODE = r"^[a-z][a-z0-9_]*$"


class PostTemplate(Declaration):
    """A post, by its code in `posts`."""

    name: str = Field(min_length=1, max_length=60)
    function: PostFunction
    shift: bool = False


class OrganisationTemplate(Declaration):
    """An organisation that every area of `level` has. `{area}` in a name stands for the area's short name.

    `uscc` gives real codes by area code; elsewhere they are invented and marked so.
    """

    kind: str = Field(pattern=CODE, max_length=40)
    level: str = Field(pattern="^(city|district|town)$")
    name: str = Field(min_length=1, max_length=100)
    short_name: str = Field(min_length=1, max_length=40)
    line: str
    category: Category
    posts: list[str] = Field(min_length=1)
    uscc: dict[str, str] = Field(default_factory=dict)


class OrganisationsDeclaration(Declaration):
    """`organisations.yaml`."""

    lines: dict[str, str]
    posts: dict[str, PostTemplate]
    organisations: list[OrganisationTemplate] = Field(min_length=1)
