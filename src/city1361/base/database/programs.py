"""Running PostgreSQL's own programs, as the account that runs the server."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from city1361.base.database import binaries
from city1361.base.kernel.errors import Unavailable


def dropped(person: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments for subprocess that drop root's rights to `person`, and nothing where there are none to drop."""
    return {} if person is None else {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def environment(**more: str) -> dict[str, str]:
    """Ours without the variables that redirect PostgreSQL's programs (PGHOST, PGDATA …), and with `more`."""
    return {name: text for name, text in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"} | more


def run(
    major: int,
    program: str,
    *words: str | Path,
    person: pwd.struct_passwd | None,
    folder: Path = Path("/"),
    passwords: Path | None = None,
    heard: Callable[[str], None] | None = None,
) -> str:
    """Run a program of `major` and return what it printed, both streams; `heard` gets every line as it comes.

    passwords: a file in the format of pgpass, so that none stands on a command line. Raises Unavailable.
    """
    with subprocess.Popen(
        [binaries.installation(major) / "bin" / program, *words],
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=environment(**({"PGPASSFILE": str(passwords)} if passwords else {})),
        **dropped(person),
    ) as child:
        lines = []
        for line in child.stdout or ():
            lines.append(line.rstrip())
            if heard is not None:
                heard(line.strip())
    if child.returncode:
        raise Unavailable(
            "database_program_failed",
            "{program} 失败（{status}）：{error}",
            params={"program": program, "status": child.returncode, "error": "\n".join(lines)[-2000:]},
        )
    return "\n".join(lines)
