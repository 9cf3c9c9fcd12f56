"""`manage.py report KEY`: any table of the product on the command line (`workbooks.md`)."""

from __future__ import annotations

import datetime as dt
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cells import vietnamese
from cells.organisations.models import Organisation
from config.clock import today
from reports import output, period
from reports.figures.standing import CURRENT, OPENING
from reports.tables import TABLES, Question, Table
from targets.quotas.models import ADJUSTED, VERSIONS


class Command(BaseCommand):
    help = "In một bảng số liệu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", nargs="?", help="mã bảng, xem --list")
        parser.add_argument("--list", action="store_true", help="các bảng có thể in")
        parser.add_argument("--organisation", help="mã tổ chức; mặc định là tổ chức cao nhất")
        parser.add_argument("--year", help="năm")
        parser.add_argument("--from", dest="first", help="ngày đầu kỳ, yyyy-mm-dd hoặc dd/mm/yyyy")
        parser.add_argument("--to", dest="last", help="ngày cuối kỳ, yyyy-mm-dd hoặc dd/mm/yyyy")
        parser.add_argument("--on", help="tính đến ngày, yyyy-mm-dd hoặc dd/mm/yyyy")
        parser.add_argument(
            "--rows", default="", help="dòng của bảng, nơi chọn được (cohort: units, introducers, strata)"
        )
        parser.add_argument("--scope", choices=(OPENING, CURRENT), default=OPENING)
        parser.add_argument(
            "--quotas", choices=tuple(VERSIONS), default=ADJUSTED, help="chỉ tiêu giao lần đầu, hay đã điều chỉnh"
        )
        parser.add_argument("--rounding", choices=("half-up", "truncate"), default="half-up")
        parser.add_argument("--format", dest="form", choices=output.FORMATS, default="json")
        parser.add_argument("--output", help="ghi vào tệp thay vì in ra")

    def handle(self, *args, **options) -> None:
        if options["list"]:
            for table in TABLES.values():
                self.stdout.write(f"{table.key:<16} {table.title}")
            return
        table = TABLES.get(options["key"] or "")
        if table is None:
            raise _wrong(f"Không có bảng «{options['key'] or ''}». Các bảng: {', '.join(TABLES)}.")
        question = _question(options, table)
        if table.one_year and len(question.period.years) > 1:
            raise _wrong(f"Bảng «{table.key}» tính theo số đầu năm: chọn kỳ nằm trong một năm, hoặc dùng bảng «years».")
        answer = table.answer(question)
        content = output.write(table, question, answer, form=options["form"], rounding=options["rounding"])
        self._put(content, options)

    def _put(self, content: bytes, options: dict) -> None:
        if options["output"]:
            Path(options["output"]).write_bytes(content)
        elif options["form"] in ("json", "csv"):
            self.stdout.write(content.decode(), ending="")
        else:
            sys.stdout.buffer.write(content)


def _question(options: dict, table: Table) -> Question:
    now = today()
    on = _day(options["on"], "--on", now) or now
    try:
        asked = _period(options, on, now)
    except period.NoPeriod as error:
        raise _wrong(str(error)) from error
    rows = options["rows"]
    if rows and rows not in table.row_choices:
        choices = ", ".join(choice for choice in table.row_choices if choice) or "không có"
        raise _wrong(f"Bảng «{table.key}» không có dòng «{rows}»; chọn được: {choices}.")
    seen = on if table.looks_on else min(on, asked.last)
    return Question(
        _organisation(options["organisation"], asked), asked, seen, options["scope"], rows, options["quotas"]
    )


def _period(options: dict, on: dt.date, now: dt.date) -> period.Period:
    first, last = _day(options["first"], "--from", now), _day(options["last"], "--to", now)
    if options["year"] and (first or last):
        raise _wrong("Chọn --year, hoặc --from và --to.")
    if first or last:
        if not (first and last):
            raise _wrong("Cần cả --from và --to.")
        return period.between(first, last, on, today=now)
    year = options["year"] or str(on.year)
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise _wrong(f"Năm «{year}» không hợp lệ.")
    return period.of_year(int(year), on, today=now)


def _day(value: str | None, option: str, now: dt.date) -> dt.date | None:
    """A whole day, as 2024-10-15 or 15/10/2024."""
    if not value:
        return None
    try:
        day, precision = vietnamese.parse_date(value, today=now)
    except vietnamese.WrongValue as error:
        raise _wrong(f"{option}: «{value}» không phải là ngày (yyyy-mm-dd hoặc dd/mm/yyyy).") from error
    if precision != vietnamese.Precision.DAY:
        raise _wrong(f"{option}: «{value}» thiếu ngày; ghi yyyy-mm-dd hoặc dd/mm/yyyy.")
    return day


def _organisation(code: str | None, asked: period.Period) -> Organisation:
    if code:
        found = Organisation.objects.filter(code=code).first()
        if found is None:
            raise _wrong(f"Không có tổ chức mã «{code}».")
        return found
    top = Organisation.objects.top_on(asked.last).first()
    if top is None:
        raise _wrong("Chưa có tổ chức nào; nhập sheet «To chuc» trước.")
    return top


def _wrong(message: str) -> CommandError:
    return CommandError(message, returncode=2)
