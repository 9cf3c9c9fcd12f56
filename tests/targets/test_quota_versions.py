"""Versions of quotas: what a draft is, what issuing refuses, which number holds."""

import datetime as dt
from itertools import dropwhile, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.log.models import Entry, EntryValue
from cells.models import Body, BodyKind, BodyPlace
from cells.organisations import reorganise
from cells.verdict import Refused, Stale
from targets.models import BodyQuota, Quota, QuotaIssue
from targets.quotas.allotment import WHOLE, Allotment, Decision, Given, GivenToBody
from targets.quotas.issue import draft_of, drop_draft, issue, last_number, mark, save_draft
from targets.quotas.take_over import QuotaLine, issue_quotas
from tests import factories
from tests.properties import world

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
FIRST = Decision("12-QĐ/TU", dt.date(2024, 1, 15))
LATER = Decision("40-QĐ/TU", dt.date(2024, 7, 1), "Thiếu nguồn")


@pytest.fixture
def city():
    return factories.a_city()


def allot(city, *numbers, year=2024, bodies=()):
    """What the city gives its two committees: (admission, fostering) of each."""
    lines = [Given(unit, *pair) for unit, pair in zip(city.committees, numbers, strict=False)]
    return Allotment(city.top, year, lines, bodies)


def do(allotment, decision=FIRST, **more):
    seen = last_number(*allotment.series)
    return issue(allotment, **{"decision": decision, "seen": seen, "actor": None, "today": TODAY} | more)


def own(city, admission, fostering, year=2024):
    line = Given(city.top, admission, fostering)
    return do(Allotment(city.top, year, [line], own=True), Decision("1-QĐ", dt.date(year, 1, 2)))


def test_a_version_is_issued_then_adjusted_and_both_are_kept(city):
    do(allot(city, (3, 5), (4, 6)))
    second = do(allot(city, (2, 5), (4, 6)), LATER)
    assert (second.number, second.title) == (2, "điều chỉnh lần 1")
    unit = city.committee
    rows = Quota.objects.filter(organisation=unit).order_by("issue__number")
    assert [(row.admission, row.in_force, row.original) for row in rows] == [(3, False, True), (2, True, False)]
    assert Quota.objects.as_given("original").get(organisation=unit).admission == 3
    assert Quota.objects.as_given("adjusted").get(organisation=unit).admission == 2
    entry = Entry.objects.filter(deed="issue_quotas").latest("pk")
    assert [(row.field, row.old, row.new) for row in EntryValue.objects.filter(entry=entry)] == [
        ("DU1", "2024: 3/5", "2/5")
    ]


def test_the_same_again_makes_no_version(city):
    do(allot(city, (3, 5), (4, 6)))
    assert do(allot(city, (3, 5), (4, 6)), LATER) is None
    assert QuotaIssue.objects.count() == 1


def test_a_draft_counts_nowhere_and_is_written_anew(city):
    first = save_draft(allot(city, (3, 5), (4, 6)), seen="", actor=None)
    assert not Quota.objects.in_force().exists()
    save_draft(allot(city, (1, 1), (4, 6)), explanation="Dự phòng", seen=mark(first), actor=None)
    draft = draft_of(city.top.pk, 2024)
    assert [line.admission for line in draft.lines.order_by("organisation")] == [1, 4]
    with pytest.raises(Stale):
        save_draft(allot(city, (2, 2)), seen=mark(first), actor=None)
    do(allot(city, (1, 1), (4, 6)), draft_seen=mark(draft))
    assert draft_of(city.top.pk, 2024) is None
    save_draft(allot(city, (9, 9)), seen="", actor=None)
    drop_draft(city.top, 2024, seen=mark(draft_of(city.top.pk, 2024)), actor=None)
    assert draft_of(city.top.pk, 2024) is None
    assert Quota.objects.in_force().get(organisation=city.committee).admission == 1


BAD = {
    "negative": ([(-1, 5)], FIRST, ["admission"]),
    "absurd": ([(3, 10**8)], FIRST, ["fostering"]),
    "no number of the decision": ([(3, 5)], Decision(" ", dt.date(2024, 1, 15)), ["decision_number"]),
    "no day": ([(3, 5)], Decision("12-QĐ"), ["decided_on"]),
    "a day to come": ([(3, 5)], Decision("12-QĐ", dt.date(2024, 10, 16)), ["decided_on"]),
    "a day years before": ([(3, 5)], Decision("12-QĐ", dt.date(2022, 12, 31)), ["decided_on"]),
}


