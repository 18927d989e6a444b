"""A document as editable DOCX: the type area and the grid of lines and characters of GB/T 9704, official typefaces named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from city1361.platform.components.documents import measures as m
from city1361.platform.components.documents.terms import Document, Grid, Heading, Paragraph, RedHead

CENTRE, END, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
RED = RGBColor(*(round(one * 255) for one in m.RED))


def write_word(document: Document, path: Path) -> None:
    """Write it to `path`, readable by this account alone."""
    made = docx.Document()
    _page(made)
    _style(made)
    if document.head:
        _red_head(made, document.head)
    _line(made, document.title, CENTRE, name=m.BIAOSONG, size=m.TITLE_SIZE, leading=m.LEADING * 1.25)
    if document.note:
        _line(made, document.note, CENTRE, size=m.NOTE_SIZE, leading=m.NOTE_LEADING)
    for block in document.blocks:
        if isinstance(block, Heading):
            _line(made, block.text, indent=2, name=m.HEITI, heading=True)
        elif isinstance(block, Paragraph):
            _line(made, block.text, BOTH, indent=2)
        else:
            _table(made, block)
    for place, text in enumerate(one for one in (document.signed, document.dated) if one):
        line = _line(made, text, END, before=0 if place else m.LEADING)
        line.paragraph_format.right_indent = Pt(4 * m.BODY_SIZE)
    made.core_properties.title, made.core_properties.author = document.title, document.signed
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    made.save(str(path))


def _page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin, section.bottom_margin = Mm(26), Mm(35)
    section.footer_distance = Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(m.LEADING * 20)))
    grid.set(qn("w:charSpace"), str(round((m.PITCH - m.BODY_SIZE) * 4096)))
    made.settings.odd_and_even_pages_header_footer = True
    _folio(section.footer, END)
    _folio(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _folio(footer: Any, where: Any) -> None:
    """— 1 —, one character from the outer edge."""
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.alignment = where
    space = Pt(m.FOLIO_SIZE)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = space
    line.add_run("— ")
    run = line.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), (None, "1"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:t" if kind is None else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)
    line.add_run(" —")
    for one in line.runs:
        _type(one, m.SONGTI, m.FOLIO_SIZE)


def _style(made: Any) -> None:
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = m.LATIN, Pt(m.BODY_SIZE)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), m.FANGSONG)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    for part in made.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            named = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
                for name, other in m.ALTERNATIVES.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", f"{named}</w:fonts>".encode())


def _red_head(made: Any, head: RedHead) -> None:
    size = min(m.HEAD_SIZE, m.WIDTH / max(len(head.text), 1))
    _line(made, head.text, CENTRE, name=m.BIAOSONG, size=size, leading=m.LEADING * 2, colour=RED)
    last = _line(made, head.number, CENTRE, before=m.LEADING if head.number else 0)
    borders = OxmlElement("w:pBdr")
    under = OxmlElement("w:bottom")
    values = {"val": "single", "sz": "12", "space": "11", "color": str(RED)}
    for name, value in values.items():
        under.set(qn(f"w:{name}"), value)
    borders.append(under)
    last._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")
    _line(made, "")


def _line(
    made: Any, text: str, where: Any = None, *, name: str = m.FANGSONG, size: float = m.BODY_SIZE, leading: float = m.LEADING,
    indent: int = 0, before: float = 0, colour: Any = None, heading: bool = False,
) -> Any:  # fmt: skip
    line = made.add_paragraph()
    line.alignment = where
    form = line.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(leading)
    form.space_before = Pt(before)
    form.keep_with_next = heading
    if indent:
        form.first_line_indent = Pt(indent * size)
    if heading:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "0")
        line._p.get_or_add_pPr().append(level)
    run = line.add_run(text)
    _type(run, name, size)
    if colour is not None:
        run.font.color.rgb = colour
    return line


def _type(run: Any, name: str, size: float) -> None:
    run.font.name, run.font.size = m.LATIN, Pt(size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _table(made: Any, grid: Grid) -> None:
    table = made.add_table(rows=0, cols=len(grid.columns), style="Table Grid")
    table.autofit = False
    shares = sum(column.share for column in grid.columns)
    for place, row in enumerate((tuple(column.title for column in grid.columns), *grid.rows)):
        added = table.add_row()
        for column, cell, text in zip(grid.columns, added.cells, row, strict=True):
            cell.width = Pt(m.WIDTH * column.share / shares)
            line = cell.paragraphs[0]
            line.alignment = END if column.end else None
            line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            line.paragraph_format.line_spacing = Pt(m.CELL_LEADING)
            snap = OxmlElement("w:snapToGrid")
            snap.set(qn("w:val"), "0")
            line._p.get_or_add_pPr().insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:rPr")
            _type(line.add_run(text), m.FANGSONG if place else m.HEITI, m.CELL_SIZE)
        mark = OxmlElement("w:tblHeader" if place == 0 else "w:cantSplit")
        added._tr.get_or_add_trPr().append(mark)
    made.add_paragraph().paragraph_format.line_spacing = Pt(m.CELL_LEADING / 2)
