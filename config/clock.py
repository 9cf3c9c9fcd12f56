"""The only reader of the clock. Views and commands call it; everything below them takes the day as an argument."""

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day the product works on: the setting TODAY where one is given, else the calendar day in Vietnam."""
    return settings.TODAY or timezone.localdate()


def is_moved() -> bool:
    """Whether the day was set by hand (the reference city), which every page must then say."""
    return settings.TODAY is not None
