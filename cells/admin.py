"""Django looks here for the pages of Django admin; each lives with its own subject."""

from cells.log import admin as log
from cells.organisations import admin as organisations
from cells.people import admin as people
from cells.rules import admin as rules

__all__ = ["log", "organisations", "people", "rules"]
