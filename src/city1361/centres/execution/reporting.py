"""Reporting a matter: once for each key, with a number, clocks, and its reporter kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import get_default_timezone

from city1361.base.action.api import Outcome, action
from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import clocks, decisions, inputs, laid_down, queries, reading, shaping
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.locating import locate
from city1361.centres.execution.models import (
    ExternalNumber,
    Matter,
    MatterReporter,
    MatterType,
    ReportKey,
)
from city1361.centres.execution.packages.form_answers import Answered, answered
from city1361.centres.execution.steps import offering, recording
from city1361.centres.execution.steps.recording import Said, subject_of
from city1361.centres.execution.steps.walking import Walk
from city1361.centres.execution.terms import Channel, MatterState, Permission, Step, Urgency
from city1361.platform.assurance.security.access import api as access
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

NOBODY = UUID(int=0)  # the account under which the system's own reports keep their keys


@dataclass(frozen=True, slots=True)
class Given:
    """A report as it came."""

    matter_type: str
    description: str
    urgency: str
    occurred_at: datetime | None
    lon: float | None
    lat: float | None
    area_id: UUID | None
    address: str
    photos: tuple[UUID, ...]
    handled_at: datetime | None
    contact_name: str
    contact_phone: str
    external: dict[str, str]
    answers: dict[str, Any]

    def digest(self) -> str:
        """What tells two reports under one key apart. A phone that lost the answer uploads its photos again, under
        other ids: only their number counts."""
        said = {**asdict(self), "photos": len(self.photos)}
        return decisions.body_hash(said if self.answers else {name: said[name] for name in said if name != "answers"})


@dataclass(frozen=True, slots=True)
class Report:
    """A report, checked."""

    type: MatterType
    description: str
    urgency: Urgency
    occurred_at: datetime
    handled_at: datetime | None
    place: areas.Lineage
    address: str
    lon: float | None
    lat: float | None
    photos: tuple[UUID, ...]
    contact_name: str
    contact_phone: str
    external: dict[str, str]
    form: Answered


@action(Permission.REPORT_MATTER)
def matter_report(
    *,
    by: By,
    client_key: str,
    matter_type: str,
    description: str,
    urgency: Urgency | str = Urgency.NORMAL,
    occurred_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
    area_id: UUID | None = None,
    address: str = "",
    photos: Iterable[UUID] = (),
    handled_at: datetime | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    external_numbers: Mapping[str, str] | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Outcome[MatterView]:
    """Report something. The same key of the same account gets the same matter; with another body it is a Conflict.

    lon, lat: GCJ-02 degrees. handled_at: it was dealt with before it was filed (先处置后补单). external_numbers: by
    system of the instance's list. answers: to the form of the type, as far as they are known. Raises Invalid naming the
    field, Conflict, Missing (a photo that is not there).
    """
    given = Given(
        matter_type, description, urgency, occurred_at, lon, lat, area_id, address, inputs.photos(photos), handled_at,
        contact_name, contact_phone, dict(external_numbers or {}), dict(answers or {}),
    )  # fmt: skip
    scope, key = registry.scope_of(by), inputs.key(client_key)
    matter_id, known = _take_key(by, key, given.digest())
    if known:
        found = reading.read(scope, matter_id)
        return Outcome(shaping.view(found, by, scope), subject=subject_of(found.row), unchanged=True)
    now = clock.now()
    report = _checked(by, given, now)
    row, walk = _begun(report, by, matter_id, now, scope)
    plan = decisions.Plan(Step.REPORT, MatterState(row.state), MatterState(row.state))
    return recording.write_report(
        row,
        plan,
        by=by,
        scope=scope,
        said=_said(report, row, key),
        now=now,
        walk=walk,
        reporter=_reporter(row, report, by),
        beside=lambda: _keep_numbers(row, report, now),
    )


def _checked(by: By, given: Given, now: datetime) -> Report:
    """Each part of a report, or Invalid naming the part."""
    kind = queries.matter_type_row(given.matter_type)
    return Report(
        type=kind,
        description=inputs.text(given.description, where="description", needed=True),
        urgency=inputs.choice(Urgency, given.urgency, "urgency"),
        occurred_at=inputs.moment(given.occurred_at, now, "occurred_at") if given.occurred_at else now,
        handled_at=inputs.moment(given.handled_at, now, "handled_at") if given.handled_at else None,
        place=locate(given.lon, given.lat, given.area_id),
        address=inputs.text(given.address, where="address", longest=inputs.LONGEST_ADDRESS),
        lon=given.lon,
        lat=given.lat,
        photos=given.photos,
        contact_name=inputs.text(given.contact_name, where="contact_name", longest=40),
        contact_phone=inputs.text(given.contact_phone, where="contact_phone", longest=20),
        external=_external(by, given.external),
        form=answered(kind, given.answers, needed=False),
    )


def _take_key(by: By, key: str, body_hash: str) -> tuple[UUID, bool]:
    """The id of the matter of this key, and whether it was reported before. Waits for a report under way with it."""
    account, fresh = by.account or NOBODY, new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO centres_execution_reportkey (account, client_key, body_hash, matter_id)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [account, key, body_hash, fresh],
        )
        if cursor.rowcount:
            return fresh, False
    known = ReportKey.objects.get(account=account, client_key=key)
    if known.body_hash != body_hash:
        raise Conflict(
            "key_with_another_body",
            "同一幂等键已用于另一份上报",
            where="Idempotency-Key",
            remedy="如果要上报另一件事，请换一个新的键；如果要补充说明，请打开已上报的事件",
        )
    return known.matter_id, True


def _begun(report: Report, by: By, matter_id: UUID, now: datetime, scope: Scope) -> tuple[Matter, Walk]:
    """The matter and its process, not written yet."""
    place, centre = report.place, _centre(report.place)
    town, district = place.town, place.district
    if town is None or district is None:
        raise TypeError("`locate` answers nothing larger than a town")
    row = Matter(
        id=matter_id,
        version=1,
        state=MatterState.REPORTED.value,
        type=report.type,
        national_code=shaping.type_view(report.type).national,
        title=decisions.title_of(report.description, report.type.name),
        description=report.description,
        urgency=report.urgency.value,
        channel=_channel(by, report).value,
        city_id=place.city.id,
        district_id=district.id,
        town_id=town.id,
        village_id=place.village.id if place.village else None,
        grid_id=place.grid.id if place.grid else None,
        area_at_report=place.lowest.id,
        address=report.address,
        lon=report.lon,
        lat=report.lat,
        centre_id=centre.id,
        current_centre_id=centre.id,
        current_level=centre.level.value,
        organisations=[centre.id],
        reporter_account=by.account,
        form_key=report.form.key if report.form.stored else "",
        form_answers=report.form.stored,
        occurred_at=report.occurred_at,
        reported_at=now,
        handled_first_at=report.handled_at,
        filed_after_the_fact=report.handled_at is not None,
        synthetic=settings.DEMONSTRATION and by.account is not None and accounts.is_demonstration(by.account),
    )
    working, rules = calendar.current(), laid_down.of_today(row)
    clocks.start_total(working, rules, row, now)
    walk = Walk(row, by, scope, now)
    state = walk.begin(offering.new_facts(row))
    row.state = state.value
    clocks.enter_stage(working, rules, row, state, now)
    row.number = _take_number(town, now)
    return row, walk


def _reporter(row: Matter, report: Report, by: By) -> MatterReporter:
    """Who reported, apart from the matter."""
    return MatterReporter(
        matter=row,
        account=by.account,
        centre=row.centre_id,
        label=by.label,
        name=report.contact_name or None,
        phone=report.contact_phone or None,
    )


def _keep_numbers(row: Matter, report: Report, now: datetime) -> None:
    """The numbers it has elsewhere."""
    for system, number in report.external.items():
        try:
            with transaction.atomic():
                ExternalNumber.objects.create(matter=row, system=system, number=number, updated_at=now)
        except IntegrityError as error:  # perhaps of a matter that may not be seen from here
            raise Conflict(
                "number_known", "这个编号的工单已由他处登记", where="external_numbers", remedy="请核对编号"
            ) from error


def _said(report: Report, row: Matter, key: str) -> Said:
    personal: dict[str, Any] = {
        "address": report.address,
        "lon": report.lon,
        "lat": report.lat,
        "contact_name": report.contact_name,
    }
    personal |= {"contact_phone": report.contact_phone, "answers": report.form.personal}
    return Said(
        text=report.description,
        photos=report.photos,
        client_key=key,
        facts={
            "type": report.type.code,
            "urgency": report.urgency.value,
            "channel": row.channel,
            "town": str(row.town_id),
            "total_due_at": row.total_due_at.isoformat(),
            **({"form": report.form.key, "answers": report.form.facts} if report.form.stored else {}),
        },
        personal={name: value for name, value in personal.items() if value not in ("", None, {})},
    )


def _centre(place: areas.Lineage) -> organisations.OrganisationView:
    town = place.town
    if town is None:
        raise TypeError("`locate` answers nothing larger than a town")
    try:
        return organisations.town_centre(town.id)
    except Missing as error:
        raise Invalid(
            "town_without_centre", "{town}没有登记基层治理指挥中心", where="area_id",
            remedy="请联系系统管理员登记该镇街的机构", params={"town": town.name},
        ) from error  # fmt: skip


def _channel(by: By, report: Report) -> Channel:
    """Where it came from: another system, a resident, a grid worker on patrol, or somebody at a desk."""
    if report.external:
        return Channel.HOTLINE
    if by.organisation is None:
        return Channel.SENSOR if by.is_system else Channel.RESIDENT
    patrol = organisations.PostFunction.PATROL
    return Channel.GRID if organisations.post_by_code(by.post).function is patrol else Channel.DESK


def _external(by: By, given: Mapping[str, str]) -> dict[str, str]:
    """Numbers of other systems, each known once."""
    systems = queries.rules().systems
    for system in given:
        if system not in systems:
            raise Invalid(
                "unknown_external_system", "没有登记外部系统“{system}”", where="external_numbers",
                remedy="可用的系统：{known}", params={"system": system[:32], "known": "、".join(systems)},
            )  # fmt: skip
    numbers = {
        system: inputs.text(number, where="external_numbers", needed=True, longest=64)
        for system, number in given.items()
    }
    for system, number in numbers.items():
        _refuse_number(by, system, number)
    return numbers


def _refuse_number(by: By, system: str, number: str) -> None:
    """A resident gives none: whose ticket it is, its own system says, or an official who has it before him."""
    acting = access.application_acting(by)
    if by.organisation is None and not by.is_system and (acting is None or acting.code != system):
        raise Refused("number_of_another_system", "外部编号由其系统或治理中心登记", where="external_numbers", remedy="请把编号写在情况说明中")  # fmt: skip


def _take_number(town: areas.AreaBrief, now: datetime) -> str:
    """The next number of the town today. Reports of one town wait for one another here, so this comes last."""
    day = now.astimezone(get_default_timezone()).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO centres_execution_matterserial AS serial (town_id, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (town_id, day) DO UPDATE SET last = serial.last + 1 RETURNING last",
            [town.id, day],
        )
        serial = cursor.fetchone()[0]
    return decisions.matter_number(queries.rules().number_prefix, town.code, day, serial)
