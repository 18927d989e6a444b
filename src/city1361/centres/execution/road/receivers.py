"""Who a matter may be given to from where it stands: posts of the level, lower and upper centres, parties of a dispute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.scope import Level, Scope
from city1361.centres.execution.answers import Choice, HandlerChoice, Named
from city1361.centres.execution.models import HandOver, Matter, Ruling
from city1361.centres.execution.queries import matter_row
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.assurance.standards.organisations.api import OrganisationView, PostFunction, PostView

MOST_RULINGS = 5


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets a matter: an organisation, and the post of it that handles; without a post a centre that passes it on."""

    organisation: OrganisationView
    post: PostView | None = None

    @property
    def code(self) -> str:
        return f"post:{self.post.id}" if self.post else f"centre:{self.organisation.id}"

    @property
    def label(self) -> str:
        return f"{self.post.name}（{self.organisation.name}）" if self.post else self.organisation.name


def handlers_in(area_id: UUID) -> list[HandlerChoice]:
    """The posts of an area's own organisations that handle matters."""
    posts = organisations.posts_in(area_id, PostFunction.HANDLE)
    return [
        HandlerChoice(Named(post.id, post.name), Named(post.organisation_id, post.organisation_name)) for post in posts
    ]


def handler_choices(*, scope: Scope, matter_id: UUID) -> list[HandlerChoice]:
    """The posts that the centre which deals with the matter can give it to."""
    row = matter_row(scope, matter_id)
    return handlers_in(organisations.organisation(row.current_centre_id).area_id)


def handler(centre_id: UUID, post_id: UUID) -> Receiver:
    """A handling post of the level of this centre. Raises Invalid."""
    area = organisations.organisation(centre_id).area_id
    chosen = next((one for one in organisations.posts_in(area, PostFunction.HANDLE) if one.id == post_id), None)
    if chosen is None:
        raise Invalid(
            "unknown_handler_post",
            "该岗位不能处置本级的事件",
            where="handler_post",
            remedy="请从可选的处置岗位中选择",
        )
    return Receiver(organisations.organisation(chosen.organisation_id), chosen)


def upper_centre(centre_id: UUID) -> OrganisationView | None:
    """The centre above this one; none above the city's."""
    centre = organisations.organisation(centre_id)
    return _centre_above(areas.lineage(centre.area_id), centre.level)


def common_centre(one: UUID, other: UUID) -> OrganisationView | None:
    """The lowest centre above both areas."""
    first, second = areas.lineage(one), areas.lineage(other)
    same = first.district is not None and second.district is not None and first.district.id == second.district.id
    return _centre_above(first, Level.TOWN if same else Level.DISTRICT)


def _centre_above(lineage: areas.Lineage, level: Level) -> OrganisationView | None:
    above = lineage.district if level is Level.TOWN else lineage.city if level is Level.DISTRICT else None
    try:
        return organisations.command_centre(above.id) if above else None
    except Missing:
        return None


def lower_centres(row: Matter) -> list[OrganisationView]:
    """The centres right below the one that deals with it now, that of the matter's own area first."""
    centre = organisations.organisation(row.current_centre_id)
    below = areas.children(centre.area_id)
    found = organisations.centres_of([area.id for area in below])
    own = (row.district_id, row.town_id)
    return sorted(found, key=lambda one: (one.area_id not in own, one.code))


def lower_centre(row: Matter, organisation: UUID) -> OrganisationView:
    """One of them. Raises Invalid."""
    return _one_of(lower_centres(row), organisation, "lower_centre", "只能交办给下一级治理中心")


def parties(row: Matter) -> list[Receiver]:
    """Whom a ruling may name: those who had it, the centres below the one that rules, its own departments."""
    if row.ruling_centre is None:
        return []
    ruling = organisations.organisation(row.ruling_centre)
    below = organisations.centres_of([area.id for area in areas.children(ruling.area_id)])
    centres = [*(organisations.organisations(disputing(row))).values(), *below]
    passing = {one.id: Receiver(one) for one in centres if one.kind == organisations.COMMAND_CENTRE}
    passing.pop(ruling.id, None)
    posts = organisations.posts_in(ruling.area_id, PostFunction.HANDLE)
    known = organisations.organisations({post.organisation_id for post in posts})
    return [*passing.values(), *(Receiver(known[post.organisation_id], post) for post in posts)]


