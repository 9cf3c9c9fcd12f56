from django.apps import AppConfig


class CellsConfig(AppConfig):
    name = "cells"
    verbose_name = "Tổ chức, người và quyền"

    def ready(self) -> None:
        from cells.organisations import (
            holdings,  # noqa: F401  what becomes of places, posts and log entries when a unit leaves
            sheets,  # noqa: F401  registers the sheets `To chuc` and `Sap xep`
        )
