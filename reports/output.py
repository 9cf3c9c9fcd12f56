"""A table out of the product: JSON, CSV, Excel, Word. The same answer, printed four ways."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from xlsxwriter import Workbook

from cells import vietnamese
from reports.figures.scopes import Both
from reports.figures.standing import CURRENT, OPENING, SCOPES
from reports.figures.values import SOURCES
from reports.tables import Answer, Column, Question, Table
from reports.tables.table import Row
from reports.tables.thresholds import FINDINGS
from targets.quotas.models import ORIGINAL, VERSIONS

FORMATS = ("json", "csv", "xlsx", "docx")
#: kinds of numbers that are exact without being whole or a share of one
EXACT = ("exact", "exact_difference")
YES_NO = {True: "Đạt", False: "Chưa đạt"}
NAMES_OF_TOTALS = {
    "mean_rate": "Bình quân các tỷ lệ năm (năm đã hết)",
    "pooled_rate": "Tỷ lệ chung các năm (năm đã hết)",
    "children_admission_quota": "Cấp dưới cộng lại",
    "admission_difference": "Chênh lệch so với chỉ tiêu được giao",
    "quotas_below": "Cấp dưới cộng lại",
    "quota_difference": "Chênh lệch so với chỉ tiêu được giao",
    "units_missed": "Số đơn vị không đạt chỉ tiêu",
    "units_missed_twice": "Trong đó từ hai năm liền trở lên",
    "lost": "Số người xóa tên, xin ra, khai trừ",
    "units_without_admission": "Số đơn vị chưa kết nạp",
    "units_without_candidates": "Trong đó chưa theo dõi ai",
    "units_following_nobody": "Số đơn vị chưa theo dõi ai",
    **{f"units_{finding}": said for finding, said in FINDINGS.items()},
    "units_at_risk": "Số đơn vị có nguy cơ không đạt chỉ tiêu",
    "units_divided": "Trong đó đã có tổ đảng",
}


def write(table: Table, question: Question, answer: Answer, *, form: str, rounding: str = "half-up") -> bytes:
    """The table as a file of the format `form` (one of FORMATS)."""
    if form == "json":
        return json.dumps(as_json(table, question, answer, rounding), ensure_ascii=False, indent=1).encode() + b"\n"
    return {"csv": _csv, "xlsx": _xlsx, "docx": _docx}[form](table, question, answer, rounding)


def as_json(table: Table, question: Question, answer: Answer, rounding: str) -> dict[str, Any]:
    """The promise of `workbooks.md`: integers, exact and printed rates, null for missing."""
    columns = table.columns_of(question)
    more = [Column(key, name) for key, name in NAMES_OF_TOTALS.items() if key in answer.total]
    return {
        "key": table.key,
        "title": table.title,
        "organisation": question.organisation.code,
        "from": question.period.start.isoformat(),
        "to": question.period.last.isoformat(),
        "on": question.on.isoformat(),
        "scope": question.scope,
        **({"quotas": question.quotas} if table.has_quotas else {}),
        "columns": [column.key for column in columns],
        "rows": [_json_row(row, columns, rounding) for row in answer.rows],
        "total": _json_row(answer.total, [*columns, *more], rounding),
        "scopes": [_json_scopes(one, rounding) for one in answer.scopes if one.differ],
        "notes": [*answer.notes, *(one.text for one in answer.told), *answer.rules],
    }


def notes(answer: Answer) -> list[str]:
    """What is told under a table in a file, in the order of the page; scopes that agree need no word there."""
    scopes = [one.text() for one in answer.scopes if one.differ]
    return [*answer.notes, *scopes, *(one.text for one in answer.told), *answer.rules]


def _json_scopes(both: Both, rounding: str) -> dict[str, Any]:
    rates = {OPENING: both.opening, CURRENT: both.current}
    told = {
        scope: {"admitted": rate.admitted, "base": rate.base, "rate": _json_value(rate.share, rounding)}
        for scope, rate in rates.items()
        if rate
    }
    return {"year": both.year, **told, "sentence": both.sentence()}


def _json_row(row: Row, columns: Sequence[Column], rounding: str) -> dict[str, Any]:
    return {column.key: _json_value(row.get(column.key), rounding, column.kind) for column in columns}


def _json_value(value: Any, rounding: str, kind: str = "rate") -> Any:
    """A rate is printed in hundredths, another exact number as it is."""
    if isinstance(value, Fraction):
        printed = value if kind in EXACT else value * 100
        return {
            "exact": f"{value.numerator}/{value.denominator}",
            "printed": vietnamese.decimal_text(printed, 2, rounding),
        }
    return value.isoformat() if isinstance(value, dt.date) else value


def text(column: Column, value: Any, rounding: str = "half-up") -> str:
    """A value as a reader sees it: 7.894, 3,50%, Đạt, "–" for what is missing."""
    if value is None:
        return vietnamese.NOTHING
    if column.kind == "rate":
        return vietnamese.percent(value, 2, rounding)
    if column.kind == "yes_no":
        return str((column.words or YES_NO)[value])
    if column.kind == "source":
        return SOURCES.get(value, value)
    if column.kind == "count":
        return vietnamese.number(value)
    if column.kind == "difference":
        return vietnamese.signed(value)
    if column.kind in EXACT:
        sign = "+" if column.kind == "exact_difference" and value > 0 else ""
        return sign + vietnamese.decimal_text(value, 2, rounding)
    if column.kind == "date":
        return vietnamese.day(value)
    return str(column.words.get(value, value))


def heading(table: Table, question: Question) -> str:
    """One sentence: the days and the scope of a table."""
    if table.of_day:
        return f"Theo sổ, ngày {vietnamese.day(question.on)}."
    given = f", {VERSIONS[ORIGINAL]}" if table.has_quotas and question.quotas == ORIGINAL else ""
    if question.rows and table.looks_on:
        first, last = vietnamese.day(question.period.start), vietnamese.day(question.period.last)
        return f"Kết nạp từ {first} đến {last}, tính đến {vietnamese.day(question.on)}, {SCOPES[question.scope]}."
    if table.looks_back:
        return f"Tính đến {vietnamese.day(question.on)}, {SCOPES[question.scope]}{given}."
    first, last = vietnamese.day(question.period.start), vietnamese.day(question.period.last)
    alone = " Không kể đơn vị bên dưới." if question.alone else ""
    return f"Từ {first} đến {last}, tính đến {vietnamese.day(question.on)}, {SCOPES[question.scope]}{given}.{alone}"


def _lines(columns: Sequence[Column], answer: Answer) -> Iterator[Row]:
    first = columns[0].key
    yield from answer.rows
    yield {**answer.total, first: answer.total.get(first) or "Tổng"}


def _extras(answer: Answer) -> list[tuple[str, Any]]:
    return [(name, answer.total[key]) for key, name in NAMES_OF_TOTALS.items() if answer.total.get(key) is not None]


def _csv(table: Table, question: Question, answer: Answer, rounding: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    columns = table.columns_of(question)
    writer.writerow([column.title for column in columns])
    for row in _lines(columns, answer):
        writer.writerow([_safe(text(column, row.get(column.key), rounding)) for column in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _safe(cell: str) -> str:
    """Excel must not take a text for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@" and not cell[1:2].isdigit() else cell


