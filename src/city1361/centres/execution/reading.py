"""One matter with everything that a step and its answer ask of it, by one call of sql/read.sql."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.execution.models import Matter, MatterType

_ORGANISATION: Any = Matter._meta.get_field("centre").related_model
_POST: Any = Matter._meta.get_field("lead_post").related_model
_READ = "SELECT execution_read(%s, %s)"

Row = TypeVar("Row", bound=models.Model)
type_of_decoder = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """A step in short, as decisions about the next one ask it."""

    version: int
    step: str
    after: str
    account: UUID | None
    organisation: UUID | None
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A matter and what stands beside it. The rest is as the data base says it, for `shaping`."""

    row: Matter
    steps: tuple[Taken, ...]
    asked: Mapping[str, Any] | None
    participants: tuple[Mapping[str, Any], ...]
    numbers: tuple[Mapping[str, Any], ...]
    places: Mapping[UUID, str]
    reporter: Mapping[str, Any] | None
    recurrence_number: str

    @classmethod
    def alone(cls, row: Matter) -> Read:
        """A matter that nothing was written of yet."""
        return cls(row, (), None, (), (), {}, None, "")

    @property
    def first(self) -> Taken | None:
        """The report itself."""
        return next((one for one in self.steps if one.version == 1), None)


def read(scope: Scope, matter_id: UUID, *, lock: bool = False) -> Read:
    """Raises Missing when it is not there or not for this scope. lock: until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [matter_id, lock])
        found = cursor.fetchone()[0]
    if found is None:
        raise Missing()
    told = json.loads(found)
    row = _matter(told)
    if not _visible(scope, row):
        raise Missing()
    return Read(
        row,
        steps=tuple(_taken(one) for one in told["steps"] or ()),
        asked=told["asked"],
        participants=tuple(told["participants"] or ()),
        numbers=tuple(told["numbers"] or ()),
        places={UUID(area): name for area, name in (told["places"] or {}).items()},
        reporter=told["reporter"],
        recurrence_number=told["recurrence_number"] or "",
    )


def _visible(scope: Scope, row: Matter) -> bool:
    """What `queries.visible_to` asks of a list: area in scope, or my organisation takes part, or I reported."""
    if scope.unlimited or (scope.account is not None and row.reporter_account == scope.account):
        return True
    if any(getattr(row, f"{area.level.value}_id") == area.id for area in scope.areas):
        return True
    return not scope.organisations.isdisjoint(row.organisations)


def _matter(told: Mapping[str, Any]) -> Matter:
    """The row with type, centres, lead and its post, as `select_related` would give it."""
    row = _from_json(Matter, told["matter"])
    known = told["organisations"] or {}
    row.type = _from_json(MatterType, told["type"])
    for name in ("centre", "current_centre", "lead"):
        identifier = getattr(row, f"{name}_id")
        if identifier is not None:
            setattr(row, name, _from_json(_ORGANISATION, known[str(identifier)]))
    if told["lead_post"] is not None:
        row.lead_post = _from_json(_POST, told["lead_post"])
    return row


def _taken(told: Mapping[str, Any]) -> Taken:
    account, organisation = told["account"], told["organisation"]
    return Taken(
        told["version"],
        told["step"],
        told["after"],
        UUID(account) if account else None,
        UUID(organisation) if organisation else None,
        tuple(UUID(photo) for photo in told["photos"]),
    )


def _from_json(model: type[Row], told: Mapping[str, Any]) -> Row:
    """A row of `model` from what to_jsonb makes of one."""
    names, decoders = _decoders(model)
    values = [
        value if decode is None or value is None else decode(value)
        for decode, value in ((decode, told[column]) for column, decode in decoders)
    ]
    return model.from_db(connection.alias, names, values)


@cache
def _decoders(model: type[models.Model]) -> tuple[list[str], list[tuple[str, type_of_decoder | None]]]:
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [(str(field.column), _decoder(field)) for field in fields]


def _decoder(field: models.Field[Any, Any]) -> type_of_decoder | None:
    """How a value of this field comes back from JSON; None for one that JSON has itself. Raises TypeError for a field that
    has no such way, as what is sealed."""
    if isinstance(field, models.ForeignKey):
        return _decoder(field.target_field)
    if isinstance(field, ArrayField):
        inner = _decoder(field.base_field)
        return None if inner is None else lambda values: [inner(value) for value in values]
    for kind, decode in _DECODERS:
        if isinstance(field, kind):
            return decode
    raise TypeError(f"{field} cannot be read from JSON")


_DECODERS: tuple[tuple[type[models.Field[Any, Any]], type_of_decoder | None], ...] = (
    (models.UUIDField, UUID),
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
    (models.FloatField, float),
    (models.CharField, None),
    (models.TextField, None),
    (models.IntegerField, None),
    (models.BooleanField, None),
    (models.JSONField, None),
)
