"""What becomes of the figures of a unit when it leaves; registered when the app is ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from cells.organisations.registry import Holding, register
from targets.models import Base, Quota


def _bases(organisations: Collection[int], day: dt.date) -> int:
    return Base.objects.filter(organisation__in=organisations, year=day.year).count()


def _quotas(organisations: Collection[int], day: dt.date) -> int:
    return Quota.objects.in_force().filter(organisation__in=organisations, year=day.year).count()


for holding in (
    Holding("targets.Base.organisation", "Số đảng viên đầu năm", "giữ nguyên trong phạm vi đầu năm", _bases),
    Holding("targets.DeclaredResult.organisation", "Kết quả khai báo", "giữ nguyên trong phạm vi đầu năm"),
    Holding("targets.Sources.organisation", "Còn nguồn, hết nguồn", "giữ nguyên"),
    Holding(
        "targets.Quota.organisation", "Chỉ tiêu trong năm", "giữ nguyên; không cộng vào chỉ tiêu của cấp trên", _quotas
    ),
    Holding("targets.QuotaIssue.issuer", "Các lần giao chỉ tiêu", "giữ nguyên theo nơi giao"),
):
    register(holding)
