"""The mail that reminds people of their work: counts and links, never a name (`requirements.md`, 20)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.urls import reverse

from cells import vietnamese
from cells.log.write import record
from cells.people.models import User
from membership.models import Deadline
from reports import worklist

SOON = 7


@dataclass(frozen=True)
class Digest:
    """How much work a reader has on the day; `late_elsewhere`: overdue among the people they see, with others."""

    overdue: int
    soon: int
    others: int
    late_elsewhere: int

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.soon or self.others or self.late_elsewhere)


def digest_of(user: User, today: dt.date) -> Digest:
    left = [item.days_left(today) for item in worklist.of(user, today).due]
    overdue = sum(days is not None and days < 0 for days in left)
    soon = sum(days is not None and 0 <= days <= SOON for days in left)
    late = Deadline.objects.for_user(user, on=today).overdue(today).count()
    return Digest(overdue, soon, len(left) - overdue - soon, max(0, late - overdue))


def send(today: dt.date) -> tuple[int, int]:
    """Mail everybody with an address who has something to do and was not mailed that day: (sent, failed).

    Who is being mailed is marked first, so that two runs at once send one mail; a mail that failed is sent by the
    next run.
    """
    sent = failed = 0
    for user in User.objects.filter(is_active=True).exclude(email="").filter(_not_yet(today)).order_by("pk"):
        found = digest_of(user, today)
        if found.is_empty or not User.objects.filter(_not_yet(today), pk=user.pk).update(digest_on=today):
            continue
        try:
            send_mail(subject(found, today), body(found), None, [user.email])
            sent += 1
        except OSError:  # the mail server; the next run tries again
            User.objects.filter(pk=user.pk).update(digest_on=user.digest_on)
            failed += 1
    if sent:
        record("send_digest", actor=None, subject="user", count=sent)
    return sent, failed


def subject(found: Digest, today: dt.date) -> str:
    late = f": {found.overdue} việc quá hạn" if found.overdue else ""
    return f"Việc cần làm ngày {vietnamese.day(today)}{late}"


def body(found: Digest) -> str:
    lines = [
        ("Quá hạn", found.overdue),
        (f"Đến hạn trong {SOON} ngày", found.soon),
        ("Việc khác", found.others),
        ("Quá hạn, đang chờ nơi khác", found.late_elsewhere),
    ]
    told = "\n".join(f"- {title}: {vietnamese.number(number)}" for title, number in lines if number)
    work, deadlines = (f"{settings.SITE_URL}{reverse(name)}" for name in ("worklist", "deadlines"))
    return (
        f"{told}\n\nViệc cần làm: {work}\nThời hạn: {deadlines}\n\n"
        "Thư chỉ ghi số lượng, không ghi tên người; đăng nhập để xem.\n"
    )


def _not_yet(today: dt.date) -> Q:
    return Q(digest_on__isnull=True) | Q(digest_on__lt=today)
