"""Write the rules of the instance folder; a second load changes nothing."""

from __future__ import annotations

from pathlib import Path

from city1361.base.database import api as database
from city1361.base.kernel.ids import new_id
from city1361.centres.execution.models import MatterRules
from city1361.centres.execution.packages import packaged
from city1361.centres.execution.packages.declarations import compile_rules, read_matters


def load_matters(path: Path) -> str:
    """Load the section `matters` in the caller's transaction. The types come with the packages; what is loaded here
    says under which button each stands."""
    declared = read_matters(path)
    content = compile_rules(declared)
    known = MatterRules.objects.first()
    if known is None or known.content != content:
        MatterRules.objects.update_or_create(id=1, defaults={"edition": new_id(), "content": content})
        database.forget()
        packaged.categorise()
    return f"类别{len(declared.categories)}个"
