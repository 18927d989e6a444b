"""The administrator sees what a package is and may use before it is in force; nobody else sees anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from city1361.base.kernel.by import By
from city1361.platform.applications.packages import api, sources
from tests import cast
from tests.platform.applications.packages.folders import change, lifts, write

pytestmark = pytest.mark.django_db
ADDRESS = "/packages/society/lifts/"
LIST = """\
pages:
  - {key: lifts, title: {zh: 电梯, en: Lifts}, kind: list, source: matters, columns: [number, title, state]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package among those that come with the product."""
    made = lifts(tmp_path)
    write(made, "pages.yaml", LIST)
    change(made, "manifest.yaml", "permissions: []", "permissions: [execution.read_matter]")
    monkeypatch.setattr(sources, "shipped", lambda: tmp_path)
    return made


def test_it_is_offered_shown_agreed_to_and_installed(folder: Path) -> None:
    admin = cast.client(cast.SYSTEM_ADMIN)
    offered = admin.get("/packages/").content.decode()
    assert "society/lifts" in offered
    preview = admin.get(f"{ADDRESS}install/").content.decode()
    assert "事件类型2个，新增2个，停用0个" in preview
    assert 'value="execution.read_matter"' in preview
    refused = admin.post(f"{ADDRESS}install/")
    assert refused.status_code == 403
    assert "应用包请求的权限尚未同意：execution.read_matter" in refused.content.decode()
    installed = admin.post(f"{ADDRESS}install/", {"accepted": ["execution.read_matter"]})
    assert (installed.status_code, installed.headers["Location"]) == (302, ADDRESS)
    shown = admin.get(ADDRESS).content.decode()
    assert api.package("society/lifts").digest[:16] in shown
    assert "execution.read_matter" in shown
    assert "质量清单" in shown
    assert "没有变化" in admin.get(f"{ADDRESS}install/").content.decode()
    admin.post(f"{ADDRESS}withdraw/")
    assert "已下线" in admin.get(ADDRESS).content.decode()


def test_a_broken_one_shows_its_faults_and_stays_out(folder: Path) -> None:
    write(folder, "actions.py", "")
    shown = cast.client(cast.SYSTEM_ADMIN).post(f"{ADDRESS}install/", {"accepted": ["execution.read_matter"]})
    assert shown.status_code == 422
    assert "actions.py" in shown.content.decode()
    assert cast.client(cast.SYSTEM_ADMIN).get(ADDRESS).status_code == 404


def test_a_reader_may_look_and_not_install(folder: Path) -> None:
    api.package_install(by=By.system("测试", channel="command"), source=folder, accepted=["execution.read_matter"])
    reader = cast.client(cast.DATA_BUREAU)
    assert reader.get(ADDRESS).status_code == 200
    assert "install/" not in reader.get(ADDRESS).content.decode()
    assert reader.get(f"{ADDRESS}install/").status_code == 404
    assert reader.post(f"{ADDRESS}withdraw/").status_code == 404
    assert cast.client(cast.TOWN_HANDLER).get("/packages/").status_code == 404


def test_a_page_is_for_those_whom_its_source_lets_read(folder: Path) -> None:
    api.package_install(by=By.system("测试", channel="command"), source=folder, accepted=["execution.read_matter"])
    page = "/apps/society/lifts/lifts/"
    assert cast.client(cast.TOWN_DUTY_OFFICER).get(page).status_code == 200
    assert cast.client(cast.TOWN_DUTY_OFFICER).get(f"{page}?state=nonsense&cursor=nonsense").status_code in (200, 422)
    assert cast.client(cast.SYSTEM_ADMIN).get(page).status_code == 404
    assert cast.client(cast.TOWN_DUTY_OFFICER).get("/apps/society/lifts/other/").status_code == 404
    api.package_withdraw(by=By.system("测试", channel="command"), package="society/lifts")
    assert cast.client(cast.TOWN_DUTY_OFFICER).get(page).status_code == 404
