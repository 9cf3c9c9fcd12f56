"""Clocks worked out by hand: which day sets them going under which regulation, and where months end."""

import datetime as dt

import pytest

from membership.deadlines.clocks import CaseDays, Considered, MemberDays, Move, State
from membership.deadlines.models import Kind
from membership.deadlines.rows import clockwork

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    """05/02/2024."""
    return dt.date(*(int(part) for part in reversed(text.split("/"))))


def of_case(kind: Kind, **known):
    return {clock.kind: clock for clock in clockwork().of_case(CaseDays(**known))}.get(kind)


def of_member(**known):
    return {clock.kind: clock for clock in clockwork().of_member(MemberDays(**known))}


CEREMONIES = [
    # decided, received, counts from, due, assumed
    # QĐ 24: from the receipt. Tue 8/10 + six weeks = Tue 19/11
    ("01/10/2024", "08/10/2024", "08/10/2024", "19/11/2024", False),
    # nobody noted the receipt: the decision's day stands for it. Tue 1/10 + six weeks = Tue 12/11
    ("01/10/2024", "", "01/10/2024", "12/11/2024", True),
    # the last day before QĐ 208, a Saturday: still from the receipt.
    # Mon 27/7: 28–31/7: 4; 3–21/8: 19; Sat 22/8: 20; 24–28/8: 25; 3, 4/9: 27; 7–9/9: 30
    ("25/07/2026", "27/07/2026", "27/07/2026", "09/09/2026", False),
    ("25/07/2026", "", "25/07/2026", "08/09/2026", True),
    # decided under the old rule, received under the new one: by the rule of the decision's day
    ("20/07/2026", "27/07/2026", "27/07/2026", "09/09/2026", False),
    # QĐ 208 from its first day: from the issue, whenever the branch received it.
    # Sun 26/7: 27–31/7: 5; 3–21/8: 20; Sat 22/8: 21; 24–28/8: 26; 3, 4/9: 28; 7, 8/9: 30
    ("26/07/2026", "03/08/2026", "26/07/2026", "08/09/2026", False),
    ("27/07/2026", "10/08/2026", "27/07/2026", "09/09/2026", False),
    ("27/07/2026", "", "27/07/2026", "09/09/2026", False),
]


@pytest.mark.parametrize(("decided", "received", "start", "due", "assumed"), CEREMONIES)
def test_the_ceremony_counts_from_receipt_and_since_qd_208_from_issue(decided, received, start, due, assumed):
    clock = of_case(
        Kind.CEREMONY, decided=True, decided_on=day(decided), received_on=day(received) if received else None
    )
    assert (clock.start, clock.due, clock.assumed) == (day(start), day(due), assumed)
    assert clock.rule.holds_on(day(decided))


def test_a_running_case_moved_to_qd_208_counts_from_the_issue():
    """Mon 20/7: 21–24/7: 4; 27/7–21/8: 24; Sat 22/8: 25; 24–28/8: 30."""
    known = {"decided": True, "decided_on": day("20/07/2026"), "received_on": day("27/07/2026")}
    moved = of_case(Kind.CEREMONY, **known, moves=(Move(day("03/08/2026"), day("26/07/2026")),))
    assert (moved.start, moved.due) == (day("20/07/2026"), day("28/08/2026"))
    assert "208-QĐ/TW" in moved.rule.document
    # a clock that was over before the move keeps its rules
    held = known | {"ceremony_on": day("31/07/2026"), "held": True}
    kept = of_case(Kind.CEREMONY, **held, moves=(Move(day("03/08/2026"), day("26/07/2026")),))
    assert "294-QĐ/TW" in kept.rule.document


def test_the_decision_has_60_working_days_and_30_more():
    plain = of_case(Kind.DECISION, resolved=True, resolved_on=day("03/10/2024"))
    assert (plain.due, plain.provisional) == (day("26/12/2024"), False)
    longer = of_case(Kind.DECISION, resolved=True, resolved_on=day("03/10/2024"), extensions={Kind.DECISION: 30})
    assert (longer.due, longer.extended) == (day("14/02/2025"), 30)
    assert [longer.state(day(text)) for text in ("02/10/2024", "14/02/2025", "15/02/2025")] == [
        State.COMING,
        State.EXTENDED,
        State.OVERDUE,
    ]


