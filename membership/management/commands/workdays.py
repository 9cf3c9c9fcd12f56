"""`manage.py workdays DATE N`: the N-th working day after DATE, so that a clerk can check any clock."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from membership import workdays

MOST = 2500  # ten years: no legal time comes near
FIRST, LAST = dt.date(1976, 1, 1), dt.date(2100, 1, 1)


class Command(BaseCommand):
    help = "In ngày làm việc thứ N sau một ngày."
    # a negative N is refused by us, in Vietnamese; nobody passes an option that looks like a number
    missing_args_message = "Ghi ngày bắt đầu và số ngày làm việc, như: workdays 2024-10-03 60."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", help="ngày bắt đầu, yyyy-mm-dd; ngày này không tính")
        parser.add_argument("count", help="số ngày làm việc, từ 1")

    def handle(self, *args, **options) -> None:
        start, count = _day(options["date"]), _count(options["count"])
        calendar = workdays.calendar()
        found = calendar.add_workdays(start, count)
        told = workdays.warning(calendar.not_announced(start, found))
        if told:
            self.stderr.write(told)
        self.stdout.write(found.isoformat())


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise _wrong(f"«{text}» không phải là ngày; ghi như 2024-10-03.") from None
    if not FIRST <= day < LAST:
        raise _wrong(f"Ngày {text} nằm ngoài khoảng {FIRST.year}–{LAST.year - 1}.")
    return day


def _count(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise _wrong(f"«{text}» không phải là số ngày làm việc; ghi một số nguyên từ 1.")
    if text.startswith("-") or not 1 <= int(digits[:10]) <= MOST:
        raise _wrong(f"Số ngày làm việc phải từ 1 đến {MOST}.")
    return int(digits)


def _wrong(message: str) -> CommandError:
    return CommandError(message, returncode=2)
