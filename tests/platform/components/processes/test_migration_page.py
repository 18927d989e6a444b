"""The page that moves running instances: equal ids map themselves, orphans refuse, what was done stands in evidence."""

from __future__ import annotations

import html
from typing import Any

import pytest

from city1361.base.evidence import api as evidence
from city1361.base.kernel import registry
from city1361.platform.components.processes import api
from tests import cast
from tests.platform.components.processes import store
from tests.platform.components.processes.store import do, now_of, publish, stands, start

ADDRESS = "/processes/definitions/p/migrate/"
OTHER = (
    store.WAIT_BODY.replace('"look" name="查看"', '"verify" name="核实"').replace('"look"', '"verify"'),
    store.WAIT_FLOWS.replace("look", "verify"),
)
CHOSEN = {"before": "1", "after": "2"}


@pytest.fixture
def two(db: None) -> list[api.InstanceView]:
    """Two instances of the first version, one at each of its steps; the second version has lost the first step."""
    (area,) = registry.scope_of(cast.by(cast.TOWN_DUTY_OFFICER)).areas
    city = registry.scope_of(cast.by(cast.SYSTEM_ADMIN)).areas
    where = api.Standing(api.AreaColumns(next(iter(city)).id, town=area.id))
    publish()
    made = [start(where=where), do(start(where=where), "look")]
    publish(*OTHER)
    return made


def shown(given: dict[str, str], status: int = 200, **sent: Any) -> str:
    client = cast.client(cast.SYSTEM_ADMIN)
    answer = client.post(ADDRESS, given, **sent) if sent else client.get(ADDRESS, given)
    assert answer.status_code == status, answer.content[:400]
    return html.unescape(answer.content.decode())


def test_equal_ids_map_themselves_and_what_would_stand_nowhere_is_refused_until_mapped(
    two: list[api.InstanceView],
) -> None:
    page = shown({})
    assert '<option value="1" selected>第1版，运行中2个' in page
    assert '<option value="2" selected>第2版，运行中0个' in page
    assert '<option value="act" selected>' in page
    assert "编号相同，自动对应" in page
    assert f"/processes/{two[0].id}/" in page, "the orphan is named"
    assert "迁移2个实例" not in page
    refused = shown(CHOSEN, status=409, follow=False)
    assert "无法在新版次中继续" in refused
    assert [now_of(one).number for one in two] == [1, 1], "all or none"


def test_what_is_mapped_is_previewed_moved_and_stands_in_evidence(two: list[api.InstanceView]) -> None:
    given = {**CHOSEN, "to.look": "verify"}
    page = shown(given)
    assert "迁移2个实例到第2版" in page
    assert '<option value="verify" selected>' in page
    assert [now_of(one).number for one in two] == [1, 1], "looking changes nothing"
    done = shown(given, follow=True)
    assert "已迁移2个实例到第2版" in done
    assert [stands(one) for one in two] == [["verify"], ["act"]]
    entry = evidence.entries_about("process_definition", "p")[0]
    assert (entry.action, entry.facts["mapping"]) == ("processes.migrate_process", {"look": "verify"})
    assert "1 → 2" in done


def test_nonsense_maps_nothing_and_others_do_not_find_the_page(two: list[api.InstanceView]) -> None:
    page = shown({"before": "9x", "after": "77", "to.look": "e", "to.act": "../x"})
    assert "不能迁移" in page
    assert "迁移2个实例" not in page
    assert shown({"before": "2", "after": "2"}).count("请选择两个不同的版次") == 1
    for who in (cast.TOWN_DUTY_OFFICER, cast.DATA_BUREAU):
        assert cast.client(who).get(ADDRESS).status_code in (403, 404)
    assert cast.client(cast.SYSTEM_ADMIN).get("/processes/definitions/none/migrate/").status_code == 404
