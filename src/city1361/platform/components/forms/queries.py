"""Reads of forms. A version never changes, so it is kept in memory."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.db import models

from city1361.base.kernel.errors import Missing
from city1361.platform.components.forms.definition import FormDeclaration
from city1361.platform.components.forms.models import Form, FormVersion


def version(key: str, number: int | None = None) -> tuple[int, FormDeclaration]:
    """The form and its version's number: the one in force, or the one that answers were given to. Raises Missing."""
    if number is None:
        row = Form.objects.filter(pk=key.replace("\x00", ""), withdrawn_at=None).first()
        if row is None:
            raise Missing("form_missing", "没有表单“{key}”", remedy="请核对表单编号", params={"key": key[:120]})
        number = row.current
    found = FormVersion.objects.filter(form=key, number=number).values_list("id", flat=True).first()
    if found is None:
        raise Missing("form_missing", "没有表单“{key}”", remedy="请核对表单编号", params={"key": key[:120]})
    return number, _content(found)


def in_force(keys: Iterable[str]) -> dict[str, tuple[int, FormDeclaration]]:
    """Several forms at once; one whose package was withdrawn is left out."""
    standing = FormVersion.objects.filter(form__in=set(keys), form__withdrawn_at=None, number=models.F("form__current"))
    return {
        key: (number, _content(version_id)) for key, number, version_id in standing.values_list("form", "number", "id")
    }


def every_key() -> list[str]:
    """Of every form there ever was."""
    return list(Form.objects.values_list("pk", flat=True))


@lru_cache(maxsize=512)
def _content(version_id: UUID) -> FormDeclaration:
    return FormDeclaration.model_validate(FormVersion.objects.values_list("content", flat=True).get(pk=version_id))
