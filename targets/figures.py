"""What every row of figures has: it belongs to a unit, and is seen by whoever sees the figures of that unit."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from cells.people.models import User


class FiguresQuerySet(models.QuerySet):
    """Rows of figures that belong to a unit."""

    def for_user(self, user: User, *, on: dt.date) -> Self:
        """Rows of the units whose figures `user` may see on `on`."""
        from cells.people import rights

        return self.filter(rights.organisations(user, rights.SEE_FIGURES, on=on))
