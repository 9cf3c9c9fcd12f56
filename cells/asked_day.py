"""The day a page is asked of, `?on=`: read here, and kept by every link inside the product.

Rights are always those of today's posts; the day says which units stood, how they were called and what was so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest

from cells import vietnamese
from cells.vietnamese.reading import quote

PARAMETER = "on"


@dataclass(frozen=True)
class AskedDay:
    """`on` is the day shown (inclusive: as things stand at its end), `today` the day of the reader.

    `problem`: why it is not the day asked, as a sentence; "" where it is.
    """

    on: dt.date
    today: dt.date
    problem: str = ""

    @property
    def is_past(self) -> bool:
        return self.on < self.today

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def seen(self) -> dt.date | None:
        """For `rights.organisations(seen=…)`: the past day looked at, null today."""
        return self.on if self.is_past else None

    def keep(self, url: str) -> str:
        """`url` asked of the same day; as it is where that is today, or where it names a day itself."""
        return self.moved(url, self.on) if self.is_past and url else url

    def moved(self, url: str, day: dt.date) -> str:
        """`url` asked of `day`; a day it names already stays."""
        parts = urlsplit(url)
        if PARAMETER in parse_qs(parts.query, keep_blank_values=True):
            return url
        query = "&".join(part for part in (parts.query, f"{PARAMETER}={day.isoformat()}") if part)
        return parts._replace(query=query).geturl()

    def context(self) -> dict[str, Any]:
        """What the frame needs of a page that answers for the day asked."""
        return {"asked_day": self, "today": self.on, "can_choose_day": True}


def asked_day(request: HttpRequest, today: dt.date, *, ahead: bool = False) -> AskedDay:
    """The day `request` asks for: 2022-12-31 as the chooser sends it, or as people type it.

    Nonsense and, unless `ahead`, days to come are answered with today and a sentence.
    """
    text = vietnamese.clean(request.GET.get(PARAMETER, ""))
    if not text:
        return AskedDay(today, today)
    try:
        day, precision = vietnamese.parse_date(text, today=today)
    except vietnamese.WrongValue:
        return _instead(today, f"{quote(text)} không phải là một ngày")
    if precision != vietnamese.Precision.DAY:
        return _instead(today, f"{quote(text)} chưa đủ ngày, tháng, năm")
    if day > today and not ahead:
        return _instead(today, f"Ngày {vietnamese.day(day)} chưa đến")
    return AskedDay(day, today)


def _instead(today: dt.date, why: str) -> AskedDay:
    return AskedDay(today, today, f"{why}; trang này đang là của hôm nay, {vietnamese.day(today)}.")
