"""Checks of a server that is about to be used: `manage.py check --deploy`."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def production_is_production(app_configs, **kwargs) -> list[Error]:
    """The secrets themselves are refused by the settings at every start; what is left are the switches."""
    errors = []
    if settings.LOCAL:
        errors.append(
            Error(
                "DEBUG or DEVELOPMENT is on, so the known development secrets are in use.",
                hint="Unset both variables and give SECRET_KEY, LOG_KEY and ALLOWED_HOSTS.",
                id="config.E001",
            )
        )
    if settings.TODAY is not None:
        errors.append(
            Error(
                "TODAY is set, so every deadline and figure is computed for another day.",
                hint="Unset TODAY; it is for the reference city only.",
                id="config.E002",
            )
        )
    if settings.SECRET_KEY == settings.LOG_KEY:
        errors.append(
            Error(
                "LOG_KEY equals SECRET_KEY.",
                hint="Give two secrets: SECRET_KEY may change any day, LOG_KEY must stay for the log to be checked.",
                id="config.E003",
            )
        )
    return errors
