"""`manage.py import_workbook FILE.xlsx`: the door for workbooks (`workbooks.md`, "Commands")."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from cells.people.models import User
from cells.sheets.container import UnusableFile
from cells.sheets.load import Report, import_workbook
from config import clock

DONE, REFUSED, UNUSABLE = 0, 1, 2


class Command(BaseCommand):
    requires_system_checks = []  # they load every page of the product, which an import does not need
    help = "Nhập một tệp Excel. Mã thoát: 0 xong, 1 có dòng bị từ chối, 2 tệp không dùng được."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="file .xlsx")
        parser.add_argument("--check", action="store_true", help="làm tất cả rồi bỏ đi, để xem có lỗi không")
        parser.add_argument("--good-rows-only", action="store_true", help="ghi các dòng không lỗi")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="người nhập; để trống là hệ thống")

    def handle(self, *, file: Path, check: bool, good_rows_only: bool, username: str | None, **options) -> None:
        actor = User.objects.filter(username=username).first() if username else None
        if username and actor is None:
            self.stderr.write(f"Không có tài khoản «{username}».")
            sys.exit(UNUSABLE)
        try:
            report = import_workbook(file, actor=actor, today=clock.today(), check=check, good_rows_only=good_rows_only)
        except UnusableFile as error:
            self.stderr.write(str(error))
            sys.exit(UNUSABLE)
        self._say(report, check)
        if report.refusals:
            sys.exit(REFUSED)

    def _say(self, report: Report, check: bool) -> None:
        for refusal in report.refusals:
            self.stderr.write(str(refusal))
        for note in report.notes:
            self.stdout.write(note)
        for tally in report.tallies:
            self.stdout.write(f"{tally.sheet}: {tally}")
            for note in tally.notes:
                self.stdout.write(f"  {note}")
        if len(report.tallies) > 1:
            self.stdout.write(f"Tổng cộng: {report.total}")
        if check:
            self.stdout.write("Chỉ kiểm tra: không ghi gì.")
        elif not report.written:
            self.stdout.write(
                "Không ghi gì; sửa các ô trên rồi nhập lại, hoặc dùng --good-rows-only để ghi các dòng đúng."
            )
