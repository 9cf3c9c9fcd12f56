"""The city's mass organisations and boards, and how many people each is to find in 2024 (C26)."""

from __future__ import annotations

import datetime as dt

from cells.models import Body, BodyKind, BodyPlace
from cells.organisations.models import Organisation
from reports.reference_city import units as city
from targets.models import Quota
from targets.quotas.allotment import Allotment, Decision, Given, GivenToBody
from targets.quotas.issue import issue, last_number

YEAR = 2024
#: code, name, kind, people to be found and introduced
BODIES = (
    ("TU.MTTQ", "Ủy ban Mặt trận Tổ quốc thành phố", "fatherland_front", 40),
    ("TU.DTN", "Thành đoàn", "youth_union", 160),
    ("TU.LDLD", "Liên đoàn Lao động thành phố", "trade_union", 70),
    ("TU.PN", "Hội Liên hiệp Phụ nữ thành phố", "women_union", 60),
    ("TU.ND", "Hội Nông dân thành phố", "farmers_union", 20),
    ("TU.CCB", "Hội Cựu chiến binh thành phố", "veterans", 15),
    ("TU.TTCT", "Trung tâm Chính trị thành phố", "training_centre", None),
    ("TU.BTG", "Ban Tuyên giáo Thành ủy", "propaganda_board", None),
)


def give(today: dt.date) -> None:
    """Enter the bodies, and give those that nominate their numbers in a second version of the city's quotas."""
    top = Organisation.objects.get(code=city.TOP)
    kinds = {kind.code: kind for kind in BodyKind.objects.all()}
    bodies = [Body.objects.create(code=code, name=name, kind=kinds[kind]) for code, name, kind, _ in BODIES]
    BodyPlace.objects.bulk_create(BodyPlace(body=body, organisation=top) for body in bodies)
    given = [GivenToBody(body, number) for body, (*_, number) in zip(bodies, BODIES, strict=True) if number is not None]
    lines = Quota.objects.in_force().filter(issue__issuer=top, issue__own=False, year=YEAR)
    units = [Given(line.organisation, line.admission, line.fostering) for line in lines.select_related("organisation")]
    decision = Decision(
        "52-QĐ/TU",
        dt.date(YEAR, 2, 20),
        "Giao thêm chỉ tiêu phát hiện, giới thiệu cho các đoàn thể",
        "Giao cao hơn để bù cho nơi có thể hết nguồn",
    )
    allotment = Allotment(top, YEAR, units, given)
    issue(allotment, decision=decision, seen=last_number(top.pk, YEAR), actor=None, today=today)
