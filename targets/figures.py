"""What every row of figures has: it belongs to a unit, and is seen by whoever sees the figures of that unit."""

from __future__ import annotations

import datetime as dt

from django.db import models


class FiguresQuerySet(models.QuerySet):
    """Rows of figures that belong to a unit."""

    def for_user(self, user, *, on: dt.date):
        """Rows of the units whose figures `user` may see on `on`."""
        from cells.people import rights

        return self.filter(rights.organisations(user, rights.SEE_FIGURES, on=on))
