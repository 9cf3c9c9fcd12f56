"""What becomes of the figures of a unit when it leaves; registered when the app is ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from cells.organisations.registry import Holding, register
from targets.models import Base, Quota, QuotaIssue, Sources


def _bases(organisations: Collection[int], day: dt.date) -> int:
    return Base.objects.filter(organisation__in=organisations, year=day.year).count()


def _quotas(organisations: Collection[int], day: dt.date) -> int:
    return Quota.objects.in_force().filter(organisation__in=organisations, year=day.year).count()


def _said_to_be_out(organisations: Collection[int], day: dt.date) -> int:
    """Accepted, or waiting for an answer."""
    words = Sources.objects.filter(organisation__in=organisations, year=day.year)
    return words.exhausted(day.year).count() + words.waiting().count()


def _issues(organisations: Collection[int], day: dt.date) -> int:
    return QuotaIssue.objects.filter(issuer__in=organisations, year=day.year).count()


for holding in (
    Holding("targets.Base.organisation", "Số đảng viên đầu năm", "giữ nguyên trong phạm vi đầu năm", _bases),
    Holding("targets.DeclaredResult.organisation", "Kết quả khai báo", "giữ nguyên trong phạm vi đầu năm"),
    Holding(
        "targets.Sources.organisation",
        "Báo hết nguồn trong năm, kể cả đang chờ trả lời",
        "giữ nguyên; lần báo đang chờ thì không trả lời nữa",
        _said_to_be_out,
        follows="giữ nguyên ở tổ chức cũ; tổ chức tiếp nhận tự báo nguồn của mình",
    ),
    Holding("targets.MissedReason.organisation", "Lý do không đạt chỉ tiêu", "giữ nguyên"),
    Holding(
        "targets.Quota.organisation", "Chỉ tiêu trong năm", "giữ nguyên; không cộng vào chỉ tiêu của cấp trên", _quotas
    ),
    Holding("targets.QuotaIssue.issuer", "Các lần giao chỉ tiêu trong năm", "giữ nguyên theo nơi giao", _issues),
):
    register(holding)
