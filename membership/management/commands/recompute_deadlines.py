"""`manage.py recompute_deadlines`: rebuild the rows of all clocks from nothing; after rules or calendar changed."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from cells import vietnamese
from membership.deadlines import rows
from membership.models import Deadline


class Command(BaseCommand):
    help = "Tính lại mọi thời hạn từ các bước hồ sơ, quy định và lịch nghỉ."

    def handle(self, *args, **options) -> None:
        changed = rows.recompute()
        total = vietnamese.number(Deadline.objects.count())
        self.stdout.write(f"{vietnamese.number(changed)} thời hạn thay đổi; tất cả {total}.")
