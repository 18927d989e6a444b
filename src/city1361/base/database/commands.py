"""`city1361 doctor`."""

from __future__ import annotations

import click
from django.db import DatabaseError

from city1361 import configuration
from city1361.base.kernel.registry import Finding, doctor_checks
from city1361.base.kernel.terminal import tell

MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


@click.command()
def doctor() -> None:
    """Every setting with its source, and everything that is wrong, with what to do about it."""
    for name in configuration.SETTINGS:
        found = configuration.value(name)
        shown = ("••••••" if found.text else "") if found.setting.secret else found.text
        click.echo(f"  {name} = {shown or tell('（空）')}  [{found.source}] {found.setting.meaning}")
    failed = 0
    for name, check in doctor_checks().items():
        try:
            findings = check()
        except DatabaseError as error:
            findings = [
                Finding(
                    "fail",
                    tell("检查 {name} 未能完成：{error}", name=name, error=error),
                    name,
                    tell("请查看数据库是否可用"),
                )
            ]
        for finding in findings:
            failed += finding.level == "fail"
            click.echo(f"{MARKS[finding.level]} {finding.what}" + (f"（{finding.where}）" if finding.where else ""))
            if finding.remedy and finding.level != "ok":
                click.echo(f"    → {finding.remedy}")
    if failed:
        raise SystemExit(1)


commands = [doctor]
