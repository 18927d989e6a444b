"""Reviews: page, PDF and DOCX tell the figures of the boards, number by number; corrected ones say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import docx
import pypdfium2
import pytest
from django.core.exceptions import ObjectDoesNotExist

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing, TooMany
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.models import Matter
from city1361.centres.situation import api, layout
from city1361.centres.situation.models import ReviewDocument
from city1361.centres.situation.presentation import value_words
from city1361.centres.situation.reviews.reviewed import Review
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.components.documents.api import DocumentFormat
from tests import cast
from tests.centres.execution import matters
from tests.centres.situation import published

pytestmark = pytest.mark.django_db
SYSTEM = By.system("封存")
CITY, DISTRICT, TOWN = cast.CITY_DUTY_OFFICER, cast.DISTRICT_DUTY_OFFICER, cast.TOWN_DUTY_OFFICER


def reviewed(who: str, period: execution.Period, **more: Any) -> Review:
    with matters.seen_by(who) as asking:
        return api.review(scope=asking["scope"], period=period, **more)


def written(who: str, period: execution.Period, kind: DocumentFormat) -> Path:
    by = cast.by(who)
    area = reviewed(who, period).area.id
    asked = api.review_make(by=by, area=area, period=period, format=kind)
    api.review_write(asked.id)
    with matters.seen_by(who):
        return api.review_file(by=by, review_id=asked.id)[1]


def text_of_pdf(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as book:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in book)


def everything(review: Review) -> Iterator[str]:
    """Every sentence and every cell."""
    for section in review.sections:
        yield from section.sentences
        for row in section.table.rows if section.table else ():
            yield from (cell.text for cell in row if cell.text)


def test_page_pdf_and_docx_tell_the_published_month_at_every_level() -> None:
    period = published.fill()
    api.fold()
    api.period_close(by=SYSTEM, period=period)
    for who in (CITY, DISTRICT, TOWN):
        review = reviewed(who, period)
        said = "".join(review.sections[0].sentences)
        for words in (
            "上报事件1,054件",
            "立案996件",
            "立案率94.50%",
            "应结案972件",
            "办结率93.72%（911/972），解决率暂无（0/0）",
        ):
            assert words in said, (who, words)
        with matters.seen_by(who) as asking:
            board = api.figures(scope=asking["scope"], period=period)
        shown = {row[0].text: row[1].text for row in table_of(review, "指标与上期比较")}
        for one in board.figures:
            if one.label in shown:
                assert shown[one.label] == value_words(one.value, one.unit), one.code
        left_out = {row[0].text: [cell.text for cell in row[1:]] for row in table_of(review, "剔除前后的比率")}
        assert left_out["办结率"] == ["93.72%", "91.10%", "作废20件，挂账8件，延期0件"]
        defined = table_of(review, "口径和责任单位")
        assert all(cell.text for row in defined for cell in row)
    html = cast.client(TOWN).get(f"/situation/reviews/?period={period.text}").content.decode()
    assert "93.72%" in html
    pdf = text_of_pdf(written(TOWN, period, DocumentFormat.PDF))
    book = docx.Document(str(written(TOWN, period, DocumentFormat.DOCX)))
    cells = {cell.text for table in book.tables for row in table.rows for cell in row.cells}
    written_words = cells | {line.text for line in book.paragraphs}
    for sentence in everything(reviewed(TOWN, period)):
        assert sentence in written_words
        assert "".join(sentence.split()) in pdf
    assert "〓" not in pdf
    assert "演示系统，含合成示例数据" in pdf


def table_of(review: Review, heading: str) -> Any:
    section = next(one for one in review.sections if one.heading == heading)
    assert section.table is not None
    return section.table.rows


def test_each_number_of_a_review_opens_as_many_rows() -> None:
    period = published.fill()
    api.fold()
    opened = 0
    for row in table_of(reviewed(CITY, period), "指标与上期比较"):
        match = re.fullmatch(r"([\d,]+)/([\d,]+)", row[2].text)
        if row[1].address.startswith("/desk/") and match:
            for number, address in zip(match.groups(), (row[1].address, row[2].address), strict=True):
                assert counted(address) == int(number.replace(",", "")), row[0].text
                opened += 1
    assert opened >= 8


def counted(address: str) -> int:
    query: dict[str, Any] = dict(parse_qsl(urlsplit(address).query))
    with matters.seen_by(CITY) as asking:
        return execution.counted(**asking, **query)


def test_a_corrected_figure_says_what_was_told_before_and_a_kept_period_keeps_its_stock() -> None:
    period = published.fill()
    api.fold()
    api.period_close(by=SYSTEM, period=period)
    kept = reviewed(TOWN, period).sections[0].sentences
    assert "更正" not in [one.heading for one in reviewed(TOWN, period).sections if one.table]
    with database.scoped(Scope.everything()):
        some = Matter.objects.filter(state="closed").values_list("id", flat=True)[:9]
        Matter.objects.filter(pk__in=list(some)).update(state="handling", result="", closed_at=None, rework_count=1)
    api.fold()
    review = reviewed(TOWN, period)
    shown = {row[0].text: row[1].text for row in table_of(review, "指标与上期比较")}
    assert shown["办结率"] == "92.80%（更正，原公布93.72%）"
    corrected = {row[1].text: [cell.text for cell in row[2:4]] for row in table_of(review, "更正")}
    assert corrected["办结率"] == ["93.72%", "92.80%"]
    assert review.sections[0].sentences[3] == kept[3]
    assert "封存" in review.sections[0].sentences[-1]
    following = execution.period_of(period.kind, period.after)
    assert "93.72%" in [row[2].text for row in table_of(reviewed(TOWN, following), "更正")]


def test_a_file_is_its_makers_alone_evidenced_and_goes_after_a_week() -> None:
    day = execution.period_now(execution.PeriodKind.DAY).before
    matters.handling()
    path = written(TOWN, day, DocumentFormat.DOCX)
    with matters.seen_by(TOWN):
        mine = api.review_files(by=cast.by(TOWN))[0]
    assert (mine.state, mine.period, len(mine.digest)) == (api.ReviewState.REVIEW_READY, day.text, 64)
    with database.scoped(Scope.everything()):
        told = evidence.entries_about("review_document", mine.id)
    assert [entry.facts["sha256"] for entry in told if "sha256" in entry.facts] == [mine.digest]
    got: Any = cast.client(TOWN).get(f"/situation/reviews/files/{mine.id}/")
    assert b"".join(got.streaming_content) == path.read_bytes()
    assert cast.client(DISTRICT).get(f"/situation/reviews/files/{mine.id}/").status_code == 404
    with matters.seen_by(DISTRICT), pytest.raises((Missing, ObjectDoesNotExist)):
        ReviewDocument.objects.get(pk=mine.id)
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert api.expire_reviews() == 1
    assert not path.exists()


def test_only_ones_own_areas_and_only_three_at_a_time() -> None:
    day = execution.period_now(execution.PeriodKind.DAY).before
    city, town = reviewed(CITY, day).area.id, reviewed(TOWN, day).area.id
    for area, who in ((city, TOWN), (town, cast.SIBLING_DUTY_OFFICER)):
        with pytest.raises(Missing):
            api.review_make(by=cast.by(who), area=area, period=day, format=DocumentFormat.PDF)
        assert cast.client(who).get(f"/situation/reviews/?area={area}").status_code == 404
    for _ in range(3):
        api.review_make(by=cast.by(TOWN), area=town, period=day, format=DocumentFormat.PDF)
    with pytest.raises(TooMany):
        api.review_make(by=cast.by(TOWN), area=town, period=day, format=DocumentFormat.PDF)
    page = cast.client(TOWN).post("/situation/reviews/make/", {"area": town, "period": day.text, "format": "pdf"})
    assert page.status_code == 302
    assert cast.client(TOWN).post("/situation/reviews/make/", {"area": town, "format": "exe"}).status_code == 422
    assert cast.client(cast.RESIDENT).get("/situation/reviews/").status_code == 404


def test_every_length_has_its_page_and_a_running_period_says_that_it_runs() -> None:
    matters.handling()
    api.fold()
    for kind, title in (("DAY", "日复盘"), ("WEEK", "周复盘"), ("MONTH", "月复盘")):
        period = execution.period_now(execution.PeriodKind[kind])
        for who in (CITY, DISTRICT, TOWN):
            html = cast.client(who).get(f"/situation/reviews/?period={period.text}").content.decode()
            assert title in html
            assert "本期尚未结束" in html
    assert "复盘" in cast.client(TOWN).get("/situation/").content.decode()


def test_a_red_head_stands_only_where_the_instance_declares_one(tmp_path: Path) -> None:
    assert layout.load_reviews(tmp_path) == "版头0个"
    code = cast_code()
    (tmp_path / "reviews.yaml").write_text(
        f"red_heads:\n  - {{area: '{code}', text: 某镇治理中心文件, number: '某治〔{{year}}〕 号'}}\n", "utf-8"
    )
    assert layout.check_reviews(tmp_path) == []
    assert layout.load_reviews(tmp_path) == "版头1个"
    day = execution.period_now(execution.PeriodKind.DAY).before
    lines = [line.text for line in docx.Document(str(written(TOWN, day, DocumentFormat.DOCX))).paragraphs]
    assert lines[:2] == ["某镇治理中心文件", f"某治〔{clock.now().year}〕 号"]
    assert "复盘" in docx.Document(str(written(DISTRICT, day, DocumentFormat.DOCX))).paragraphs[0].text
    (tmp_path / "reviews.yaml").write_text("red_heads:\n  - {area: '1'}\n", "utf-8")
    assert layout.check_reviews(tmp_path)


def cast_code() -> str:
    day = execution.period_now(execution.PeriodKind.DAY)
    return areas.area(reviewed(TOWN, day).area.id).code
