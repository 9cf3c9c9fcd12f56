from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "targets"
    verbose_name = "Chỉ tiêu và số liệu khai báo"

    def ready(self) -> None:
        from targets import (
            holdings,  # noqa: F401  what becomes of figures when their unit leaves
            sheets,  # noqa: F401  registers `So lieu dau nam`, `Chi tieu`, `Ket qua`
        )
