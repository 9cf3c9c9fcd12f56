"""Guards that a clock decides; they answer with a reason and the rule."""

from __future__ import annotations

import datetime as dt

from cells import vietnamese
from cells.rules.models import Rule
from cells.verdict import YES, Verdict, no
from membership.deadlines.clocks import LENGTHS, Rules, last_day_of
from membership.deadlines.models import Kind


def certificate_rules() -> Rules:
    """The versions of the rule that says how long a certificate is good; one query."""
    return Rules(Rule.objects.filter(key=LENGTHS[Kind.CERTIFICATE]))


def certificate_verdict(issued_on: dt.date | None, meeting: dt.date, rules: Rules | None = None) -> Verdict:
    """Whether the certificate of the awareness class is still good when the branch meets (`domain.md` §1.4).

    By the rule in force on the day it was issued, of `rules` where the caller has read them. One that is not known
    stands in nobody's way.
    """
    rule = (rules or certificate_rules()).at(LENGTHS[Kind.CERTIFICATE], issued_on) if issued_on else None
    if issued_on is None or rule is None:
        return YES
    last = last_day_of(issued_on, rule.number)
    if meeting <= last:
        return YES
    return no(
        f"Chứng nhận lớp nhận thức cấp ngày {vietnamese.day(issued_on)} có giá trị {rule.number} tháng, đến hết ngày "
        f"{vietnamese.day(last)}; học lại rồi ghi chứng nhận mới trước khi chi bộ xét ({rule.document}).",
        rule=rule,
    )


def outdated_verdict(resolved_on: dt.date | None, day: dt.date) -> Verdict:
    """Whether a branch's resolution has grown too old by `day`, so that its dossier is begun anew (`domain.md` §1.4).

    By the rule in force on the day of the resolution. One that is not known stands in nobody's way.
    """
    rule = Rule.objects.on(resolved_on).filter(key=LENGTHS[Kind.DOSSIER]).first() if resolved_on else None
    if resolved_on is None or rule is None:
        return YES
    last = last_day_of(resolved_on, rule.number)
    if day > last:
        return YES
    return no(f"Nghị quyết chi bộ còn giá trị đến hết ngày {vietnamese.day(last)} ({rule.document}).", rule=rule)
