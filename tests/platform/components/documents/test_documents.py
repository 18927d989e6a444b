"""Documents after GB/T 9704, read back as a stranger would read them: the words, the measures, the typefaces."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as some
from pypdf import PdfReader

from city1361.platform.components.documents import api
from city1361.platform.components.documents import measures as m
from city1361.platform.components.documents.decisions import CLOSING, OPENING, lines

LONG = "统计期内上报事件1,054件，立案996件，立案率94.50%；应结案972件，已办结911件，办结率93.72%，按期办结率75.82%。"
TABLE = api.Grid(
    (api.Column("指标"), api.Column("数值", end=True), api.Column("口径", 4)),
    tuple((f"第{place}项", f"{place}.50%", LONG) for place in range(40)),
)
PLAIN = api.Document(
    "某市城市运行和治理月复盘",
    (api.Heading("一、总体情况"), api.Paragraph(LONG * 4), TABLE, api.Heading("二、口径"), api.Paragraph("没有更正。")),
    note="合成示例数据",
    signed="某市治理中心",
    dated="2026年11月23日",
)
RED = replace(PLAIN, head=api.RedHead("某市治理中心文件", "某治〔2026〕1号"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("documents")
    for name, document in (("plain", PLAIN), ("red", RED)):
        api.write_pdf(document, folder / f"{name}.pdf")
        api.write_word(document, folder / f"{name}.docx")
    return folder


def pages(path: Path) -> list[str]:
    """What is written on each page, as a viewer finds it, without the ends of lines."""
    with pypdfium2.PdfDocument(path) as book:
        return ["".join(page.get_textpage().get_text_range().split()) for page in book]


@given(some.text("一二三，。；（）《》“”12,.%a ", max_size=120), some.integers(5, 30), some.integers(0, 4))
def test_lines_hold_the_whole_text_and_break_where_chinese_text_may(text: str, most: int, first: int) -> None:
    found = lines(text, lambda part: float(len(part)), most, first)
    assert "".join(found) == text
    assert all(len(line) <= most for line in found)


def test_no_closing_mark_begins_a_line_and_no_number_is_cut() -> None:
    for most in range(8, 29):
        found = lines(LONG * 3, lambda part: float(len(part)), most)
        assert not [line for line in found if line[0] in CLOSING or line[-1] in OPENING]
        assert not [pair for pair in pairwise(found) if pair[0][-1].isdigit() and pair[1][0] in "0123456789,.%"]


def test_a_pdf_holds_every_word_with_typefaces_of_its_own(made: Path) -> None:
    reader = PdfReader(made / "plain.pdf")
    written = pages(made / "plain.pdf")
    assert "".join(written).count(LONG) == 4 + 40
    for place, page in enumerate(reader.pages):
        assert written[place].endswith(f"—{place + 1}—")
        assert page.mediabox.width == pytest.approx(m.PAGE_WIDTH, abs=0.1)
    assert written[1].startswith("指标数值口径")
    assert reader.metadata is not None
    assert reader.metadata.title == PLAIN.title
    for font in reader.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        described = font.get_object()
        if "CitySerif" in described["/BaseFont"]:
            assert "/FontFile2" in described["/FontDescriptor"]
            break
    else:
        raise AssertionError("no embedded typeface")


def test_twenty_two_lines_of_twenty_eight_characters_stand_on_a_page(made: Path, tmp_path: Path) -> None:
    full = api.Document("题", (api.Paragraph("治" * (28 * 60)),))
    api.write_pdf(full, tmp_path / "full.pdf")
    with pypdfium2.PdfDocument(tmp_path / "full.pdf") as book:
        rows = [line for line in book[1].get_textpage().get_text_range().splitlines() if "治" in line]
    assert [len(line) for line in rows] == [28] * 22


def test_the_same_document_is_the_same_file(made: Path, tmp_path: Path) -> None:
    api.write_pdf(PLAIN, tmp_path / "again.pdf")
    same = [hashlib.sha256(path.read_bytes()).digest() for path in (made / "plain.pdf", tmp_path / "again.pdf")]
    assert same[0] == same[1]
    assert (tmp_path / "again.pdf").stat().st_mode & 0o077 == 0


def test_red_stands_only_where_it_is_declared(made: Path) -> None:
    assert _red(made / "red.pdf") > 500
    assert _red(made / "plain.pdf") == 0
    words = [line.text for line in docx.Document(str(made / "red.docx")).paragraphs]
    assert words[:2] == ["某市治理中心文件", "某治〔2026〕1号"]
    assert docx.Document(str(made / "plain.docx")).paragraphs[0].text == PLAIN.title


def _red(path: Path) -> int:
    """How many red dots the first page shows."""
    with pypdfium2.PdfDocument(path) as book:
        colours = book[0].render(scale=1).to_pil().convert("RGB").getcolors(1 << 24)
    return sum(count for count, (red, green, blue) in colours if red > 180 and green < 80 and blue < 90)


def test_a_docx_can_be_edited_and_has_the_measures_of_the_standard(made: Path) -> None:
    read = docx.Document(str(made / "plain.docx"))
    section = read.sections[0]
    measured = [section.page_width, section.page_height, section.top_margin, section.left_margin]
    assert [round(one.mm) for one in measured if one is not None] == [210, 297, 37, 28]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert int(grid.get(qn("w:linePitch"))) * 22 == pytest.approx(225 / 25.4 * 1440, abs=22)
    body = next(line for line in read.paragraphs if line.text.startswith("统计期内"))
    assert body.text == LONG * 4
    run = body.runs[0]
    assert run.font.size is not None
    assert run.font.size.pt == 16.0
    assert 'w:eastAsia="仿宋_GB2312"' in run._r.xml
    assert 'w:eastAsia="方正小标宋简体"' in read.paragraphs[0].runs[0]._r.xml
    rows = [[cell.text for cell in row.cells] for row in read.tables[0].rows]
    assert rows[0] == ["指标", "数值", "口径"]
    assert rows[40] == ["第39项", "39.50%", LONG]
    assert read.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer._element.xml


def test_a_character_without_a_shape_is_printed_as_a_gap_and_says_so(tmp_path: Path) -> None:
    api.write_pdf(api.Document("题", (api.Paragraph("甲\U0002f80a乙"),)), tmp_path / "gap.pdf")
    assert "甲〓乙" in pages(tmp_path / "gap.pdf")[0]
