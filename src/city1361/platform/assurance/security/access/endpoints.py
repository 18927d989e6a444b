"""Finding what an endpoint asks: a page says it on its view, the API on the function of each method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import ResolverMatch

from city1361.base.kernel.endpoint import Endpoint, asked_by


def asked_of(match: ResolverMatch, method: str) -> Endpoint | None:
    """What the endpoint behind `match` asks of a caller using `method`; None when it never said."""
    return _asked(match.func, method)


def _asked(view: Callable[..., Any], method: str) -> Endpoint | None:
    answers: dict[str, Callable[..., Any]] | None = getattr(view, "answers", None)
    if answers is None:
        return asked_by(view)
    answering = answers.get(method)
    return asked_by(answering) if answering else None


@dataclass(frozen=True, slots=True)
class Address:
    """One endpoint: its route (Django's notation), name, the methods known (pages: GET and POST), what it asks."""

    route: str
    name: str
    method: str
    asks: Endpoint | None


def addresses() -> Iterator[Address]:
    """Every endpoint of this installation: pages by their views, the API by each of its operations."""
    seen = set()
    for address in _below("", get_resolver().url_patterns):
        if (address.route, address.method) not in seen:  # ninja lists a path once for each of its operations
            seen.add((address.route, address.method))
            yield address


def _below(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[Address]:
    for pattern in patterns:
        part = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(prefix + part, pattern.url_patterns)
            continue
        answers = getattr(pattern.callback, "answers", None)
        for method in sorted(answers or ("GET", "POST")):
            name = _name_of(pattern, method)
            yield Address("/" + prefix + part, name, method, _asked(pattern.callback, method))


def _name_of(pattern: URLPattern, method: str) -> str:
    """The name of a page; of an operation of the API its operation id, which its address may share with others."""
    answers = getattr(pattern.callback, "answers", None)
    operation = getattr(answers[method], "_ninja_operation", None) if answers else None
    return (operation.operation_id if operation else "") or pattern.name or ""