def test_a_deadline_in_a_year_not_announced_is_provisional():
    """Sun 1/11/2026: 2–30/11 but 24: 20; December: 43; January 2027 from 4/1: 60 on 26/1, as the law alone has it."""
    clock = of_case(Kind.DECISION, resolved=True, resolved_on=day("01/11/2026"))
    assert (clock.due, clock.provisional) == (day("26/01/2027"), True)


PROBATIONS = [
    # ceremony, the day twelve months are complete, the branch considers it by
    # Wed 28/2 + six weeks = Wed 10/4; nothing off
    ("28/02/2023", "28/02/2024", "10/04/2024"),
    # of 29/2 the last of February. Fri 28/2 + six weeks = Fri 11/4; 7/4: Mon 14/4
    ("29/02/2024", "28/02/2025", "14/04/2025"),
    # Fri 1/3 + six weeks = Fri 12/4
    ("01/03/2023", "01/03/2024", "12/04/2024"),
    # Sun 28/2/2021: March but the 31st: 22 weekdays by 30/3 … 30th Fri 9/4; nothing off before Giỗ Tổ 21/4
    ("29/02/2020", "28/02/2021", "09/04/2021"),
    # Tue 31/12/2024 + six weeks = Tue 11/2; 1/1 and Tết: +6 = Wed 19/2
    ("31/12/2023", "31/12/2024", "19/02/2025"),
]


@pytest.mark.parametrize(("ceremony", "complete", "review"), PROBATIONS)
def test_probation_over_the_end_of_february(ceremony, complete, review):
    clocks = of_member(ceremony_on=day(ceremony))
    assert (clocks[Kind.PROBATION].start, clocks[Kind.PROBATION].due) == (day(ceremony), day(complete))
    assert (clocks[Kind.REVIEW].start, clocks[Kind.REVIEW].due) == (day(complete), day(review))


def test_a_late_recognition_keeps_its_effective_day():
    """The twelve months end on 20/6/2024; decided on 9/9, in force from 20/6 (`domain.md` §1.1, "late recognition").

    Thu 20/6 + six weeks = Thu 1/8. The branch met on 1/8: Thu 1/8 + six weeks = Thu 12/9; 2, 3/9: +2 = Mon 16/9.
    """
    clocks = of_member(
        ceremony_on=day("20/06/2023"),
        considered=(Considered(day("01/08/2024"), settled=True),),
        full_from=day("20/06/2024"),
        recognised_on=day("09/09/2024"),
    )
    review, recognition = clocks[Kind.REVIEW], clocks[Kind.RECOGNITION]
    assert (review.due, review.ended_on) == (day("01/08/2024"), day("01/08/2024"))
    assert (recognition.due, recognition.ended_on) == (day("16/09/2024"), day("09/09/2024"))
    assert clocks[Kind.PROBATION].ended_on == day("20/06/2024")


CERTIFICATES = [
    # issued, the last day it is good on
    ("15/01/2020", "14/01/2025"),  # domain.md §1.4: it expires on 15/1/2025
    ("29/02/2020", "28/02/2025"),
    ("01/03/2020", "28/02/2025"),
    ("01/03/2019", "29/02/2024"),
    ("01/01/2020", "31/12/2024"),
    ("31/08/2019", "30/08/2024"),
]


@pytest.mark.parametrize(("issued", "last"), CERTIFICATES)
def test_a_certificate_is_good_for_sixty_months(issued, last):
    assert of_case(Kind.CERTIFICATE, certificate_on=day(issued)).due == day(last)


def test_the_resolution_of_the_branch_is_good_for_twelve_months():
    clock = of_case(Kind.DOSSIER, resolved=True, resolved_on=day("03/10/2024"))
    assert (clock.due, clock.provisional) == (day("02/10/2025"), False)
