"""A small world for the tests of access: matters in every place a person may stand to them, seen by a simple oracle."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID

from django.test import Client
from PIL import Image

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from tests import cast
from tests.platform.assurance.security.access import neighbourhood, orders
from tests.platform.assurance.security.accounts.software_key import SoftwareKey

TOWN, VILLAGE, SIBLING_TOWN, FAR_TOWN = "119901001", "119901001001", "119901002", "119902100"
GRID, SIBLING_GRID, GRID_OF_NEXT_VILLAGE = f"{VILLAGE}001", f"{VILLAGE}002", "119901001002001"
PLACES = (GRID, SIBLING_GRID, VILLAGE, GRID_OF_NEXT_VILLAGE, TOWN, SIBLING_TOWN, FAR_TOWN)
JOINED = f"{TOWN}/law_enforcement"
PEOPLE = (
    cast.RESIDENT, cast.GRID_WORKER, cast.TOWN_DUTY_OFFICER, cast.TOWN_HANDLER, cast.TOWN_CHECKER, cast.TOWN_COMMANDER,
    cast.SIBLING_DUTY_OFFICER, cast.DISTRICT_DUTY_OFFICER, cast.CITY_DUTY_OFFICER, cast.DATA_BUREAU, cast.SYSTEM_ADMIN,
    cast.SECURITY_ADMIN, cast.AUDIT_ADMIN, cast.TOWN_ASSISTANT, cast.DISTRICT_DIRECTOR, cast.DISTRICT_CHECKER, cast.CITY_CHECKER,
    cast.DISTRICT_HANDLER, cast.CITY_HANDLER,
)  # fmt: skip
HOLDER = cast.TOWN_COMMANDER
"""The one who has second factors."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something somebody may or may not see. Ids of its areas from the city down, of who takes part, who reported."""

    id: UUID | int
    areas: tuple[UUID, ...] = ()
    organisations: frozenset[UUID] = frozenset()
    reporter: UUID | None = None
    label: str = ""


@dataclass
class World:
    """What there is, by kind as endpoints name it, and who looks."""

    scopes: dict[str, Scope] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    things: dict[str, list[Thing]] = field(default_factory=dict)

    def sees(self, person: str, kind: str, thing: Thing) -> bool:
        """The oracle: area in scope, or my organisation takes part, or I reported; some things are only one's own."""
        scope = self.scopes[person]
        mine = scope.account is not None and thing.reporter == scope.account
        if kind in ("report", "export", "review", "own_key", "own_factor", "own_proposal"):
            return mine
        if kind == "rule_proposal":
            return True
        if kind == "file" and not (scope.allows("execution.read_matter") or scope.allows("execution.report_matter")):
            return False
        within = bool({area.id for area in scope.areas} & set(thing.areas))
        return mine or within or bool(scope.organisations & thing.organisations)


@cache
def _above(area: UUID) -> tuple[UUID, ...]:
    """From the city down to the area; areas keep their ids and, in these tests, their places."""
    return areas.lineage(area).ids


def relation(scope: Scope, thing: Thing) -> str:
    """How a thing stands to the person's area."""
    if not scope.areas:
        return "no area"
    (area,) = scope.areas
    above = _above(area.id)
    lowest = thing.areas[-1]
    if lowest == area.id:
        return "own"
    if area.id in thing.areas:
        return "child"
    if lowest in above:
        return "parent"
    return "sibling" if len(above) > 1 and thing.areas[-2:-1] == above[-2:-1] else "elsewhere"


def build() -> World:
    """Make the world with real actions."""
    world = World()
    for person in PEOPLE:
        world.scopes[person] = cast.scope(person)
        world.sessions[person] = _proven_session(person)
    world.scopes[""] = Scope.nothing()
    _matters(world)
    neighbourhood.fill(world, Thing, unbounded)
    _factors(world)
    return world


def _proven_session(person: str) -> str:
    """The cookie of a session in which the person has just proven himself again, noted as allauth notes it."""
    browser, account = cast.client(person), cast.account(person)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    return browser.cookies["city1361_session"].value


def _report(by: By, place: str, photos: list[UUID], number: str = "") -> Any:
    from city1361.centres.execution import api as execution

    kind = execution.matter_types()[0].code
    area = areas.by_code(place).id
    return execution.matter_report(
        by=by, client_key=str(new_id()), matter_type=kind, description="路面破损", area_id=area, photos=photos,
        external_numbers={"hotline": number} if number else {},
    )  # fmt: skip


def _photo(by: By, colour: str) -> UUID:
    from city1361.base.files import api as files
    from city1361.centres.execution import api as execution

    picture = BytesIO()
    Image.new("RGB", (64, 48), colour).save(picture, "JPEG")
    return files.store(by, picture.getvalue(), name="photo.jpg", purpose=execution.PHOTO_PURPOSE).id


