"""`manage.py send_digest`: remind people of their work by mail, once a day; for a nightly timer."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import clock
from reports import digest


class Command(BaseCommand):
    help = "Gửi thư nhắc việc: chỉ số lượng và đường dẫn, mỗi người một thư một ngày."

    def handle(self, *args, **options) -> None:
        if not settings.SENDS_MAIL:
            self.stdout.write("Chưa cấu hình thư (EMAIL_URL, EMAIL_FROM, SITE_URL); không gửi gì.")
            return
        sent, failed = digest.send(clock.today())
        self.stdout.write(f"Đã gửi {sent} thư.")
        if failed:
            raise CommandError(f"{failed} thư không gửi được; lần chạy sau gửi lại.", returncode=1)