@pytest.mark.parametrize(("numbers", "decision", "fields"), BAD.values(), ids=BAD)
def test_what_is_not_issued(city, numbers, decision, fields):
    assert refused(lambda: do(allot(city, *numbers), decision)) == fields
    assert not QuotaIssue.objects.exists()


def refused(deed):
    with pytest.raises(Refused) as refusal:
        deed()
    assert all(problem.message.endswith(".") for problem in refusal.value.problems)
    return [problem.field for problem in refusal.value.problems]


def test_an_adjustment_says_why_and_is_not_before_the_first(city):
    do(allot(city, (3, 5)))
    early = Decision("13-QĐ", dt.date(2024, 1, 14), "x")
    assert refused(lambda: do(allot(city, (2, 5)), early)) == ["decided_on"]
    assert refused(lambda: do(allot(city, (2, 5)), Decision("13-QĐ", dt.date(2024, 2, 1)))) == ["reason"]


def test_a_version_made_from_an_older_one_is_stale(city):
    do(allot(city, (3, 5)))
    with pytest.raises(Stale) as stale:
        do(allot(city, (2, 5)), LATER, seen=0)
    assert stale.value.problems[0].field == WHOLE


def test_only_direct_children_are_given_to(city):
    outside = Allotment(city.top, 2024, [Given(city.branch, 1, 1)])
    assert refused(lambda: do(outside)) == ["organisation"]
    other = Allotment(city.committee, 2024, [Given(city.outside, 1, 1)])
    assert refused(lambda: do(other)) == ["organisation"]
    twice = Allotment(city.top, 2024, [Given(city.committee, 1, 1)] * 2)
    assert refused(lambda: do(twice)) == ["organisation", "organisation"]


def test_a_unit_that_is_closed_is_given_nothing_new(city):
    unit = city.committees[1]
    do(allot(city, (3, 5), (4, 6)))
    reorganise.leave([reorganise.Leaving(unit.code, dt.date(2024, 6, 1))], actor=None, today=TODAY)
    assert refused(lambda: do(allot(city, (3, 5), (5, 6)), LATER)) == ["organisation"]
    assert do(allot(city, (2, 5), (4, 6)), LATER).number == 2


def test_who_has_no_number_gives_none(city):
    below = Allotment(city.committee, 2024, [Given(city.branch, 1, 1)])
    assert refused(lambda: do(below)) == [WHOLE]
    draft = save_draft(below, seen="", actor=None)
    do(allot(city, (1, None), (4, 6)))
    assert refused(lambda: do(below, draft_seen=mark(draft))) == [WHOLE]
    only = Allotment(city.committee, 2024, [Given(city.branch, 1)])
    with pytest.raises(Stale):
        do(only)
    assert do(only, draft_seen=mark(draft)).number == 1


def test_a_sum_that_differs_from_what_was_given_is_explained(city):
    own(city, 6, 11)
    assert refused(lambda: do(allot(city, (3, 5), (4, 6)))) == ["explanation"]
    explained = Decision(FIRST.number, FIRST.day, explanation="Giao cao hơn để dự phòng")
    assert do(allot(city, (3, 5), (4, 6)), explained).explanation == "Giao cao hơn để dự phòng"


def test_the_top_gets_its_number_from_outside(city):
    own(city, 10, 20)
    line = Allotment(city.committee, 2024, [Given(city.committee, 1, 1)], own=True)
    assert refused(lambda: do(line)) == ["organisation"]
    assert Quota.objects.in_force().get(organisation=city.top).issue.own


def test_bodies_are_given_introductions_in_the_same_version(city):
    body = a_body(city.top)
    do(allot(city, (3, 5), bodies=[GivenToBody(body, 12)]))
    do(allot(city, (3, 5), bodies=[GivenToBody(body, 15)]), LATER)
    assert [(row.introductions, row.in_force) for row in BodyQuota.objects.order_by("pk")] == [(12, False), (15, True)]
    assert Quota.objects.in_force().filter(organisation=city.committee).count() == 1
    foreign = a_body(city.committee, "CD")
    assert refused(lambda: do(allot(city, (3, 5), bodies=[GivenToBody(foreign, 1)]), LATER)) == ["body"]
    assert refused(lambda: do(allot(city, (3, 5), bodies=[GivenToBody(body, -1)]), LATER)) == ["introductions"]
    BodyPlace.objects.filter(body=body).update(to_day=dt.date(2024, 6, 1))
    assert refused(lambda: do(allot(city, (3, 5), bodies=[GivenToBody(body, 9)]), LATER)) == ["body"]


