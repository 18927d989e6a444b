"""`city1361 instance check|load` at the terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from city1361.platform.assurance.standards.commands import instance

TINY = Path(__file__).parents[4] / "instances" / "tiny"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    file = folder / "areas/divisions.csv"
    file.write_text(file.read_text("utf-8").replace("town,119901\n", "town,119909\n", 1), "utf-8")
    return folder


def test_check_names_every_fault_and_ends_with_status_1(broken: Path) -> None:
    done = CliRunner(env={"LC_ALL": "zh_CN.UTF-8"}).invoke(instance, ["check", str(broken)])
    assert done.exit_code == 1
    assert "areas/divisions.csv:6: 代码119901001的上级“119909”不存在或层级不对" in done.output
    assert "→ 上级应为已列出的district" in done.output


def test_check_speaks_english_where_the_terminal_does(broken: Path) -> None:
    done = CliRunner(env={"LC_ALL": "en_GB.UTF-8"}).invoke(instance, ["check", str(broken)])
    assert "areas/divisions.csv:6: The parent 119909 of 119901001 is missing or on the wrong level" in done.output


def test_check_of_a_right_folder_says_so() -> None:
    done = CliRunner().invoke(instance, ["check", str(TINY)])
    assert (done.exit_code, done.output.startswith("✓")) == (0, True)


@pytest.mark.django_db
def test_load_refuses_a_broken_folder(broken: Path) -> None:
    done = CliRunner(env={"LC_ALL": "zh_CN.UTF-8"}).invoke(instance, ["load", str(broken)])
    assert done.exit_code == 1
    assert "未载入任何内容" in done.output


@pytest.mark.django_db
def test_load_shows_its_steps_and_the_second_time_nothing_new(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    with (folder / "areas/areas.yaml").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    runner = CliRunner(env={"LC_ALL": "zh_CN.UTF-8"})
    first = runner.invoke(instance, ["load", str(folder)])
    assert first.exit_code == 0
    assert "切分网格 2/2" in first.output
    assert "✓ areas: 区域75个" in first.output
    second = runner.invoke(instance, ["load", str(folder)])
    assert "✓ areas: 未变化" in second.output
    assert "切分网格" not in second.output


def test_an_unknown_folder_is_refused() -> None:
    assert CliRunner().invoke(instance, ["load", "/nowhere"]).exit_code == 2