def party(row: Matter, code: str) -> Receiver:
    """One of them, by its code. Raises Invalid."""
    for one in parties(row):
        if one.code == code:
            return one
    raise Invalid("unknown_party", "不能指定给该单位", where="party", remedy="请从可选的单位中选择")


def disputing(row: Matter) -> list[UUID]:
    """Who has had the matter so far."""
    steps = HandOver.objects.filter(matter=row.id).order_by("id")
    found = [one for step in steps for one in (step.given_by, step.given_to) if one]
    return list(dict.fromkeys([row.centre_id, *found]))


def own_posts(row: Matter) -> list[PostView]:
    """The other posts of the organisation that leads."""
    if row.lead_id is None:
        return []
    return [post for post in organisations.posts_of(row.lead_id) if post.id != row.lead_post_id]


def own_post(row: Matter, post_id: UUID) -> PostView:
    """One of them. Raises Invalid."""
    found = next((post for post in own_posts(row) if post.id == post_id), None)
    if found is None:
        raise Invalid("unknown_own_post", "只能转给本单位的其他岗位", where="own_post", remedy="请从本单位岗位中选择")
    return found


def beside(row: Matter) -> list[OrganisationView]:
    """The organisations of the levels it has been at: whom one lets know, or who owns a shelved matter."""
    levels = (row.town_id, row.district_id) if row.current_level != Level.CITY else (row.district_id, row.city_id)
    return [one for area in levels for one in organisations.organisations_in(area)]


def organisation_beside(row: Matter, organisation: UUID, where: str) -> OrganisationView:
    """One of them. Raises Invalid."""
    return _one_of(beside(row), organisation, where, "只能选择本地各级的单位")


def _one_of(found: Iterable[OrganisationView], wanted: UUID, where: str, message: str) -> OrganisationView:
    for one in found:
        if one.id == wanted:
            return one
    raise Invalid(f"unknown_{where}", message, where=where, remedy="请从可选的单位中选择")


def precedents(*, scope: Scope, matter_id: UUID) -> list[Ruling]:
    """Rulings on the same type in the same town, or else the same district, the newest first."""
    row = matter_row(scope, matter_id)
    found = Ruling.objects.filter(matter_type=row.type_id, city_id=row.city_id, district_id=row.district_id)
    rulings = list(found.exclude(matter_id=row.id).order_by("-id")[:50])
    return sorted(rulings, key=lambda one: one.town_id != row.town_id)[:MOST_RULINGS]


def _handler_choices(row: Matter) -> list[Choice]:
    area = organisations.organisation(row.current_centre_id).area_id
    return [Choice(str(one.post.id), f"{one.post.name}（{one.organisation.name}）") for one in handlers_in(area)]


def _towns(row: Matter) -> list[Choice]:
    """Where it may come from: the other towns of the district."""
    below = areas.children(row.district_id)
    return [Choice(str(one.id), one.name) for one in below if one.level is Level.TOWN and one.id != row.town_id]


CHOICES: dict[str, Callable[[Matter], list[Choice]]] = {
    "handler_post": _handler_choices,
    "lead_post": _handler_choices,
    "lower_centre": lambda row: [Choice(str(one.id), one.name) for one in lower_centres(row)],
    "party": lambda row: [Choice(one.code, one.label) for one in parties(row)],
    "own_post": lambda row: [Choice(str(one.id), one.name) for one in own_posts(row)],
    "source_area": _towns,
    "organisation": lambda row: [Choice(str(one.id), one.name) for one in beside(row)],
    "owner": lambda row: [Choice(str(one.id), one.name) for one in beside(row)],
}


def choices(row: Matter, field: str) -> list[Choice]:
    """What a form offers for a field that names a receiver. Raises Invalid."""
    if field not in CHOICES:
        known = "、".join(CHOICES)
        raise Invalid("unknown_field", "没有这个选项", where="field", remedy="可用：{known}", params={"known": known})
    return CHOICES[field](row)
