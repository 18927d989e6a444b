"""Begin a package: the smallest folder that passes the check, with every part explained where it stands."""

from __future__ import annotations

import re
from pathlib import Path

from city1361.base.kernel.errors import Conflict, Invalid
from city1361.platform.applications.packages.declarations import ID
from city1361.platform.applications.packages.terms import Stage, System

MANIFEST = """\
# What this application is, and all that it may use. `city1361 package check` explains every fault.
id: {id}
version: "0.1"
title: {{zh: {title}, en: {title}}}
summary: {{zh: 一句话说明这件事, en: This in one sentence}}
system: {system}
track: {{zh: 待定, en: To be decided}}
owner: 待定
levels: [town]
# Components, datasets, service functions and other packages that the files beside this one use.
uses: {{components: [], datasets: [], services: [], packages: []}}
# Permissions that its pages ask for; an administrator sees and accepts them.
permissions: []
entries: []
"""

README = """\
# {title}

一件事：谁，做什么，依据哪部法。

| file | what |
|---|---|
| `manifest.yaml` | who this is, what it may use |
| `quality.yaml` | the seven stages, each done, to do, or exempt with its reason |
"""


def begin(package_id: str, into: Path) -> Path:
    """Write the folder of a new package below `into`. Raises Invalid for a bad id, Conflict when it is there already."""
    system, _, name = package_id.partition("/")
    if not re.fullmatch(ID, package_id) or system not in set(System):
        raise Invalid(
            "bad_package_id", "“{id}”不能作为应用包编号", remedy="写成<系统>/<名称>，系统为：{known}",
            params={"id": package_id[:80], "known": " ".join(System)},
        )  # fmt: skip
    folder = into / system / name
    if folder.exists():
        raise Conflict("package_there", "“{path}”已存在", remedy="请另取名称", params={"path": str(folder)})
    folder.mkdir(parents=True)
    places = {"id": package_id, "system": system, "title": name}
    (folder / "manifest.yaml").write_text(MANIFEST.format(**places), "utf-8")
    (folder / "README.md").write_text(README.format(**places), "utf-8")
    stages = "".join(f"{stage.value}: {{state: todo}}\n" for stage in Stage)
    (folder / "quality.yaml").write_text(
        f"# How far this application is. done, todo, or exempt with reason and until.\n{stages}", "utf-8"
    )
    return folder
