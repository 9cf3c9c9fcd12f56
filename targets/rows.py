"""What the rows of every kind of figure share."""

from __future__ import annotations

import datetime as dt

from django.db import models

from cells.people import rights


class FiguresQuerySet(models.QuerySet):
    """Rows of figures that belong to a unit."""

    def for_user(self, user, *, on: dt.date):
        """Rows of the units whose figures `user` may see on `on`."""
        return self.filter(rights.organisations(user, rights.SEE_FIGURES, on=on))
