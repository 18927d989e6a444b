"""/api/v1/whistles, /calls, /tasks: blow, answer, dispatch, rate; give tasks and do them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Query, Router, Status

from city1361.base.kernel.endpoint import endpoint
from city1361.centres.command import api
from city1361.centres.command.bodies import (
    AnswerIn,
    BoxIn,
    CallOut,
    CallPageOut,
    ChoiceOut,
    DispatchIn,
    DoIn,
    FollowIn,
    TaskFollowIn,
    TaskIn,
    TaskOut,
    TaskPageOut,
    WhistleIn,
    WhistleOut,
)
from city1361.centres.command.terms import CallStep, Permission, TaskStep

whistles, calls, tasks = Router(), Router(), Router()
READ = Permission.READ_COMMAND
ONE = "/{uuid:pk}"
KEY: Any = Header(None, alias="Idempotency-Key", description="one per submission; a repeated one gets the same answer")  # type: ignore[type-arg]


@whistles.post("/", response={201: WhistleOut}, summary="吹哨")
@endpoint(Permission.BLOW_WHISTLE)
def whistle_blow(request: Any, response: HttpResponse, given: WhistleIn, idempotency_key: str | None = KEY) -> Any:
    """Call organisations to a matter or an area; the same key gets the same whistle."""
    made = api.whistle_blow(by=request.by, client_key=idempotency_key or "", **given.dict())
    response["Location"] = f"/api/v1/whistles/{made.id}"
    return Status(201, made)


@whistles.get("/reach", response=list[ChoiceOut], summary="Organisations I can call")
@endpoint(Permission.BLOW_WHISTLE)
def whistle_reach(request: Any) -> Any:
    """Those of my organisation's area and of the one above."""
    return api.reach_of_whistle(request.by.organisation) if request.by.organisation else []


@whistles.get(ONE, response=WhistleOut, summary="One whistle with its calls")
@endpoint(READ, about="whistle")
def whistle_get(request: Any, pk: UUID) -> Any:
    """As the caller may see it."""
    return api.whistle(scope=request.scope, by=request.by, whistle_id=pk)


@calls.get("/", response=CallPageOut, summary="Calls of my organisation")
@endpoint(READ)
def call_list(request: Any, wanted: Query[BoxIn]) -> Any:
    """Newest first."""
    found = api.box(scope=request.scope, by=request.by, box=wanted.box, calls=wanted.cursor, size=wanted.size)
    return {"rows": found.calls, "next_cursor": found.next_calls}


@calls.get(ONE, response=CallOut, summary="One call")
@endpoint(READ, about="call")
def call_get(request: Any, pk: UUID) -> Any:
    """With what was done to it."""
    return api.call(scope=request.scope, by=request.by, call_id=pk)


@calls.post(f"{ONE}/answer", response=CallOut, summary="A step of the called")
@endpoint(Permission.ANSWER_CALL, about="call")
def call_answer(request: Any, pk: UUID, given: AnswerIn) -> Any:
    """Read it, accept, decline, arrive, help, rate the whistle."""
    return api.call_answer(by=request.by, call_id=pk, step=CallStep(given.step), given=_answer(given))


@calls.post(f"{ONE}/follow", response=CallOut, summary="A step of the caller")
@endpoint(Permission.BLOW_WHISTLE, about="call")
def call_follow(request: Any, pk: UUID, given: FollowIn) -> Any:
    """Rate the help, ask for dispatch, call off."""
    return api.call_follow(by=request.by, call_id=pk, step=CallStep(given.step), given=_answer(given))


@calls.post(f"{ONE}/dispatch", response=CallOut, summary="A step of the centre above")
@endpoint(Permission.DISPATCH_CALL, about="call")
def call_dispatch(request: Any, pk: UUID, given: DispatchIn) -> Any:
    """Order the called to come, or stand the call down."""
    return api.call_dispatch(by=request.by, call_id=pk, step=CallStep(given.step), given=_answer(given))


def _answer(given: Any) -> api.Answer:
    return api.Answer(**given.dict(exclude={"step"}))


@tasks.get("/", response=TaskPageOut, summary="Assisting tasks of my organisation")
@endpoint(READ)
def task_list(request: Any, wanted: Query[BoxIn]) -> Any:
    """Newest first."""
    found = api.box(scope=request.scope, by=request.by, box=wanted.box, tasks=wanted.cursor, size=wanted.size)
    return {"rows": found.tasks, "next_cursor": found.next_tasks}


@tasks.post("/", response={201: TaskOut}, summary="Give an assisting task")
@endpoint(Permission.GIVE_TASK)
def task_give(request: Any, response: HttpResponse, given: TaskIn, idempotency_key: str | None = KEY) -> Any:
    """By the unit that leads, or the first receiver; the same key gets the same task."""
    made = api.task_give(by=request.by, client_key=idempotency_key or "", **given.dict())
    response["Location"] = f"/api/v1/tasks/{made.id}"
    return Status(201, made)


@tasks.get(ONE, response=TaskOut, summary="One task")
@endpoint(READ, about="task")
def task_get(request: Any, pk: UUID) -> Any:
    """With what was done to it."""
    return api.task(scope=request.scope, by=request.by, task_id=pk)


@tasks.post(f"{ONE}/do", response=TaskOut, summary="A step of the assisting unit")
@endpoint(Permission.DO_TASK, about="task")
def task_do(request: Any, pk: UUID, given: DoIn) -> Any:
    """Acknowledge, report back, complete, turn down, hand on, delegate."""
    told = api.TaskAnswer(**given.dict(exclude={"step"}))
    return api.task_do(by=request.by, task_id=pk, step=TaskStep(given.step), given=told)


@tasks.post(f"{ONE}/follow", response=TaskOut, summary="A step of the unit that gave the task")
@endpoint(Permission.GIVE_TASK, about="task")
def task_follow(request: Any, pk: UUID, given: TaskFollowIn) -> Any:
    """Inform others, have it redone, take it back."""
    told = api.TaskAnswer(**given.dict(exclude={"step"}))
    return api.task_follow(by=request.by, task_id=pk, step=TaskStep(given.step), given=told)
