"""Somebody followed in two places: the second branch learns nothing, the committee over both answers."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.log.models import Entry
from cells.models import Organisation
from cells.organisations import reorganise
from cells.people.appoint import Appointment, appoint
from cells.people.identity import Identity
from cells.rules.models import Kind
from cells.verdict import Refused
from membership import admission
from membership.claims.deeds import answer, claim, read
from membership.models import Candidacy, SecondClaim, Stage
from reports import worklist
from tests.factories import TODAY, a_case, a_full_member, a_unit, a_user
from tests.pages import hidden_of, problem_at, text_of

pytestmark = pytest.mark.django_db

NAME, BORN = "Bùi Thị Ngát", dt.date(1996, 4, 9)
WHO = Identity(NAME, BORN)
REPLY = "Đồng chí trao đổi với Văn phòng đảng ủy."


@pytest.fixture
def followed(city):
    return a_case(city.branch, name=NAME, born=BORN)


@pytest.mark.parametrize(
    ("asks", "superior"),
    [("sibling", "committee"), ("outside", "top"), ("base_branch", "top")],
)
def test_the_lowest_unit_over_both_is_asked(city, followed, asks, superior):
    made = claim(WHO, getattr(city, asks), actor=None, today=TODAY)
    assert made.superior == getattr(city, superior)
    assert (made.elsewhere, made.answered_on) == (city.branch, None)


def test_a_section_committee_examines_nothing_and_answers_nobody(city):
    section = a_unit("DU1-BP", "section_committee", city.committee)
    one, other = (a_unit(f"DU1-BP-0{number}", "branch", section) for number in (1, 2))
    a_case(one, name=NAME, born=BORN)
    assert claim(WHO, other, actor=None, today=TODAY).superior == city.committee


def test_it_is_asked_of_members_too_and_once(city):
    member = a_full_member(city.branch)
    who = Identity(member.person.name, member.person.born)
    first = claim(who, city.sibling, actor=None, today=TODAY)
    assert claim(who, city.sibling, actor=None, today=TODAY) == first
    assert first.elsewhere == city.branch
    assert Entry.objects.filter(deed="claim_second").count() == 1


def test_nothing_is_asked_of_strangers_of_the_own_people_and_of_several(city, followed):
    assert claim(Identity("Vũ Văn Lạ", BORN), city.sibling, actor=None, today=TODAY) is None
    assert claim(WHO, city.branch, actor=None, today=TODAY) is None
    admission.nominate(
        [admission.Nomination(WHO, city.outside, dt.date(2024, 1, 5), another_person=True)], actor=None, today=TODAY
    )
    assert claim(WHO, city.sibling, actor=None, today=TODAY) is None
    assert not SecondClaim.objects.exists()


def test_an_answer_has_words_and_is_given_once_and_read_after_it(city, followed):
    actor = a_user("committee", city.committee)
    second = claim(WHO, city.sibling, actor=None, today=TODAY)
    with pytest.raises(Refused, match="chưa trả lời"):
        read(second, actor=actor, today=TODAY)
    with pytest.raises(Refused, match="Ghi nội dung"):
        answer(second, "  ", actor=actor, today=TODAY)
    answer(second, REPLY, actor=actor, today=TODAY)
    with pytest.raises(Refused, match="Đã có người trả lời"):
        answer(second, "khác", actor=actor, today=TODAY)
    assert read(second, actor=actor, today=TODAY).read_on == TODAY
    assert list(Entry.objects.filter(subject="second_claim").values_list("deed", flat=True))[::-1] == [
        "claim_second",
        "answer_second",
        "read_answer",
    ]


def test_from_the_second_branch_to_the_answer_without_a_word_of_the_first(city, followed, as_user):
    asking, over = a_user("branch", city.sibling), a_user("committee", city.committee)
    client = as_user(asking)
    url = reverse("case_new")
    typed = {"name": NAME, "born": "09/04/1996", "listed_on": "05/10/2024"}
    told = client.post(url, hidden_of(client.get(url)) | typed)
    assert problem_at(told, "name") == admission.ELSEWHERE
    assert Candidacy.objects.count() == 1
    second = SecondClaim.objects.get()
    client = as_user(over)
    (item,) = [item for item in worklist.of(over, TODAY).due if item.deed == "Trả lời chi bộ"]
    page = client.get(item.url)
    assert "Chi bộ khu phố 1" in text_of(page)
    assert "Ghi mục này" in problem_at(client.post(item.url, hidden_of(page) | {"answer": ""}), "answer")
    client.post(item.url, hidden_of(page) | {"answer": REPLY})
    client = as_user(asking)
    (item,) = worklist.of(asking, TODAY).due
    assert item.url == reverse("claim_told", args=[city.sibling.code, second.pk])
    page = client.get(item.url)
    assert REPLY in text_of(page)
    assert "Chi bộ khu phố 1" not in text_of(page)
    client.post(item.url, hidden_of(page))
    assert worklist.of(asking, TODAY).due == []


MERGED, SPLIT_OFF = TODAY - dt.timedelta(days=9), "DU3"


def _merge(code, into, day):
    reorganise.merge([reorganise.Merging(code, day, into)], actor=None, today=TODAY)


def _part():
    kind = Kind.objects.get(code="base_committee")
    return reorganise.Founding(SPLIT_OFF, "Đảng bộ phường mới", kind, None, "TU", MERGED)


def _split_the_committee(city):
    units = {city.branch.code: SPLIT_OFF, city.sibling.code: "DU2"}
    splitting = reorganise.Splitting("DU1", MERGED, (SPLIT_OFF, "DU2"), [_part()], units=units)
    reorganise.split([splitting], actor=None, today=TODAY)


@pytest.mark.parametrize(
    ("happens", "answers", "reads"),
    [
        (lambda city: _merge("DU1", "DU2", MERGED), "DU2", "DU1-02"),
        (_split_the_committee, SPLIT_OFF, "DU1-02"),
        (_split_the_committee, "DU2", "DU1-02"),
        (lambda city: _merge("DU1-02", "DU2-01", MERGED), "DU1", "DU2-01"),
        pytest.param(
            lambda city: (
                _merge("DU1-02", "DU2-01", MERGED),
                _merge("DU2-01", "DU2-02", MERGED + dt.timedelta(days=1)),
            ),
            "DU1",
            "DU2-02",
            marks=pytest.mark.both_databases,
        ),
    ],
    ids=["over merged", "over split", "over split, other part", "asking merged", "asking merged twice"],
)
def test_what_units_that_are_gone_asked_is_answered_and_read_by_those_that_carry_them_on(
    city, followed, as_user, happens, answers, reads
):
    second = claim(WHO, city.sibling, actor=None, today=TODAY)
    happens(city)
    over = a_user("committee", Organisation.objects.get(code=answers))
    (item,) = worklist.of(over, TODAY).due
    assert item.url == reverse("claim_answer", args=[answers, second.pk])
    client = as_user(over)
    client.post(item.url, hidden_of(client.get(item.url)) | {"answer": REPLY})
    asking = a_user("branch", Organisation.objects.get(code=reads))
    (item,) = worklist.of(asking, TODAY).due
    assert item.url == reverse("claim_told", args=[reads, second.pk])
    assert REPLY in text_of(as_user(asking).get(item.url))
    assert worklist.of(over, TODAY).due == []


def test_a_unit_that_stands_on_is_not_answered_for_by_another(city, followed):
    """What was split from it is not asked, then or when it has ended."""
    second = claim(WHO, city.sibling, actor=None, today=TODAY)
    splitting = reorganise.Splitting("DU1", MERGED, ("DU1", SPLIT_OFF), [_part()])
    reorganise.split([splitting], actor=None, today=TODAY)
    units = Organisation.objects.in_bulk(["DU1", SPLIT_OFF], field_name="code")
    asked = {code: list(SecondClaim.objects.put_to([unit.pk], on=TODAY)) for code, unit in units.items()}
    assert asked == {"DU1": [second], SPLIT_OFF: []}
    _merge("DU1", "DU2", TODAY)
    assert not SecondClaim.objects.put_to([units[SPLIT_OFF].pk], on=TODAY).exists()
    assert SecondClaim.objects.put_to([city.committees[1].pk], on=TODAY).get() == second


def test_who_holds_posts_in_both_parts_opens_it_where_they_examine(city, followed, as_user):
    second = claim(WHO, city.sibling, actor=None, today=TODAY)
    _split_the_committee(city)
    over = a_user("committee", Organisation.objects.get(code="DU2"))
    part = Organisation.objects.get(code=SPLIT_OFF)
    appoint([Appointment(over.person, part, "body", "staff", MERGED)], actor=None, today=TODAY)
    (item,) = worklist.of(over, TODAY).due
    assert item.url == reverse("claim_answer", args=["DU2", second.pk])


def test_a_branch_asks_no_second_time_what_the_one_it_carries_on_has_asked(city, followed):
    second = claim(WHO, city.sibling, actor=None, today=TODAY)
    _merge("DU1-02", "DU2-02", MERGED)
    assert claim(WHO, city.outside, actor=None, today=TODAY) == second


def test_another_branch_and_another_committee_see_nothing_of_it(city, followed, as_user):
    second = claim(WHO, city.sibling, actor=None, today=TODAY)
    stranger = as_user(a_user("branch", city.branch))
    assert stranger.get(reverse("claim_told", args=[city.branch.code, second.pk])).status_code == 404
    board = as_user(a_user("board", city.top))
    assert board.get(reverse("claim_answer", args=[city.top.code, second.pk])).status_code == 404


def test_a_post_that_sees_no_names_reads_no_answer(city, followed):
    second = claim(WHO, city.sibling, actor=None, today=TODAY)
    answer(second, REPLY, actor=a_user("committee", city.committee), today=TODAY)
    for role, office in (("body", "staff"), ("supervisor", "member")):
        assert worklist.of(a_user(role, city.sibling, office=office), TODAY).due == []
    assert len(worklist.of(a_user("branch", city.sibling), TODAY).due) == 1


def test_many_wishes_ask_no_more_than_one(city):
    over, counts = a_user("committee", city.committee), []
    for number in (1, 5):
        for _ in range(number):
            case = a_case(city.branch, stage=Stage.NOMINEE)
            claim(Identity(case.person.name, case.person.born), city.sibling, actor=None, today=TODAY)
        over.__dict__.pop("_posts_on", None)
        with CaptureQueriesContext(connection) as asked:
            worklist.of(over, TODAY)
        counts.append(len(asked))
    assert counts[0] == counts[1]
