"""Write the declared organisations and posts; a second load changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.instance import api as instance
from city1361.platform.assurance.standards.organisations.decisions import organisation_id, post_id
from city1361.platform.assurance.standards.organisations.expanding import read_organisations
from city1361.platform.assurance.standards.organisations.models import Organisation, Post

BATCH = 1000


def load_organisations(path: Path) -> str:
    """Load the section `organisations` in the caller's transaction. Returns a sentence on what changed.

    Organisations that the folder no longer names stay, since appointments and history point at them; end them by date.
    """
    declaration, facts = read_organisations(path)
    namespace = instance.declaration(path).namespace
    organisations, posts = [], []
    for fact in facts:
        template, area = fact.template, fact.area
        made = Organisation(
            id=organisation_id(namespace, fact.code),
            code=fact.code,
            kind=template.kind,
            level=template.level,
            area_id=areas.area_id(namespace, area.code),
            name=fact.name,
            short_name=fact.short_name,
            line=template.line,
            line_name=declaration.lines[template.line],
            category=template.category.value,
            uscc=fact.uscc,
            valid_from=area.begins,
            valid_to=area.ends,
            synthetic=fact.synthetic,
        )
        organisations.append(made)
        for key in template.posts:
            post, code = declaration.posts[key], f"{fact.code}/{key}"
            posts.append(
                Post(
                    id=post_id(namespace, code),
                    organisation_id=made.id,
                    code=code,
                    name=post.name,
                    function=post.function.value,
                    shift=post.shift,
                )
            )
    changed = _write(Organisation, organisations, "载入机构") + _write(Post, posts, "载入岗位")
    return f"机构{len(organisations)}个，岗位{len(posts)}个；写入或改动{changed}行"


def _write(model: Any, rows: list[Any], title: str) -> int:
    """Insert what is new and update what differs. Returns how many rows were written."""
    names = [field.attname for field in model._meta.concrete_fields]
    present = {row[0]: row for row in model.objects.values_list("id", *names)}
    differing = [row for row in rows if present.get(row.id, ())[1:] != tuple(getattr(row, name) for name in names)]
    new = [row for row in differing if row.id not in present]
    changed = [row for row in differing if row.id in present]
    for start in range(0, len(new), BATCH):
        instance.report(title, start, len(new))
        model.objects.bulk_create(new[start : start + BATCH])
    if changed:
        model.objects.bulk_update(changed, [name for name in names if name != "id"], batch_size=BATCH)
    instance.report(title, len(rows), len(rows))
    return len(differing)
