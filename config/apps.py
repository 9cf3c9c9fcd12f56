"""The project itself as an application: its checks and its catalogue of messages."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Cấu hình"

    def ready(self) -> None:
        from config import catalogue, checks  # noqa: F401 - checks register themselves on import

        catalogue.compile_if_older()
