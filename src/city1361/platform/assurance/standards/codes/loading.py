"""Write the declared code lists; a second load changes nothing."""

from __future__ import annotations

from pathlib import Path

from city1361.platform.assurance.standards.codes.declarations import CodeFact, ListDeclaration, read_codes
from city1361.platform.assurance.standards.codes.models import Code, CodeList


def load_codes(path: Path) -> str:
    """Load the section `codes` in the caller's transaction. Returns a sentence on what changed."""
    total = changed = 0
    for declared, facts in read_codes(path):
        lists = {kind: _list(declared, kind, name) for kind, name in declared.kinds.items()}
        changed += _write(declared, lists, facts)
        total += len(facts)
    return f"代码{total}条；写入或改动{changed}行"


def _list(declared: ListDeclaration, kind: str, kind_name: str) -> CodeList:
    made, _ = CodeList.objects.update_or_create(
        standard=declared.standard,
        kind=kind,
        defaults={
            "kind_name": kind_name,
            "title": declared.title,
            "valid_from": declared.valid_from,
            "source": declared.source,
            "verified": declared.verified,
        },
    )
    return made


def _write(declared: ListDeclaration, lists: dict[str, CodeList], facts: list[CodeFact]) -> int:
    present = {(row.kind, row.code): row for row in Code.objects.filter(standard=declared.standard)}
    new, changed = [], []
    for fact in facts:
        values = {"name": fact.name, "class_name": fact.class_name, "verified": declared.verified, "listed": True}
        row = present.pop((fact.kind, fact.code), None)
        if row is None:
            identity = {"list": lists[fact.kind], "standard": declared.standard, "kind": fact.kind, "code": fact.code}
            new.append(Code(**identity, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    Code.objects.bulk_create(new)
    Code.objects.bulk_update(changed, ["name", "class_name", "verified", "listed"])
    dropped = Code.objects.filter(pk__in=[row.pk for row in present.values()], listed=True).update(listed=False)
    return len(new) + len(changed) + dropped
