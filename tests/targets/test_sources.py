"""Còn nguồn, hết nguồn: who says it, who answers, what holds meanwhile; and what cannot be said."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from cells.log.models import Entry, EntryValue
from cells.models import Post
from cells.organisations import reorganise
from cells.people.models import Role
from cells.verdict import Refused
from reports import worklist
from targets.models import Sources
from targets.sources.say import SourcesLine, accept_sources, declare_sources, read_answer, refuse_sources
from tests.factories import TODAY, a_city, a_unit, a_user

pytestmark = pytest.mark.django_db

WHY = "18/18 giáo viên đã là đảng viên"
State = Sources.State


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def people(city):
    """The Board, the committee over the branch, its secretary and deputy."""
    return {
        "board": a_user(Role.BOARD, city.top),
        "committee": a_user(Role.COMMITTEE, city.committee),
        "secretary": a_user(Role.BRANCH, city.branch),
        "deputy": a_user(Role.BRANCH, city.branch),
    }


def say(actor, unit, has_sources=False, reason=WHY, year=2024):
    line = SourcesLine(unit, year, has_sources, "" if has_sources else reason)
    rows = declare_sources([line], actor=actor, today=TODAY)
    return rows[0] if rows else None


def exempt(year=2024):
    return set(Sources.objects.exhausted(year).values_list("organisation__code", flat=True))


def refused(deed, *args, **more):
    """Field and words of each problem; nothing was written."""
    before = list(Sources.objects.order_by("pk").values())
    with pytest.raises(Refused) as refusal:
        deed(*args, **more)
    assert list(Sources.objects.order_by("pk").values()) == before
    return [(problem.field, problem.message) for problem in refusal.value.problems]


# ---- who is exempt when ----------------------------------------------------------------------------


def test_a_unit_is_exempt_once_the_level_above_has_accepted(city, people):
    row = say(people["secretary"], city.branch)
    assert (row.state, row.in_force, row.said_on, row.settled_on) == (State.WAITING, False, TODAY, None)
    assert exempt() == set()
    (row,) = accept_sources([row.pk], actor=people["committee"], today=TODAY)
    assert exempt() == {city.branch.code}
    row.refresh_from_db()
    assert (row.state, row.settled_by, row.settled_on) == (State.ACCEPTED, people["committee"], TODAY)
    assert exempt(2023) == exempt(2025) == set()
    entry = Entry.objects.get(deed="accept_sources")
    assert (entry.subject, entry.subject_id, entry.organisation) == ("sources", row.pk, city.branch)


def test_while_a_word_waits_the_former_accepted_one_stands(city, people):
    first = say(None, city.branch)
    waits = say(people["secretary"], city.branch, reason="lý do khác trước")
    assert list(Sources.objects.in_force()) == [first]
    refuse_sources([waits.pk], actor=people["committee"], answer="Chi bộ còn ba đoàn viên.", today=TODAY)
    assert list(Sources.objects.in_force()) == [first]
    again = say(people["secretary"], city.branch, reason="nói rõ hơn")
    accept_sources([again.pk], actor=people["board"], today=TODAY)
    assert list(Sources.objects.in_force()) == [again]
    assert list(Sources.objects.order_by("pk").values_list("state", flat=True)) == ["accepted", "refused", "accepted"]


def test_sources_are_left_without_anybody_s_leave(city, people):
    say(None, city.branch)
    row = say(people["secretary"], city.branch, True)
    assert (row.state, row.in_force, row.settled_by) == (State.ACCEPTED, True, None)
    assert exempt() == set()
    (value,) = EntryValue.objects.all()
    assert (value.field, value.old, value.new) == (f"{city.branch.code} 2024", "hết nguồn", "còn nguồn")
    assert Sources.objects.count() == 2


def test_the_unit_takes_back_what_waits_by_saying_that_sources_are_left(city, people):
    for before in (None, True):
        if before:
            say(people["secretary"], city.branch, True)
        waits = say(people["secretary"], city.branch)
        said = say(people["secretary"], city.branch, True)
        waits.refresh_from_db()
        assert (waits.state, waits.settled_on, waits.settled_by) == (State.OVERTAKEN, TODAY, None)
        assert list(Sources.objects.in_force()) == [said]
    assert exempt() == set()


def test_the_level_above_says_it_itself_and_overtakes_what_waits(city, people):
    waits = say(people["secretary"], city.branch)
    said = say(people["committee"], city.branch, reason="đảng ủy đã rà soát")
    assert (said.state, said.in_force) == (State.ACCEPTED, True)
    waits.refresh_from_db()
    assert (waits.state, waits.settled_by) == (State.OVERTAKEN, people["committee"])
    assert exempt() == {city.branch.code}


def test_the_same_word_again_changes_nothing(city, people):
    say(None, city.branch)
    for actor in (None, people["board"], people["secretary"]):
        assert say(actor, city.branch) is None
    assert Sources.objects.count() == 1
    assert Entry.objects.filter(deed="declare_sources").count() == 1


# ---- as whom somebody speaks -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "at", "about", "at_once"),
    [
        (Role.BRANCH, "branch", "branch", False),
        (Role.COMMITTEE, "committee", "branch", True),
        (Role.COMMITTEE, "committee", "committee", False),
        (Role.BOARD, "top", "committee", True),
        (Role.BOARD, "top", "branch", True),
        (Role.BOARD, "top", "base_branch", True),
        (Role.BOARD, "top", "top", True),
        (Role.BRANCH, "base_branch", "base_branch", False),
    ],
)
def test_who_allocates_to_a_unit_speaks_from_above(city, role, at, about, at_once):
    row = say(a_user(role, getattr(city, at)), getattr(city, about))
    assert (row.state == State.ACCEPTED) is row.in_force is at_once


def test_a_committee_member_who_leads_the_branch_speaks_for_the_branch(city, people):
    both = people["secretary"]
    Post.objects.create(person=both.person, organisation=city.committee, role=Role.COMMITTEE)
    assert say(both, city.sibling).in_force
    row = say(both, city.branch)
    assert row.state == State.WAITING
    ((field, _),) = refused(accept_sources, [row.pk], actor=both, today=TODAY)
    assert field == ""
    other = say(people["deputy"], city.branch, True) and say(people["deputy"], city.branch)
    assert refused(accept_sources, [other.pk], actor=both, today=TODAY) == [
        ("", "Bạn có chức vụ ở đơn vị này; người khác ở cấp trên trả lời.")
    ]
    accept_sources([other.pk], actor=people["committee"], today=TODAY)


@pytest.mark.parametrize("who", ["secretary", "deputy", "neighbour", "stranger"])
def test_nobody_answers_for_a_unit_but_from_above(city, people, who):
    people["neighbour"] = a_user(Role.COMMITTEE, city.committees[1])
    people["stranger"] = a_user()
    row = say(people["secretary"], city.branch)
    for deed, more in ((accept_sources, {}), (refuse_sources, {"answer": "không"})):
        assert [field for field, _ in refused(deed, [row.pk], actor=people[who], today=TODAY, **more)] == [""]


def test_a_word_is_answered_once_and_a_refusal_says_why(city, people):
    row = say(people["secretary"], city.branch)
    how = {"actor": people["committee"], "today": TODAY}
    assert refused(refuse_sources, [row.pk], answer=" ", **how)[0][0] == "answer"
    refuse_sources([row.pk], answer="Còn đoàn viên ưu tú.", **how)
    row.refresh_from_db()
    assert (row.state, row.answer, row.in_force) == (State.REFUSED, "Còn đoàn viên ưu tú.", False)
    for deed, more in ((accept_sources, {}), (refuse_sources, {"answer": "nữa"})):
        assert "không còn chờ trả lời" in refused(deed, [row.pk], **how, **more)[0][1]
    assert "không còn chờ" in refused(accept_sources, [10**9], **how)[0][1]


# ---- what cannot be said ---------------------------------------------------------------------------


BAD = {
    "no reason": ({"reason": " "}, ["reason"]),
    "a year after the next": ({"year": 2026}, ["year"]),
    "an absurd year": ({"year": 24}, ["year"]),
    "a unit not yet founded then": ({"unit": "N", "year": 2023}, ["organisation"]),
    "a unit that had left": ({"unit": "L", "year": 2023}, ["organisation"]),
}


@pytest.mark.parametrize(("more", "fields"), BAD.values(), ids=BAD)
def test_bad_words(city, more, fields):
    units = {"N": a_unit("N", "branch", city.committee, day=dt.date(2024, 7, 1))}
    units["L"] = a_unit("L", "branch", city.committee)
    reorganise.leave([reorganise.Leaving("L", dt.date(2022, 7, 1))], actor=None, today=TODAY)
    wanted = {"unit": "N", "year": 2024, "reason": WHY} | more
    line = SourcesLine(units[wanted["unit"]], wanted["year"], False, wanted["reason"])
    assert [field for field, _ in refused(declare_sources, [line], actor=None, today=TODAY)] == fields


def test_the_year_to_come_may_be_said_and_twice_in_one_list_may_not(city):
    assert say(None, city.branch, year=2025).in_force
    lines = [SourcesLine(city.branch, 2024, True), SourcesLine(city.branch, 2024, False, WHY)]
    found = refused(declare_sources, lines, actor=None, today=TODAY)
    assert [field for field, _ in found] == ["organisation", "organisation"]


def test_a_second_word_while_one_waits(city, people):
    say(people["secretary"], city.branch)
    ((field, message),) = refused(say, people["deputy"], city.branch, reason="lần nữa")
    assert field == ""
    assert "chờ cấp trên trả lời" in message
    assert say(people["secretary"], city.branch, year=2025).state == State.WAITING


def test_a_unit_that_is_gone_says_nothing_more(city, people):
    waits = say(people["secretary"], city.branch)
    reorganise.leave([reorganise.Leaving(city.branch.code, TODAY)], actor=None, today=TODAY)
    assert [field for field, _ in refused(say, people["deputy"], city.branch, True)] == ["organisation"]
    assert not Sources.objects.to_answer(people["committee"], on=TODAY).exists()
    assert waits in Sources.objects.waiting()


@pytest.mark.parametrize(
    "values",
    [
        {"in_force": True, "state": "accepted"},
        {"state": "waiting"},
        {"in_force": True, "state": "refused", "year": 2022},
        {"has_sources": True, "state": "waiting", "year": 2022},
    ],
)
def test_the_database_keeps_one_word_in_force_and_one_waiting(city, people, values):
    say(None, city.branch)
    say(people["secretary"], city.branch, reason="khác")
    row = {"organisation": city.branch, "year": 2024, "has_sources": False, "reason": WHY} | values
    with pytest.raises(IntegrityError), transaction.atomic():
        Sources.objects.create(**row)


# ---- whose turn it is ------------------------------------------------------------------------------


def _cards(user):
    return [(item.person, item.deed) for item in worklist.of(user, TODAY).due]


def test_it_waits_for_the_committee_over_the_branch_and_for_the_board_over_a_base_organisation(city, people):
    say(people["secretary"], city.branch)
    say(a_user(Role.BRANCH, city.base_branch), city.base_branch)
    say(a_user(Role.BRANCH, city.outside), city.outside)
    assert _cards(people["committee"]) == [("Chi bộ khu phố 1", "Trả lời đơn vị")]
    assert _cards(people["board"]) == [("Chi bộ cơ sở 1", "Trả lời đơn vị")]
    assert _cards(people["secretary"]) == []


def test_the_unit_reads_the_refusal_once(city, people):
    row = say(people["secretary"], city.branch)
    with pytest.raises(Refused, match="không có câu trả lời"):
        read_answer(row, actor=people["secretary"], today=TODAY)
    refuse_sources([row.pk], actor=people["committee"], answer="Còn đoàn viên.", today=TODAY)
    (card,) = worklist.of(people["secretary"], TODAY).due
    assert "Còn đoàn viên." in card.what
    read_answer(row, actor=people["secretary"], today=TODAY)
    assert _cards(people["secretary"]) == []
    assert read_answer(row, actor=people["deputy"], today=TODAY).read_on == TODAY
    assert Entry.objects.filter(deed="read_sources_answer").count() == 1


def test_a_new_word_answers_a_refusal(city, people):
    row = say(people["secretary"], city.branch)
    refuse_sources([row.pk], actor=people["committee"], answer="Còn đoàn viên.", today=TODAY)
    say(people["secretary"], city.branch, True)
    assert _cards(people["secretary"]) == []
