"""What the rows of every kind of figure share."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models

from cells.people import rights
from cells.people.models import User


class FiguresQuerySet(models.QuerySet):
    """Rows of figures that belong to a unit."""

    def for_user(self, user: User, *, on: dt.date) -> Self:
        """Rows of the units whose figures `user` may see on `on`."""
        return self.filter(rights.organisations(user, rights.SEE_FIGURES, on=on))
