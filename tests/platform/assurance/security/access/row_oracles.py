"""What the second fence must let through, worked out row by row in Python: places, organisations, accounts, belonging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.base.kernel.scope import Scope

AREAS = ("city_id", "district_id", "town_id", "village_id", "grid_id")
# Rows that stand somewhere themselves, and the columns that name an account which sees them.
STANDING: dict[str, tuple[str, ...]] = {
    "platform_processes_processinstance": ("reporter_account",),
    "platform_processes_workitem": ("account", "claimed_by", "done_by"),
    "centres_command_whistle": (),
    "centres_command_task": (),
    "centres_supervision_notice": (),
    "centres_supervision_instruction": (),
    "centres_supervision_returnvisit": (),
    "centres_execution_matterexport": ("account",),
    "centres_situation_reviewdocument": ("account",),
    "centres_supervision_radarfinding": (),
    "centres_situation_counter": (),
    "centres_situation_closedperiod": (),
    "centres_situation_matterdelta": (),
    "centres_situation_visitdelta": (),
    **dict.fromkeys(
        (
            f"grassroots_grids_{name}"
            for name in (
                "gridprofile", "microgrid", "teammember", "household", "person", "keyplace", "gridvisit", "taskentry",
                "gridtask",
            )
        ),
        (),
    ),
}  # fmt: skip
# Rows about an area as a whole name it in a column of their own.
OWN_AREA = {"centres_situation_counter": "area_id", "centres_situation_closedperiod": "area_id"}
MATTER = "matter"
# Rows that are seen with what they belong to: any of these columns, the table it points to.
BELONGING: dict[str, dict[str, str]] = {
    **{
        key: {"instance_id": "platform_processes_processinstance"}
        for key in (
            f"platform_processes_{name}"
            for name in ("processpassage", "processtimer", "processmessage", "servicerequest")
        )
    },
    "platform_processes_workitemkey": {"work_item_id": "platform_processes_workitem"},
    "centres_command_whistlecall": {"whistle_id": "centres_command_whistle"},
    "centres_command_commandentry": {"call_id": "centres_command_whistlecall", "task_id": "centres_command_task"},
    "centres_supervision_supervisionsheet": {"instruction_id": "centres_supervision_instruction"},
    "centres_execution_mattermerge": {"duplicate_id": MATTER, "kept_id": MATTER},
    **{
        key: {"matter_id": MATTER}
        for key in (
            f"centres_execution_{name}"
            for name in ("matterintake", "ticketdelivery", "handover", "matterapproval", "matterexclusion")
        )
    },
}
ALSO = {"platform_processes_workitem": {"instance_id": "platform_processes_processinstance"},
        "grassroots_grids_gridtask": {}}  # fmt: skip
# Those in which the small world has rows; the others are proven by the tests of their modules.
FILLED = {
    "platform_processes_processinstance", "platform_processes_workitem", "platform_processes_processpassage",
    "centres_command_whistle", "centres_command_task", "centres_supervision_notice",
    "centres_supervision_instruction", "centres_situation_matterdelta", "centres_execution_matterexport", "centres_situation_reviewdocument",
    "grassroots_grids_household",
}  # fmt: skip


def tables() -> list[str]:
    return [*STANDING, *BELONGING]


def here(table: str) -> set[str]:
    """The rows that the bound scope sees."""
    return set(_read(table))


def _read(table: str) -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.tableoid::text || t.ctid::text, t.* FROM {table} t")
        names = [column.name for column in cursor.description or ()][1:]
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in cursor.fetchall()}


def visible(scope: Scope, sees_matter: Callable[[UUID], bool]) -> dict[str, set[str]]:
    """Which rows of each table this scope may see. The scope of everything is bound."""
    rows = {table: _read(table) for table in tables()}
    ids: dict[str, set[Any]] = {}
    found: dict[str, set[str]] = {}

    def seen_with(row: dict[str, Any], parents: dict[str, str]) -> bool:
        return any(
            row[column] is not None and (sees_matter(row[column]) if of == MATTER else row[column] in ids[of])
            for column, of in parents.items()
        )

    for table in tables():
        parents = BELONGING.get(table) or ALSO.get(table, {})
        keep = {
            key
            for key, row in rows[table].items()
            if (table in STANDING and _stands(row, scope, STANDING[table], OWN_AREA.get(table, "")))
            or seen_with(row, parents)
        }
        found[table], ids[table] = keep, {rows[table][key].get("id") for key in keep}
    entries = rows["grassroots_grids_taskentry"]
    tasks = {entries[key]["task_id"] for key in found["grassroots_grids_taskentry"]}
    found["grassroots_grids_gridtask"] |= {
        key for key, row in rows["grassroots_grids_gridtask"].items() if row["id"] in tasks
    }
    return found


def _stands(row: dict[str, Any], scope: Scope, accounts: tuple[str, ...], own_area: str) -> bool:
    areas = {area.id for area in scope.areas}
    within = any(row.get(column) in areas for column in (*AREAS, own_area) if row.get(column) is not None)
    joined = (
        bool(set(row.get("organisations") or ()) & scope.organisations)
        or row.get("organisation") in scope.organisations
    )
    mine = scope.account is not None and (
        any(row[column] == scope.account for column in accounts) or scope.account in (row.get("watchers") or ())
    )
    return within or joined or mine
