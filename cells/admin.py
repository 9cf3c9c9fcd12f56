"""Django looks here for the pages of Django admin; each lives with its own subject."""

from cells.bodies import admin as bodies
from cells.log import admin as log
from cells.organisations import admin as organisations
from cells.people import admin as people
from cells.rules import admin as rules

__all__ = ["bodies", "log", "organisations", "people", "rules"]
