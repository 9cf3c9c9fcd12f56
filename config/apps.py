"""The project itself as an application: its checks and its catalogue of messages."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Cấu hình"

    def ready(self) -> None:
        from config import catalogue, checks  # noqa: F401 - checks register themselves on import

        catalogue.compile_if_older()


class AdministrationConfig(admin.AdminConfig):
    """Django admin on our own site: one login page, pickers that name units, our log."""

    default = False
    default_site = "cells.administration.Site"
