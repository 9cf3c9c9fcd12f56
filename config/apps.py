"""The project's own two applications: itself, and static files without the pieces nobody asks for."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Cấu hình"

    def ready(self) -> None:
        from config import catalogue, checks  # noqa: F401, PLC0415 - checks register themselves on import

        catalogue.compile_if_older()


class StaticConfig(StaticFilesConfig):
    """Leaves out of `collectstatic` the variants of Bootstrap no page loads; compressing them takes half the time."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap*.rtl*",
        "bootstrap-*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap.esm*",
    ]