def _xlsx(table: Table, question: Question, answer: Answer, rounding: str) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(table.key[:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter", "bg_color": "#f6f5f2"})
    formats = {
        "count": book.add_format({"num_format": "#,##0", "border": 1}),
        "difference": book.add_format({"num_format": "+#,##0;-#,##0;0", "border": 1}),
        "exact": book.add_format({"num_format": "#,##0.00", "border": 1}),
        "exact_difference": book.add_format({"num_format": "+#,##0.00;-#,##0.00;0.00", "border": 1}),
        "rate": book.add_format({"num_format": "0.00%", "border": 1}),
        "date": book.add_format({"num_format": "dd/mm/yyyy", "border": 1, "align": "left"}),
        "text": book.add_format({"border": 1, "text_wrap": True}),
    }
    sheet.write_string(0, 0, table.title, bold)
    sheet.write_string(1, 0, heading(table, question))
    columns = table.columns_of(question)
    for place, column in enumerate(columns):
        sheet.write_string(3, place, column.title, head)
        sheet.set_column(place, place, 34 if column.key == "name" or column.kind == "sentence" else 13)
    line = 4
    for line, row in enumerate(_lines(columns, answer), start=4):
        for place, column in enumerate(columns):
            _write_cell(sheet, line, place, column, row.get(column.key), formats, rounding)
    for name, value in _extras(answer):
        line += 1
        sheet.write_string(line, 0, name)
        sheet.write(
            line,
            2,
            float(value) if isinstance(value, Fraction) else value,
            formats["rate" if isinstance(value, Fraction) else "count"],
        )
    for note in notes(answer):
        line += 1
        sheet.write_string(line, 0, note)
    sheet.freeze_panes(4, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.close()
    return out.getvalue()


def _write_cell(sheet, line: int, place: int, column: Column, value: Any, formats: dict, rounding: str) -> None:
    """Real numbers and real rates; text where there is none."""
    if isinstance(value, Fraction):
        sheet.write_number(line, place, float(value), formats[column.kind if column.kind in EXACT else "rate"])
    elif isinstance(value, int) and column.kind in ("count", "difference"):
        sheet.write_number(line, place, value, formats[column.kind])
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, place, dt.datetime.combine(value, dt.time()), formats["date"])
    else:
        sheet.write_string(line, place, text(column, value, rounding), formats["text"])


def _docx(table: Table, question: Question, answer: Answer, rounding: str) -> bytes:
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.styles["Normal"].font.name = "Times New Roman"
    document.add_heading(table.title, 1)
    document.add_paragraph(f"{answer.total.get('name') or question.organisation.code}. {heading(table, question)}")
    columns = table.columns_of(question)
    lines = list(_lines(columns, answer))
    grid = document.add_table(rows=1 + len(lines), cols=len(columns), style="Table Grid")
    for place, column in enumerate(columns):
        grid.rows[0].cells[place].text = column.title
    for row, line in zip(grid.rows[1:], lines, strict=True):
        for cell, column in zip(row.cells, columns, strict=True):
            cell.text = text(column, line.get(column.key), rounding)
    for name, value in _extras(answer):
        printed = vietnamese.percent(value, 2, rounding) if isinstance(value, Fraction) else vietnamese.number(value)
        document.add_paragraph(f"{name}: {printed}")
    for note in notes(answer):
        document.add_paragraph(note)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
