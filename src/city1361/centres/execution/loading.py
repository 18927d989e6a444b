"""Write the types and rules of the instance folder; a second load changes nothing."""

from __future__ import annotations

from pathlib import Path

from city1361.base.kernel.ids import new_id
from city1361.centres.execution.declarations import compile_rules, read_matters
from city1361.centres.execution.models import MatterRules, MatterType


def load_matters(path: Path) -> str:
    """Load the section `matters` in the caller's transaction. A type that is gone from the file is withdrawn."""
    declared, types = read_matters(path)
    rows = [MatterType(place=place, active=True, **fields) for place, fields in enumerate(types)]
    fields = [field.name for field in MatterType._meta.concrete_fields if not field.primary_key]
    MatterType.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, update_fields=fields, unique_fields=["code"]
    )
    withdrawn = MatterType.objects.exclude(code__in=[row.code for row in rows]).update(active=False)
    content = compile_rules(declared)
    known = MatterRules.objects.first()
    if known is None or known.content != content:
        MatterRules.objects.update_or_create(id=1, defaults={"edition": new_id(), "content": content})
    return f"事件类型{len(rows)}个，类别{len(declared.categories)}个；停用{withdrawn}个"
