"""The door of command."""

from city1361.centres.command.answering import Answer, call_answer, call_dispatch, call_follow
from city1361.centres.command.answers import (
    BoxView,
    CallView,
    Choice,
    EntryView,
    LimitView,
    TaskView,
    Waiting,
    WhistleView,
)
from city1361.centres.command.decisions import NEEDS, PERMISSION_OF_SIDE, SIDE_OF, Side
from city1361.centres.command.events import CallChanged, TaskChanged
from city1361.centres.command.lapsing import lapse_limits
from city1361.centres.command.limits import Limit, Span, limit_clock, limit_of, span
from city1361.centres.command.reading import box, call, of_matter, open_work, task, waiting, whistle
from city1361.centres.command.standing import dispatch_centre, reach_of_task, reach_of_whistle
from city1361.centres.command.tasking import TaskAnswer, task_do, task_follow, task_give
from city1361.centres.command.terms import (
    BOX_LABELS,
    CALL_LABELS,
    CALL_STEP_LABELS,
    GRADE_LABELS,
    TASK_LABELS,
    TASK_STEP_LABELS,
    Box,
    CallState,
    CallStep,
    Grade,
    Permission,
    TaskState,
    TaskStep,
)
from city1361.centres.command.whistling import whistle_blow

__all__ = [
    "BOX_LABELS",
    "CALL_LABELS",
    "CALL_STEP_LABELS",
    "GRADE_LABELS",
    "NEEDS",
    "PERMISSION_OF_SIDE",
    "SIDE_OF",
    "TASK_LABELS",
    "TASK_STEP_LABELS",
    "Answer",
    "Box",
    "BoxView",
    "CallChanged",
    "CallState",
    "CallStep",
    "CallView",
    "Choice",
    "EntryView",
    "Grade",
    "Limit",
    "LimitView",
    "Permission",
    "Side",
    "Span",
    "TaskAnswer",
    "TaskChanged",
    "TaskState",
    "TaskStep",
    "TaskView",
    "Waiting",
    "WhistleView",
    "box",
    "call",
    "call_answer",
    "call_dispatch",
    "call_follow",
    "dispatch_centre",
    "lapse_limits",
    "limit_clock",
    "limit_of",
    "of_matter",
    "open_work",
    "reach_of_task",
    "reach_of_whistle",
    "span",
    "task",
    "task_do",
    "task_follow",
    "task_give",
    "waiting",
    "whistle",
    "whistle_blow",
]
