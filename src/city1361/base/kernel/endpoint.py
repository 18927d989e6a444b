"""What an endpoint asks of its caller, said beside the function that answers it.

The security modules enforce it before the function runs, and the authorisation matrix is generated from it. An endpoint
that says nothing is for people who are signed in, and turns the matrix red until it says something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Endpoint:
    """permissions: one of them is needed; none named means anybody signed in. public: anybody at all.

    about: the kind of the one object that the address names ("matter", "report", "file"), empty for a list or a form.
    transaction: whether the view runs in one transaction with the scope bound; False for those that need several.
    """

    permissions: frozenset[str] = frozenset()
    public: bool = False
    about: str = ""
    transaction: bool = True


def endpoint(
    *permissions: str, public: bool = False, about: str = "", transaction: bool = True
) -> Callable[[View], View]:
    """Declare what the function below asks. Stands nearest to the function, under `@router.get` and the like."""
    if public and permissions:
        raise ValueError("an endpoint for anybody asks for no permission")

    def declare(view: View) -> View:
        named = frozenset(str(permission) for permission in permissions)
        view.asks = Endpoint(named, public, about, transaction)  # type: ignore[attr-defined]
        return view

    return declare


def asked_by(view: Callable[..., Any]) -> Endpoint | None:
    """What a function asks; None when it never said."""
    found: Endpoint | None = getattr(view, "asks", None)
    return found
