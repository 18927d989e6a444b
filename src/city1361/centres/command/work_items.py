"""The one place where calls and tasks become to-dos of an inbox."""

from __future__ import annotations

from city1361.base.kernel.by import By
from city1361.centres.command.models import Task, WhistleCall
from city1361.centres.command.terms import CallStep, TaskStep


def open_call(by: By, call: WhistleCall) -> None:
    """The called organisation has it to answer."""


def move_call(by: By, call: WhistleCall, step: CallStep) -> None:
    """A step was taken: the to-do goes on to whoever has it now, or ends."""


def open_task(by: By, task: Task) -> None:
    """The assisting unit has it to do."""


def move_task(by: By, task: Task, step: TaskStep) -> None:
    """A step was taken: the to-do goes on, or ends."""
