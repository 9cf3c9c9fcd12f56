"""`manage.py freeze_base --organisation CODE --year Y`: the button «Chốt số đầu năm từ sổ» on the command line.

Without `--as` the system freezes, for every unit below; with it that account, for the units it declares for.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from cells import vietnamese
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.models import User
from cells.verdict import Refused
from config.clock import today
from targets.base import Freezing, freeze, preview, residuals

DONE, DIFFERS, WRONG = 0, 1, 2
#: differing units named one by one
NAMED = 20


class Command(BaseCommand):
    help = "Chốt số đảng viên ngày 01/01 từ sổ. Mã thoát: 0 xong, 1 sổ khác số đã chốt, 2 không chốt được."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", metavar="CODE", required=True, help="mã tổ chức; chốt cả bên dưới")
        parser.add_argument("--year", required=True, help="năm")
        parser.add_argument("--check", action="store_true", help="chỉ đếm, không ghi gì")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="người chốt; để trống là hệ thống")

    def handle(self, *, organisation: str, year: str, check: bool, username: str | None, **options) -> None:
        unit = Organisation.objects.filter(code=organisation).first()
        if unit is None:
            raise _wrong(f"Không có tổ chức mã «{organisation}».")
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise _wrong(f"Năm «{year}» không hợp lệ.")
        actor = _actor(username, unit) if username else None
        try:
            done = (preview if check else freeze)(unit, int(year), actor=actor, today=today())
        except Refused as refused:
            raise _wrong(refused.problems[0].message) from refused
        self._say(done, year, check=check)
        if done.differing:
            self._name_differing(unit, int(year))
            sys.exit(DIFFERS)

    def _say(self, done: Freezing, year: str, *, check: bool) -> None:
        deed = "Sẽ chốt" if check else "Đã chốt"
        self.stdout.write(f"{deed} số đầu năm {year} của {vietnamese.number(done.new)} tổ chức.")
        self.stdout.write(f"Đã có số từ trước, giữ nguyên: {vietnamese.number(done.held)}.")
        self.stdout.write(f"Không có sổ nên không chốt: {vietnamese.number(done.silent)}.")
        if check:
            self.stdout.write("Chỉ kiểm tra: không ghi gì.")

    def _name_differing(self, unit: Organisation, year: int) -> None:
        rows = residuals(unit, year).select_related("organisation").order_by("organisation__code")
        named = list(rows[: NAMED + 1])
        self.stderr.write("Sổ đã thay đổi sau khi chốt; dùng «Đính chính» trên màn hình:")
        for row in named[:NAMED]:
            numbers = f"đã chốt {vietnamese.number(row.used)}, sổ {vietnamese.number(row.registered)}"
            self.stderr.write(f"  {row.organisation.code}: {numbers}")
        if len(named) > NAMED:
            self.stderr.write("  …")


def _actor(username: str, unit: Organisation) -> User:
    """The account that freezes; it must declare for the unit, as on screen."""
    actor = User.objects.filter(username=username).first()
    if actor is None:
        raise _wrong(f"Không có tài khoản «{username}».")
    if not (actor.is_superuser or rights.may(actor, rights.DECLARE, unit.pk, on=today())):
        raise _wrong(f"Tài khoản «{username}» không có quyền {rights.CAPABILITIES[rights.DECLARE]} ở tổ chức này.")
    return actor


def _wrong(message: str) -> CommandError:
    return CommandError(message, returncode=WRONG)