def _matters(world: World) -> None:
    from city1361.centres.execution import api as execution
    from city1361.centres.execution.models import Matter

    hotline = By.system("热线")
    reported: list[tuple[By, str, str]] = [(hotline, place, "") for place in PLACES]
    reported += [
        (cast.by(person), FAR_TOWN, f"by {person}")
        for person in PEOPLE
        if world.scopes[person].allows("execution.report_matter")
    ]
    reported.append((hotline, FAR_TOWN, "joined"))
    world.things["matter"], world.things["file"], world.things["process"] = [], [], []
    world.things["work_item"] = [Thing(new_id(), label="pushed items are for applications")]
    for number, (by, place, label) in enumerate(reported):
        pictured = place in (GRID, SIBLING_TOWN) or label in (f"by {cast.RESIDENT}", "joined")
        photos = [_photo(by, f"#{number * 9:02x}4080")] if pictured else []
        made = _report(by, place, photos, number="20261123-001" if place == SIBLING_TOWN else "")
        if place == SIBLING_TOWN:
            _admit(made)
            orders.put(world, made, SIBLING_TOWN, cast.SIBLING_DUTY_OFFICER, Thing)
        taking_part = _join(Matter, made.id) if label == "joined" else _taking_part(Matter, made.id)
        thing = Thing(made.id, areas.lineage(areas.by_code(place).id).ids, taking_part, by.account, label or place)
        world.things["matter"].append(thing)
        world.things["process"].append(replace(thing, id=_process_of(Matter, made.id)))
        world.things["file"] += [Thing(photo, thing.areas, thing.organisations, by.account, label) for photo in photos]
    orders.propose(world, Thing)
    world.things["report"] = world.things["package_row"] = world.things["matter"]
    everything, maker = execution.Wanted(), cast.by(HOLDER)
    export = execution.matter_export(by=maker, wanted=everything, format=execution.ExportFormat.CSV)
    world.things["export"] = [Thing(export.id, reporter=maker.account, label="export")]
    world.things["review"] = [_review(maker)]
    world.things["radar_finding"] = [_listed(place) for place in (GRID, SIBLING_TOWN)]


def _review(maker: Any) -> Thing:
    """A review that somebody has had written."""
    from city1361.centres.execution.api import PeriodKind, period_now
    from city1361.centres.situation import api as situation
    from city1361.platform.components.documents.api import DocumentFormat

    day = period_now(PeriodKind.DAY)
    area = min(cast.scope(HOLDER).areas).id
    made = situation.review_make(by=maker, area=area, period=day, format=DocumentFormat.DOCX)
    situation.review_write(made.id)
    return Thing(made.id, reporter=maker.account, label="review")


def _listed(place: str) -> Thing:
    """A sign that stands on the list for inspection, at a town."""
    from city1361.centres.supervision.models import RadarFinding

    town = areas.lineage(areas.by_code(place).id).ids[:3]
    placed = dict(zip(("city_id", "district_id", "town_id"), town, strict=True))
    row = {"day": clock.now().date(), "sign": "copied_text", "key": place, "measured": 3, "base": 3, "matters": []}
    limits = {"text_count": 3, "text_length": 8}
    made = unbounded(lambda: RadarFinding.objects.create(**row, **placed, thresholds=limits, found_at=clock.now()))
    return Thing(made.id, town, label=place)


def _admit(matter: Any) -> None:
    """Have a matter taken in and given to a unit, so that organisations take part in it."""
    from city1361.centres.execution import api as execution

    officer, scope = cast.by(cast.SIBLING_DUTY_OFFICER), cast.scope(cast.SIBLING_DUTY_OFFICER)
    handler = unbounded(lambda: execution.handler_choices(scope=scope, matter_id=matter.id)[0].post.id)
    execution.matter_admit(
        by=officer, matter_id=matter.id, expected_version=matter.version, handler_post=handler, client_key=str(new_id())
    )


def _taking_part(matter: Any, matter_id: UUID) -> frozenset[UUID]:
    return frozenset(unbounded(lambda: matter.objects.get(id=matter_id).organisations))


def _process_of(matter: Any, matter_id: UUID) -> UUID:
    found: UUID = unbounded(lambda: matter.objects.get(id=matter_id).process_instance)
    return found


def _join(matter: Any, matter_id: UUID) -> frozenset[UUID]:
    """Have the town's law enforcement take part in a matter far away."""
    from city1361.centres.execution import api as execution

    def join() -> list[UUID]:
        execution.matter_participant_add(
            by=By.system("test"), matter_id=matter_id, organisation=organisations.organisation_by_code(JOINED).id,
            role=execution.Participation.ASSIST,
        )  # fmt: skip
        return list(matter.objects.get(id=matter_id).organisations)

    return frozenset(unbounded(join))


def unbounded(work: Any) -> Any:
    from city1361.base.database import api as database

    with database.scoped(Scope.everything()):
        return work()


def _factors(world: World) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    holder = cast.account(HOLDER)
    TOTP.activate(holder, generate_totp_secret())
    RecoveryCodes.activate(holder)
    browser, key = Client(), SoftwareKey()
    browser.cookies["city1361_session"] = world.sessions[HOLDER]
    options = browser.get("/accounts/2fa/webauthn/add/", secure=True).context["js_data"]["creation_options"]
    browser.post("/accounts/2fa/webauthn/add/", {"credential": json.dumps(key.register(options))}, secure=True)
    added = Authenticator.objects.get(user=holder, type="webauthn")
    world.things["own_key"] = [Thing(added.pk, reporter=holder.id, label="key")]
    world.things["own_factor"] = [Thing(0, reporter=holder.id, label="factor")]
