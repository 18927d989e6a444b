"""Decision tables (DMN 1.3): rows of conditions in CEL, typed when they are loaded, decided purely.

A cell is `-` (anything), a value (equal), a list (one of), or a condition in which `it` is the value of the column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from city1361.platform.components.processes.expressions import Expression, ExpressionFailed

MOST_RULES = 1_000
MOST_CELLS = 5_000


class DecisionFailed(Exception):
    """A table that does not decide these values."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Column:
    """An input: an expression over the declared variables. An output: a name."""

    name: str
    type: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. Empty conditions hold always."""

    id: str
    line: int
    conditions: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A decision. `holes`: examples of inputs for which no row decides, where that can be told."""

    key: str
    name: str
    policy: str  # U, F or A
    schema: Mapping[str, str]
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    holes: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    @cached_property
    def _questions(self) -> tuple[Expression, ...]:
        return tuple(Expression.compile(one.text, self.schema, one.type) for one in self.inputs)

    @cached_property
    def _tests(self) -> tuple[tuple[Expression | None, ...], ...]:
        return tuple(
            tuple(
                condition(text, column, self.schema)[0] if text else None
                for text, column in zip(rule.conditions, self.inputs, strict=True)
            )
            for rule in self.rules
        )

    @cached_property
    def _answers(self) -> tuple[tuple[Expression, ...], ...]:
        return tuple(
            tuple(
                Expression.compile(text, self.schema, column.type)
                for text, column in zip(rule.results, self.outputs, strict=True)
            )
            for rule in self.rules
        )

    def decide(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs of the row that holds; raises DecisionFailed."""
        try:
            return self._decide(inputs)
        except ExpressionFailed as error:
            raise DecisionFailed(f"expression_{error.code}", error.message) from None

    def _decide(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        values = [question.evaluate(inputs) for question in self._questions]
        seen = [{**inputs, "it": value} for value in values]
        held = []
        for number, tests in enumerate(self._tests):
            if all(test is None or test.evaluate(view) for test, view in zip(tests, seen, strict=True)):
                held.append(number)
                if self.policy == "F":
                    break
        if not held:
            raise DecisionFailed("no_rule", f"no row of “{self.name or self.key}” decides {values}")
        if self.policy == "U" and len(held) > 1:
            raise DecisionFailed("overlap", f"rows {[one + 1 for one in held]} of “{self.name or self.key}” all hold")
        found = [self._result(number, inputs) for number in held]
        if any(one != found[0] for one in found):
            raise DecisionFailed("contradiction", f"rows {[one + 1 for one in held]} hold and differ")
        return found[0]

    def _result(self, number: int, inputs: Mapping[str, Any]) -> dict[str, Any]:
        answers = zip(self.outputs, self._answers[number], strict=True)
        return {column.name: answer.evaluate(inputs) for column, answer in answers}

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "name": self.name,
            "policy": self.policy,
            "schema": dict(self.schema),
            "inputs": [[one.name, one.type, one.text] for one in self.inputs],
            "outputs": [[one.name, one.type] for one in self.outputs],
            "rules": [[one.id, one.line, list(one.conditions), list(one.results)] for one in self.rules],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Table:
        return cls(
            data["key"],
            data["name"],
            data["policy"],
            dict(data["schema"]),
            tuple(Column(*one) for one in data["inputs"]),
            tuple(Column(*one) for one in data["outputs"]),
            tuple(Rule(one[0], one[1], tuple(one[2]), tuple(one[3])) for one in data["rules"]),
        )


def condition(text: str, column: Column, schema: Mapping[str, str]) -> tuple[Expression, str]:
    """A cell as a condition on `it`, and which of its forms it has; raises ExpressionRefused."""
    known = {**schema, "it": column.type}
    gives = Expression.compile(text, known).gives
    if gives == f"list({column.type})":
        return Expression.compile(f"it in ({text})", known, "bool"), "list"
    if gives == column.type and (gives != "bool" or text in ("true", "false")):
        return Expression.compile(f"it == ({text})", known, "bool"), "value"
    return Expression.compile(text, known, "bool"), "test"
