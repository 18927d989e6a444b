"""Loading the folder: all or nothing, and the second time nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.platform.assurance.standards.areas.models import Area
from city1361.platform.assurance.standards.instance import api
from city1361.platform.assurance.standards.instance.models import LoadedSection

pytestmark = pytest.mark.django_db

TINY = Path(__file__).parents[5] / "instances" / "tiny"
BY = By.system("测试", channel="command")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def test_a_second_load_does_nothing_at_all() -> None:
    api.instance_load(by=BY, path=TINY)
    before = list(LoadedSection.objects.order_by("name").values_list())
    done = api.instance_load(by=BY, path=TINY)
    assert not done.changed
    assert [section.name for section in done.sections][:3] == ["areas", "codes", "organisations"]
    assert list(LoadedSection.objects.order_by("name").values_list()) == before


def test_a_changed_file_reloads_its_section_and_those_built_on_it(folder: Path) -> None:
    api.instance_load(by=BY, path=TINY)
    file = folder / "organisations.yaml"
    file.write_text(file.read_text("utf-8").replace("综合执法岗", "综合行政执法岗"), "utf-8")
    done = {section.name: section.changed for section in api.instance_load(by=BY, path=folder).sections}
    assert not done["areas"]
    assert not done["codes"]
    assert done["organisations"]


def test_a_failure_in_the_last_section_takes_the_first_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> str:
        raise RuntimeError("the last section fails")

    file = folder / "areas/divisions.csv"
    file.write_text(file.read_text("utf-8").replace("样板镇", "改名镇"), "utf-8")
    sections = {**registry._sections, "zz": registry.InstanceSection("zz", 999, lambda path: [], fail)}
    monkeypatch.setattr(registry, "_sections", sections)
    with pytest.raises(RuntimeError, match="last section"):
        api.instance_load(by=BY, path=folder)
    assert not Area.objects.filter(name="改名镇").exists()
    assert not LoadedSection.objects.filter(name="zz").exists()


def test_progress_is_told_while_it_loads(folder: Path) -> None:
    file = folder / "areas/areas.yaml"
    file.write_text(file.read_text("utf-8") + "\n# changed\n", "utf-8")
    told: list[tuple[str, int, int]] = []
    with api.listening(lambda what, done, total: told.append((what, done, total))):
        api.instance_load(by=BY, path=folder)
    steps = list(dict.fromkeys(what for what, _, _ in told))
    assert steps[0] == "校验"
    assert {"切分网格", "载入区域", "载入区域边界", "区域谱系"} <= set(steps)
    for what in steps:
        assert [done == total for name, done, total in told if name == what][-1]


def test_nobody_but_the_system_loads_an_instance_without_permission() -> None:
    stranger = By(account=None, label="某人", channel="web")
    with pytest.raises(Missing):
        api.instance_load(by=stranger, path=TINY)
