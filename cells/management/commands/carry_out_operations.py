"""`manage.py carry_out_operations`: do the works on the structure whose day has come; for a nightly timer."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from cells import vietnamese
from cells.organisations.reorganise.models import WaitingOperation
from cells.organisations.reorganise.waiting import carry_out
from config import clock


class Command(BaseCommand):
    help = "Thực hiện các việc sắp xếp tổ chức đã đến ngày có hiệu lực."

    def handle(self, *args, **options) -> None:
        rows = carry_out(today=clock.today())
        for row in rows:
            said = f"{vietnamese.day(row.day)} {row.get_work_display()} {row.item['code']}"
            done = row.state == WaitingOperation.State.DONE
            self.stdout.write(f"{said}: {'đã thực hiện' if done else row.problem}")
        if not rows:
            self.stdout.write("Không có việc nào đến ngày.")
