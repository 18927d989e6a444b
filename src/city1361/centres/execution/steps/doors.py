"""The steps of the road as they come in from outside: what each takes, and the action that takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from city1361.centres.execution import api
from city1361.centres.execution.road import road_bodies
from city1361.centres.execution.steps.step_bodies import ProgressIn, RemarkIn
from city1361.centres.execution.terms import Step


@dataclass(frozen=True, slots=True)
class Door:
    """A step as HTTP takes it. reason: its text is why, and is needed."""

    body: Any
    act: Callable[..., api.MatterView]
    about: str
    reason: bool = False


DOORS = {
    Step.SEND_VERIFY: Door(RemarkIn, api.matter_send_verify, "Somebody looks whether it is so before it is filed."),
    Step.VERIFY_PASS: Door(
        road_bodies.VerifyIn, lambda **given: api.matter_verify(passed=True, **given), "What was reported is so."
    ),
    Step.VERIFY_FAIL: Door(
        ProgressIn, lambda **given: api.matter_verify(passed=False, **given), "What was reported is not so, and why."
    ),
    Step.ROUTE: Door(road_bodies.RouteIn, api.matter_route, "To a handling post of the same level."),
    Step.ASSIGN: Door(
        road_bodies.AssignIn,
        api.matter_assign,
        "To the centre below. 403 with the clause for what the duty list took back from the towns.",
    ),
    Step.SEND_UP: Door(road_bodies.ReasonIn, api.matter_send_up, "To the centre above, with a reason.", reason=True),
    Step.SEND_BACK: Door(
        road_bodies.ReasonIn, api.matter_send_back, "Back to who gave it, with a reason; counted.", reason=True
    ),
    Step.TAKE_BACK: Door(road_bodies.ReasonIn, api.matter_take_back, "Who gave it takes it back.", reason=True),
    Step.REQUEST_RULING: Door(
        road_bodies.RulingIn, api.matter_request_ruling, "The centre above shall say who is responsible.", reason=True
    ),
    Step.DESIGNATE: Door(
        road_bodies.DesignateIn, api.matter_designate, "Rule who is responsible; kept as a precedent.", reason=True
    ),
    Step.TRANSFER: Door(road_bodies.OwnPostIn, api.matter_transfer, "To another post of the same organisation."),
    Step.CC: Door(road_bodies.CopyIn, api.matter_cc, "Let another organisation know."),
    Step.DELEGATE: Door(road_bodies.OwnPostIn, api.matter_delegate, "Another post acts for the leading one."),
    Step.REQUEST_PAUSE: Door(
        road_bodies.ReasonIn, api.matter_request_pause, "Ask for both clocks to stop.", reason=True
    ),
    Step.REQUEST_SHELVE: Door(
        road_bodies.ShelveIn, api.matter_request_shelve, "Ask to shelve it, with owner and next review.", reason=True
    ),
    Step.REQUEST_EXTEND: Door(road_bodies.ExtendIn, api.matter_request_extend, "Ask for more time.", reason=True),
    Step.REQUEST_VOID: Door(road_bodies.ReasonIn, api.matter_request_void, "Ask to void it.", reason=True),
    Step.PAUSE: Door(RemarkIn, api.matter_pause, "Grant the pause, as another person than asked."),
    Step.SHELVE_MATTER: Door(RemarkIn, api.matter_shelve, "Grant the shelving, as another person than asked."),
    Step.EXTEND: Door(RemarkIn, api.matter_extend, "Grant more time, as another person than asked."),
    Step.VOID: Door(RemarkIn, api.matter_void, "Grant the voiding, as another person than asked."),
    Step.REJECT_REQUEST: Door(road_bodies.ReasonIn, api.matter_reject_request, "Do not grant it.", reason=True),
    Step.RESUME: Door(RemarkIn, api.matter_resume, "Both clocks go on with what was left."),
    Step.REVIEW_SHELVED: Door(
        road_bodies.ReviewIn, api.matter_review_shelved, "Look at a shelved matter; set the next day.", reason=True
    ),
    Step.UNSHELVE: Door(road_bodies.ReasonIn, api.matter_unshelve, "Take it out of the library.", reason=True),
}
