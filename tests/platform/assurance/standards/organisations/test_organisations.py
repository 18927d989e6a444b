"""Organisations and posts of the tiny city."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from city1361.base.kernel.errors import Missing
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.identifiers import api as identifiers
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.assurance.standards.organisations.decisions import invented_credit_code, period
from city1361.platform.assurance.standards.organisations.models import Organisation, Post
from city1361.platform.assurance.standards.organisations.terms import Category

TINY = Path(__file__).parents[5] / "instances" / "tiny"


def test_an_invented_credit_code_passes_both_checks_and_depends_on_the_code_alone() -> None:
    made = invented_credit_code("119901/housing", Category.AUTHORITY, "119901")
    assert made == invented_credit_code("119901/housing", Category.AUTHORITY, "119901")
    assert made != invented_credit_code("119901/housing", Category.AUTHORITY, "119901", attempt=1)
    assert identifiers.unified_social_credit_valid(made)
    assert identifiers.organisation_code_check(made[8:16]) == made[16]
    assert made.startswith("11119901")


def test_a_period_spans_every_move_and_stays_open_while_one_is() -> None:
    first, second, third = date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1)
    assert period([(second, third), (first, second)]) == (first, third)
    assert period([(first, second), (second, None)]) == (first, None)


@pytest.mark.django_db
class TestLoaded:
    def test_every_credit_code_is_valid_unique_and_marked_synthetic(self) -> None:
        rows = list(Organisation.objects.all())
        assert all(identifiers.unified_social_credit_valid(row.uscc) for row in rows)
        assert len({row.uscc for row in rows}) == len(rows)
        assert all(row.synthetic for row in rows)

    def test_every_town_has_a_centre_with_the_posts_a_matter_needs(self) -> None:
        for area in areas.find("", level="town"):
            centre = organisations.town_centre(area.id)
            assert centre.name == f"{area.short_name}基层治理指挥中心"
            functions = {post.function for post in organisations.posts_in(area.id)}
            assert {"direct", "duty", "handle", "check", "patrol"} <= functions

    def test_the_centre_of_an_abolished_district_ended_with_it(self) -> None:
        old = areas.by_code("119903", date(2025, 2, 28))
        ended = organisations.organisation_by_code("119903/command_centre")
        assert ended.valid_to == date(2025, 3, 1)
        assert organisations.organisations_in(old.id) == []
        assert ended in organisations.organisations_in(old.id, on=date(2025, 2, 28))
        with pytest.raises(Missing):
            organisations.command_centre(old.id)

    def test_a_zone_has_a_centre_like_a_district(self) -> None:
        assert organisations.command_centre(areas.by_code("ZONE-HT").id).short_name == "高技术园区治理中心"

    def test_a_centre_of_a_district_is_no_town_centre(self) -> None:
        with pytest.raises(Missing):
            organisations.town_centre(areas.by_code("119901").id)

    def test_a_post_is_found_by_its_code_and_knows_its_organisation(self) -> None:
        post = organisations.post_by_code("119901001/law_enforcement/enforcement")
        assert (post.name, post.function, post.organisation_name) == (
            "综合执法岗",
            "handle",
            "示范街道综合行政执法大队",
        )
        assert organisations.post(post.id) == post
        assert organisations.posts_of(post.organisation_id)[-1] == post
        with pytest.raises(Missing, match="nobody"):
            organisations.post_by_code("119901001/nobody")

    def test_duty_is_held_in_turns(self) -> None:
        assert organisations.post_by_code("119901001/command_centre/duty").shift
        assert not organisations.post_by_code("119901001/command_centre/check").shift

    def test_a_line_runs_through_the_levels(self) -> None:
        line = organisations.organisations_of_line("city_management")
        assert [row.level for row in line].count("district") == 3
        assert [row.area_id for row in organisations.organisations_of_line("city_management", "city")] == [
            areas.city().id
        ]

    def test_unknown_ids_are_missing(self) -> None:
        with pytest.raises(Missing):
            organisations.organisation(uuid4())
        with pytest.raises(Missing):
            organisations.post(uuid4())

    def test_a_second_load_changes_nothing(self) -> None:
        assert "改动0行" in organisations.load_organisations(TINY)

    def test_a_real_credit_code_replaces_the_invented_one(self, tmp_path: Path) -> None:
        folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
        file = folder / "organisations.yaml"
        text = file.read_text("utf-8")
        real = "11500000009275780L"
        old = "posts: [data_admin, system_admin, security_admin, audit_admin]}"
        assert old in text
        file.write_text(text.replace(old, f'{old[:-1]}, uscc: {{"119900": "{real}"}}}}'), "utf-8")
        assert "改动1行" in organisations.load_organisations(folder)
        bureau = organisations.organisation_by_code("119900/data_bureau")
        assert (bureau.uscc, bureau.synthetic) == (real, False)

    def test_posts_belong_to_their_organisation(self) -> None:
        assert all(
            post.code.rsplit("/", 1)[0] == post.organisation.code
            for post in Post.objects.select_related("organisation")
        )
