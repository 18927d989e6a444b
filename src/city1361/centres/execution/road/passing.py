"""Within an organisation and beside it: 转办, 委托代办, 知会."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict
from city1361.centres.execution import inputs
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.models import Matter, MatterParticipant
from city1361.centres.execution.road import handing, receivers
from city1361.centres.execution.road.receivers import Receiver
from city1361.centres.execution.steps.recording import Said, make_findable
from city1361.centres.execution.steps.taking import take
from city1361.centres.execution.terms import Participation, Permission, Step
from city1361.platform.assurance.standards.organisations import api as organisations


@action(Permission.TRANSFER_MATTER)
def matter_transfer(
    *, by: By, matter_id: UUID, expected_version: int, own_post: UUID, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """转办: another post of the same organisation leads from now on. No return, no new limit."""
    said = Said(inputs.text(text), client_key=client_key, facts={"own_post": str(own_post)})

    def change(row: Matter, now: datetime) -> None:
        post = receivers.own_post(row, own_post)
        handing.lead(row, Receiver(organisations.organisation(post.organisation_id), post), now)

    return take(by, matter_id, expected_version, Step.TRANSFER, said=said, change=change)


@action(Permission.DELEGATE_MATTER)
def matter_delegate(
    *, by: By, matter_id: UUID, expected_version: int, own_post: UUID, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """委托代办 (AB岗): another post of the same organisation acts for the leading one; both are shown."""
    said = Said(inputs.text(text), client_key=client_key, facts={"own_post": str(own_post)})

    def change(row: Matter, now: datetime) -> None:
        post = receivers.own_post(row, own_post)
        row.delegate_post, row.delegate_post_code = post.id, post.code

    return take(by, matter_id, expected_version, Step.DELEGATE, said=said, change=change)


@action(Permission.COPY_MATTER)
def matter_cc(
    *, by: By, matter_id: UUID, expected_version: int, organisation: UUID, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """知会: another organisation sees the matter and has nothing to do."""
    said = Said(inputs.text(text), client_key=client_key, facts={"organisation": str(organisation)})

    def change(row: Matter, now: datetime) -> None:
        receivers.organisation_beside(row, organisation, "organisation")
        if MatterParticipant.objects.filter(matter=row.id, organisation=organisation, until=None).exists():
            raise Conflict("takes_part_already", "该单位已参与此事件", where="organisation", remedy="无需再次知会")
        MatterParticipant.objects.create(
            matter=row, organisation_id=organisation, role=Participation.INFORMED.value, since=now
        )
        row.organisations = list(dict.fromkeys([*row.organisations, organisation]))
        make_findable(row)

    return take(by, matter_id, expected_version, Step.CC, said=said, change=change)
