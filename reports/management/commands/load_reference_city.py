"""`manage.py load_reference_city`: an invented city with the resolution's figures, to try the product on."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cells.organisations.models import Organisation
from config import clock
from reports import reference_city
from reports.reference_city.load import DEMO_PASSWORD, NotLoaded, load, logins


class Command(BaseCommand):
    help = "Nạp thành phố mẫu (dữ liệu không có thật) vào cơ sở dữ liệu trống, hoặc chỉ ghi ra tệp Excel."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="đã có tổ chức thì không làm gì")
        parser.add_argument("--write", type=Path, metavar="FILE.xlsx", help="chỉ ghi tệp Excel, không đụng dữ liệu")
        parser.add_argument(
            "--demo-accounts",
            action="store_true",
            help="tạo tài khoản mẫu chung một mật khẩu cả khi không chạy thử (DEVELOPMENT, DEBUG tắt)",
        )

    def handle(self, *, if_empty: bool, write: Path | None, demo_accounts: bool, **options) -> None:
        if write is not None:
            reference_city.write(write)
            self.stdout.write(f"Đã ghi {write}.")
            return
        if Organisation.objects.exists():
            if not if_empty:
                raise CommandError("Cơ sở dữ liệu đã có tổ chức; thành phố mẫu chỉ nạp vào cơ sở dữ liệu trống.")
        else:
            self._load(with_accounts=settings.LOCAL or demo_accounts)
        self._say_logins()

    def _load(self, *, with_accounts: bool) -> None:
        self.stdout.write("Đang nạp thành phố mẫu: 41 tổ chức cơ sở, 304 chi bộ, 7.894 đảng viên…")
        self.stdout.flush()
        try:
            load(today=clock.today(), with_accounts=with_accounts)
        except NotLoaded as error:
            raise CommandError(f"Không nạp được thành phố mẫu, chưa ghi gì:\n{error}") from error
        if not with_accounts:
            self.stdout.write("Không tạo tài khoản mẫu trên máy chủ thật; muốn có thì thêm --demo-accounts.")

    def _say_logins(self) -> None:
        rows = logins(clock.today())
        if not rows:
            return
        self.stdout.write(f"Đăng nhập thử, mật khẩu chung: {DEMO_PASSWORD}")
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            first = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False))
            self.stdout.write(f"  {first}  {row[3]}")
