from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "membership"
    verbose_name = "Quần chúng ưu tú và đảng viên"

    def ready(self) -> None:
        from cells.rules import followers
        from membership import (
            directory,  # noqa: F401  members may be chosen for posts
            holdings,  # noqa: F401  what becomes of people when their unit leaves
            sheets,  # noqa: F401  registers `Dang vien` and `Quan chung`
        )
        from membership.deadlines import rows

        followers.register(rows.rules_changed)