def test_the_number_of_a_body_adds_to_nothing(city):
    own(city, 3, 5)
    do(allot(city, (3, 5), bodies=[GivenToBody(a_body(city.top), 12)]))
    assert allot(city, (3, 5), bodies=[GivenToBody(a_body(city.top, "MTTQ"), 12)]).total("admission") == 3


def a_body(unit, code="DTN"):
    body = Body.objects.create(code=code, name="Đoàn Thanh niên", kind=BodyKind.objects.get(code="youth_union"))
    BodyPlace.objects.create(body=body, organisation=unit)
    return body


def test_a_unit_that_moved_keeps_the_number_of_whoever_names_it_last(city):
    """Its old giver adjusts the others; the number the new one gave stays in force."""
    first, second = city.committees
    do(allot(city, (3, 5), (4, 6)))
    unit = city.branch
    do(Allotment(first, 2024, [Given(unit, 1, 1), Given(city.sibling, 2, 4)]))
    reorganise.move([reorganise.Moving(unit.code, dt.date(2024, 6, 1), second.code)], actor=None, today=TODAY)
    do(Allotment(second, 2024, [Given(unit, 2, 1)]), Decision("5-QĐ", dt.date(2024, 6, 2), explanation="x"))
    do(Allotment(first, 2024, [Given(city.sibling, 3, 5)]), LATER)
    held = Quota.objects.in_force().get(organisation=unit)
    assert (held.admission, held.issue.issuer) == (2, second)


def test_papers_are_taken_over_as_versions_in_the_order_of_their_days(city):
    first, second = city.committees
    lines = [
        QuotaLine(second, 2024, 4, 6, "31-QĐ", dt.date(2024, 3, 1)),
        QuotaLine(first, 2024, 3, 5, "12-QĐ", dt.date(2024, 1, 15)),
        QuotaLine(city.top, 2024, 7, 11, "01-QĐ/TU", dt.date(2024, 1, 2)),
    ]
    issue_quotas(lines, actor=None, today=TODAY)
    older = [QuotaLine(first, 2024, 2, 2, "00-QĐ", dt.date(2024, 1, 10))]
    assert refused(lambda: issue_quotas(older, actor=None, today=TODAY)) == ["decided_on"]
    found = QuotaIssue.objects.order_by("own", "number").values_list("issuer__code", "own", "number", "decision_number")
    assert list(found) == [("TU", False, 1, "12-QĐ"), ("TU", False, 2, "31-QĐ"), ("TU", True, 1, "01-QĐ/TU")]
    assert Quota.objects.in_force().filter(original=True).count() == 3


def given_to(pairs):
    """What a unit's lines say: none before it was given anything."""
    return list(dropwhile(lambda pair: pair == (None, None), pairs))


numbers = st.one_of(st.none(), st.integers(0, 3))


@world.examples(25)
@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=1, max_size=5))
def test_whatever_is_issued_one_number_holds_and_none_is_lost(versions):
    with world.forgotten():
        city = factories.a_city()
        issued = []
        for place, (a, b, c, d) in enumerate(versions):
            decision = Decision(f"{place}-QĐ", dt.date(2024, 1, 15), "vì có thay đổi")
            if do(allot(city, (a, b), (c, d)), decision):
                issued.append(((a, b), (c, d)))
        for place, unit in enumerate(city.committees):
            rows = Quota.objects.filter(organisation=unit).order_by("issue__number")
            assert [(row.admission, row.fostering) for row in rows] == given_to([pair[place] for pair in issued])
            assert [row.in_force for row in rows] == [False] * (len(rows) - 1) + [True] * bool(rows)
            assert [row.original for row in rows] == [True] * bool(rows) + [False] * (len(rows) - 1)
        assert all(one != other for one, other in pairwise(issued))
