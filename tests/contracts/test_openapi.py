"""The API is a contract: a change of it is seen in review as a change of openapi.json, never by accident."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ninja import Schema

from city1361.platform.assurance.security.access.city_api import description

PINNED = Path(__file__).with_name("openapi.json")
REGENERATE = "city1361 api describe > tests/contracts/openapi.json"


def test_the_api_is_the_one_that_is_pinned() -> None:
    assert json.loads(PINNED.read_text("utf-8")) == description(), f"changed on purpose? {REGENERATE}"


@pytest.fixture
def operations() -> list[dict[str, Any]]:
    return [operation for methods in description()["paths"].values() for operation in methods.values()]


def test_each_operation_has_a_name_of_its_own_and_a_summary(operations: list[dict[str, Any]]) -> None:
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all(operation.get("summary") for operation in operations)


def test_no_two_bodies_have_one_name() -> None:
    """They would be described as one, and one of the two wrongly."""
    description()
    known: dict[str, set[str]] = {}
    for body in _all_below(Schema):
        if body.__module__.startswith("city1361."):
            known.setdefault(body.__name__, set()).add(body.__module__)
    assert len(known) > 50
    assert {name: where for name, where in known.items() if len(where) > 1} == {}


def _all_below(kind: type[Schema]) -> Iterator[type[Schema]]:
    for one in kind.__subclasses__():
        yield one
        yield from _all_below(one)


def test_every_input_refuses_unknown_fields(operations: list[dict[str, Any]]) -> None:
    schemas = description()["components"]["schemas"]
    inputs = set()
    for operation in operations:
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        if content:
            inputs.add(content["schema"]["$ref"].rsplit("/", 1)[-1])
    assert inputs
    assert [name for name in sorted(inputs) if schemas[name].get("additionalProperties") is not False] == []
