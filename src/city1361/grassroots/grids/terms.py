"""Words of the grids."""

from __future__ import annotations

from enum import StrEnum

VISIT_PHOTO = "visit_photo"
"""What photographs of a visit are for."""


class Permission(StrEnum):
    """What somebody may be allowed to do in grids."""

    READ_GRID = "grids.read_grid"
    READ_PERSON = "grids.read_person"
    DO_TASK = "grids.do_grid_task"
    FOLLOW_TASK = "grids.follow_grid_task"
    ISSUE_TASK = "grids.issue_grid_task"
    APPROVE_TASK = "grids.approve_grid_task"
    LOAD_DEMONSTRATION = "grids.load_grid_demonstration"


class GridKind(StrEnum):
    """What a grid is laid out for."""

    ORDINARY = "ordinary_grid"
    SPECIAL = "special_grid"


class TeamRole(StrEnum):
    """A grid's team, 1+3+N: one leader; full-time workers, part-time workers and a guide; others."""

    GRID_LEADER = "grid_leader"
    FULL_TIME_WORKER = "full_time_worker"
    PART_TIME_WORKER = "part_time_worker"
    GUIDE = "grid_guide"
    OTHER = "other_force"


class PlaceKind(StrEnum):
    """What of a grid's 人、房、地、事、物 is neither a person nor a household nor a matter."""

    PLACE = "key_place"
    FACILITY = "key_facility"


class GridTaskKind(StrEnum):
    """What a task asks of a grid."""

    VISIT = "daily_visit"
    INSPECTION = "inspection"
    ASSISTANCE = "assistance"
    SERVICE = "grid_service"


class GridTaskState(StrEnum):
    """Where a task stands. Only what the item list or the commander lets in reaches a grid."""

    REQUESTED = "entry_requested"
    RUNNING = "task_running"
    REFUSED = "entry_refused"
    ENDED = "task_ended"


class Finding(StrEnum):
    """What a visit found for one task."""

    NORMAL = "as_usual"
    NOTICED = "noticed"
    ABSENT = "nobody_in"


KIND_LABELS = {
    GridTaskKind.VISIT: "日常巡访",
    GridTaskKind.INSPECTION: "排查",
    GridTaskKind.ASSISTANCE: "协处",
    GridTaskKind.SERVICE: "服务",
}
STATE_LABELS = {
    GridTaskState.REQUESTED: "待准入",
    GridTaskState.RUNNING: "进行中",
    GridTaskState.REFUSED: "不予准入",
    GridTaskState.ENDED: "已结束",
}
FINDING_LABELS = {Finding.NORMAL: "正常", Finding.NOTICED: "有情况", Finding.ABSENT: "没遇到人"}
GRID_LABELS = {GridKind.ORDINARY: "一般网格", GridKind.SPECIAL: "专属网格"}
ROLE_LABELS = {
    TeamRole.GRID_LEADER: "网格长",
    TeamRole.FULL_TIME_WORKER: "专职网格员",
    TeamRole.PART_TIME_WORKER: "兼职网格员",
    TeamRole.GUIDE: "网格指导员",
    TeamRole.OTHER: "其他力量",
}
PLACE_LABELS = {PlaceKind.PLACE: "重点场所", PlaceKind.FACILITY: "重点设施"}
