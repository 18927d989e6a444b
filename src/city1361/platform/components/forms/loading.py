"""Write the forms of a package; a form that has not changed keeps its version."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.package import Package
from city1361.platform.components.forms.declarations import form_key, read_forms
from city1361.platform.components.forms.models import Form, FormVersion


def load_forms(package: Package, by: By) -> str:
    """In the transaction of the package's installation. A form that is gone from the package ends; its answers stay."""
    declared = {form_key(package.id, name): form for name, form in read_forms(package).items()}
    fresh = sum(
        _write(package.id, key, form.model_dump(mode="json", exclude_unset=True)) for key, form in declared.items()
    )
    ended = _standing(package.id).exclude(key__in=declared).update(withdrawn_at=clock.now())
    if not declared and not ended:
        return ""
    return _("表单{count}个，新版{fresh}个，停用{ended}个").format(count=len(declared), fresh=fresh, ended=ended)


def withdraw_forms(package: str, by: By) -> str:
    """End every form of a package."""
    return _("停用表单{count}个").format(count=_standing(package).update(withdrawn_at=clock.now()))


def _standing(package: str) -> models.QuerySet[Form]:
    return Form.objects.filter(package=package, withdrawn_at=None)


def _write(package: str, key: str, content: dict[str, object]) -> bool:
    """Whether a new version was needed."""
    row = Form.objects.filter(pk=key).first() or Form(key=key, package=package, current=0)
    newest = FormVersion.objects.filter(form=key, number=row.current).first()
    fresh = newest is None or newest.content != content
    row.current, row.withdrawn_at = row.current + fresh, None
    row.save()
    if fresh:
        FormVersion.objects.create(form=row, number=row.current, content=content, made_at=clock.now())
    return fresh
