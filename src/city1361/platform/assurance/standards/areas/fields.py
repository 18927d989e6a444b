"""PostgreSQL's own `polygon` as a model field: no extension is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:  # Django's own class takes no type arguments while running
    _Field = models.Field


class PolygonField(_Field):
    """One ring without holes, as a tuple of (x, y). GiST knows it by its bounding box (poly_ops)."""

    description = "polygon"

    def db_type(self, connection: Any) -> str:
        return "polygon"

    def from_db_value(
        self, value: str | None, expression: Any, connection: Any
    ) -> tuple[tuple[float, float], ...] | None:
        return None if value is None else ring_from_text(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else ring_to_text(value)


def ring_to_text(ring: Any) -> str:
    """`((x,y),…)`, as PostgreSQL reads it."""
    return "(" + ",".join(f"({x!r},{y!r})" for x, y in ring) + ")"


def ring_from_text(text: str) -> tuple[tuple[float, float], ...]:
    numbers = [float(number) for number in text.translate(str.maketrans("", "", "()")).split(",")]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))
