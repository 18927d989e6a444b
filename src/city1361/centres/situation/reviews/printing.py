"""A review as a document to be printed or edited."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from city1361.base.kernel import clock
from city1361.centres.execution.api import PeriodKind, period_at, period_words
from city1361.centres.situation.layout import red_heads
from city1361.centres.situation.reviews.reviewed import Review, Table
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.components.documents import api as documents


def printed(review: Review) -> documents.Document:
    """The same sentences and numbers as on the page, in the order of the page."""
    blocks: list[documents.Heading | documents.Paragraph | documents.Grid] = []
    for place, section in enumerate(review.sections):
        blocks.append(documents.Heading(f"{documents.NUMERALS[place]}、{section.heading}"))
        blocks += [documents.Paragraph(sentence) for sentence in section.sentences]
        if section.table:
            blocks.append(_grid(section.table))
    today = period_words(period_at(PeriodKind.DAY, clock.now()))
    return documents.Document(
        title=review.title,
        blocks=tuple(blocks),
        note=_note(review),
        signed=review.responsible,
        dated=today,
        head=_head(review),
    )


def _note(review: Review) -> str:
    said = _("（{period}）").format(period=period_words(review.period))
    return said + _("演示系统，含合成示例数据") if settings.DEMONSTRATION else said


def _grid(table: Table) -> documents.Grid:
    columns = tuple(documents.Column(one.title, one.share, one.end) for one in table.columns)
    return documents.Grid(columns, tuple(tuple(cell.text for cell in row) for row in table.rows))


def _head(review: Review) -> documents.RedHead | None:
    """Only where the instance declares one for this very area."""
    declared = red_heads().get(areas.area(review.area.id).code)
    if declared is None:
        return None
    return documents.RedHead(declared.text, declared.number.replace("{year}", str(clock.now().year)))
