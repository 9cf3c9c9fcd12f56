"""Freezing and correcting bases on screen: told first, done once, by two people."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from cells.log.models import Entry
from cells.organisations import reorganise
from targets.base import freeze
from targets.models import Base, BaseCorrection
from tests.factories import TODAY, a_city, a_full_member, a_member, a_user
from tests.pages import form_of, problem_at, text_of

pytestmark = pytest.mark.django_db

YEAR = 2024
NAME = "Trần Thị Ghi Chậm"


@pytest.fixture
def city():
    city = a_city()
    a_full_member(city.branch)
    a_member(city.sibling)
    return city


@pytest.fixture
def changed(city):
    """Frozen, and a member of 2020 entered late."""
    freeze(city.top, YEAR, actor=None, today=TODAY)
    a_full_member(city.branch, name=NAME)
    return city


@pytest.fixture
def committee(city, client):
    client.force_login(a_user("committee", city.committee))
    return client


@pytest.fixture
def board(city):
    from django.test import Client

    client = Client()
    client.force_login(a_user("board", city.top))
    return client


def address(name, unit, year=YEAR):
    return reverse(name, args=[unit.code] if name == "base_corrections" else [unit.code, year])


def _propose(client, unit, **typed):
    url = address("correct_base", unit)
    return client.post(url, form_of(client.get(url)) | {"total": "2", "reason": "Ghi sổ chậm"} | typed, follow=True)


# ---- freezing --------------------------------------------------------------------------------------


def test_freezing_tells_first_and_writes_when_confirmed(committee, city):
    url = address("freeze_bases", city.committee)
    told = text_of(committee.get(url))
    assert "Sẽ chốt: 2 tổ chức, cộng 2 đảng viên" in told
    committee.post(url, {"nothing": "1"})
    assert not Base.objects.exists()
    done = text_of(committee.post(url, {"confirm": "yes"}, follow=True))
    assert "Đã chốt số đầu năm 2024 từ sổ của 2 tổ chức; 0 tổ chức đã có số từ trước" in done
    assert "đã chốt từ sổ: 2 tổ chức, cộng 2 đảng viên" in done
    assert done.count("đã chốt từ sổ") == 3
    again = text_of(committee.post(url, {"confirm": "yes"}, follow=True))
    assert "từ sổ của 0 tổ chức; 2 tổ chức đã có số từ trước" in again
    assert Entry.objects.filter(deed="freeze_bases").count() == 1
    assert "Không có tổ chức nào cần chốt" in text_of(committee.get(url))


def test_freezing_a_part_leaves_the_rest(committee, city):
    a_full_member(city.base_branch)
    committee.post(address("freeze_bases", city.committee), {"confirm": "yes"})
    assert not Base.objects.filter(organisation=city.base_branch).exists()


@pytest.fixture
def twice(city):
    """DU1-01 frozen by one person, the rest by another; DU1-02 is another committee's since."""
    freeze(city.branch, YEAR, actor=a_user("committee", city.committee, name="Lê Thị Trước"), today=TODAY)
    Base.objects.update(made_at=dt.datetime(2024, 1, 5, 1, 30, tzinfo=dt.UTC))
    freeze(city.top, YEAR, actor=a_user("board", city.top, name="Trần Văn Sau"), today=TODAY)
    Base.objects.filter(organisation=city.sibling).update(made_at=dt.datetime(2024, 2, 1, 9, 5, tzinfo=dt.UTC))
    reorganise.move([reorganise.Moving(city.sibling.code, dt.date(2024, 7, 1), "DU2")], actor=None, today=TODAY)
    return city


FIRST, SECOND = "lúc 08:30 05/01/2024", "lúc 16:05 01/02/2024"
#: who looks at the committee's page, on which day → what its two rows and the line above them say
MAKERS = {
    "the board, then": (
        "board", "?on=2024-03-01", (f"{FIRST} (Lê Thị Trước)", f"{SECOND} (Trần Văn Sau)", f"{SECOND} (Trần Văn Sau)"),
    ),
    "the board, today": (
        "board", "", (f"{FIRST} (Lê Thị Trước)", f"{SECOND} (Trần Văn Sau)", f"{SECOND} (Trần Văn Sau)"),
    ),
    "the committee, then": ("committee", "?on=2024-03-01", (f"{FIRST} (Lê Thị Trước)", SECOND, SECOND)),
    "the committee, today": ("committee", "", (f"{FIRST} (Lê Thị Trước)", None, SECOND)),
}  # fmt: skip


@pytest.mark.parametrize(("reader", "day", "said"), MAKERS.values(), ids=MAKERS)
def test_each_row_says_who_froze_it_and_when(board, committee, twice, reader, day, said):
    """No name where the reader names nobody today: the unit has moved out of reach."""
    page = {"board": board, "committee": committee}[reader].get(address("bases", twice.committee) + day)
    notes = {row.unit.code: row.note.split("đã chốt từ sổ ") for row in page.context["form"].rows}
    told = (notes["DU1-01"][-1], notes["DU1-02"][-1] if "DU1-02" in notes else None, page.context["last_frozen"])
    assert told == said
    assert f"Chốt gần nhất {said[2]}." in text_of(page)


def test_a_base_older_than_the_keeping_of_who_and_when_says_neither(board, changed):
    Base.objects.update(made_at=None)
    page = text_of(board.get(address("bases", changed.committee)))
    assert "đã chốt từ sổ, sổ nay có 2 (+1)" in page
    assert not re.search(r"lúc \d", page)


def test_what_cannot_be_frozen_is_told(board, city):
    later = address("freeze_bases", city.top, 2025)
    for answer in (board.get(later), board.post(later, {"confirm": "yes"})):
        assert "Năm 2025 chưa đến" in text_of(answer)
    assert board.get(address("freeze_bases", city.top, 2026)).status_code == 404
    a_full_member(city.committee)
    assert "Đảng viên ghi thẳng ở cấp ủy có chi bộ: 1" in text_of(board.get(address("freeze_bases", city.top)))
    assert not Base.objects.exists()


# ---- the residual and its correction ---------------------------------------------------------------


def test_the_page_shows_the_residual_and_leads_to_the_correction(committee, changed):
    page = committee.get(address("bases", changed.committee))
    assert "sổ nay có 2 (+1)" in text_of(page)
    assert "Sổ đã thay đổi sau khi chốt" in text_of(page)
    assert re.search(r"đã chốt lúc \d\d:\d\d \d\d/\d\d/\d{4} \(hệ thống\) 1 2 \+1", text_of(page))
    assert address("correct_base", changed.branch) in page.content.decode()
    form = committee.get(address("correct_base", changed.branch))
    assert form_of(form)["total"] == "2"
    assert NAME in text_of(form)
    assert re.search(r"Số đã chốt ngày 01/01/2024: 1 từ sổ lúc \S+ \S+ \(hệ thống\)", text_of(form))
    assert Entry.objects.filter(sort="read", organisation=changed.branch).exists()


def test_two_people_correct_a_base(committee, board, changed):
    done = text_of(_propose(committee, changed.branch))
    assert "người khác phải duyệt" in done
    assert "chờ duyệt đính chính" in done
    waiting = address("base_corrections", changed.committee)
    own = committee.get(waiting)
    assert "Từ 1 thành 2 (+1). Lý do: Ghi sổ chậm" in text_of(own)
    assert "người khác phải duyệt" in text_of(own)
    row = BaseCorrection.objects.get()
    sent = {"correction": row.pk, "deed": "approve"}
    assert "correction" not in form_of(own)
    assert "người khác phải duyệt" in text_of(committee.post(waiting, sent, follow=True))
    assert BaseCorrection.objects.waiting().exists()
    approved = text_of(board.post(address("base_corrections", changed.top), sent, follow=True))
    assert "Đã duyệt đính chính" in approved
    assert "+1, đã duyệt" in approved
    after = text_of(board.get(address("bases", changed.committee)))
    assert "đính chính thành 2" in after
    assert "Sổ đã thay đổi sau khi chốt" not in after
    again = text_of(board.post(address("base_corrections", changed.top), sent, follow=True))
    assert "không còn chờ duyệt" in again
    assert "Đảng viên đầu năm" in text_of(board.get(f"/don-vi/{changed.branch.code}/bang/admission-rate/"))


def test_refusing_asks_why(committee, board, changed):
    _propose(committee, changed.branch)
    url = address("base_corrections", changed.top)
    sent = {"correction": BaseCorrection.objects.get().pk, "deed": "refuse"}
    assert "Ghi lý do không duyệt." in text_of(board.post(url, sent, follow=True))
    assert "số đầu năm giữ nguyên" in text_of(board.post(url, sent | {"answer": "Sổ ghi nhầm"}, follow=True))
    assert BaseCorrection.objects.get().answer == "Sổ ghi nhầm"


@pytest.mark.parametrize(
    ("typed", "at", "says"),
    [
        ({"total": "1"}, "total", "Số đang dùng đã là 1"),
        ({"total": "-1"}, "total", "số âm"),
        ({"total": ""}, "total", "Ghi một số."),
        ({"total": "99999999"}, "total", "quá lớn"),
        ({"reason": " "}, "reason", "Ghi mục này."),
        ({"reason": "x\x00"}, "reason", "ký tự"),
        ({"seen": "7"}, "total", "Số đang dùng vừa đổi thành 1"),
    ],
)
def test_wrong_corrections_are_told_at_the_field(committee, changed, typed, at, says):
    page = _propose(committee, changed.branch, **typed)
    assert says in problem_at(page, at)
    assert not BaseCorrection.objects.exists()
    if "seen" in typed:
        committee.post(address("correct_base", changed.branch), form_of(page))
        assert BaseCorrection.objects.get().difference == 1


def test_a_second_correction_waits_for_the_first(committee, changed):
    form = form_of(committee.get(address("correct_base", changed.branch)))
    _propose(committee, changed.branch)
    assert "Đang có một đính chính chờ duyệt." in text_of(committee.get(address("correct_base", changed.branch)))
    late = committee.post(address("correct_base", changed.branch), form | {"total": "5", "reason": "x"})
    assert "chờ duyệt" in problem_at(late, "__all__")
    assert BaseCorrection.objects.count() == 1


def test_a_unit_without_a_base_has_nothing_to_correct(board, city):
    page = board.get(address("correct_base", city.branch), follow=True)
    assert "chưa có số đầu năm 2024" in text_of(page)


def test_a_declared_base_is_corrected_alike(committee, city):
    Base.objects.create(organisation=city.branch, year=YEAR, total=30)
    assert address("correct_base", city.branch) in committee.get(address("bases", city.committee)).content.decode()
    _propose(committee, city.branch, total="31")
    assert BaseCorrection.objects.get().difference == 1


def test_a_declared_base_of_a_committee_stands_beside_whom_its_branches_have(committee, city):
    Base.objects.create(organisation=city.committee, year=YEAR, total=30)
    assert "Sổ nay có: 2" in text_of(committee.get(address("correct_base", city.committee)))


def test_a_unit_that_moved_away_is_no_longer_the_readers_to_correct(committee, board, changed):
    """It has its base of 1/1 under the committee; the correction is that of who answers for it today."""
    _propose(committee, changed.branch)
    reorganise.leave([reorganise.Leaving("DU1-01", dt.date(2024, 7, 1))], actor=None, today=TODAY)
    page = committee.get(address("bases", changed.committee))
    assert address("correct_base", changed.branch) not in page.content.decode()
    assert "Từ 1 thành 2" in text_of(board.get(address("base_corrections", changed.committee)))


# ---- rights ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["freeze_bases", "correct_base", "base_corrections"])
@pytest.mark.parametrize(
    ("role", "post_at", "unit", "answer"),
    [
        ("board", "top", "branch", 200),
        ("committee", "committee", "branch", 200),
        ("committee", "committee", "top", 403),
        ("committee", "committee", "outside", 404),
        ("branch", "branch", "branch", 403),
        ("standing", "top", "branch", 403),
    ],
)
def test_who_may(client, changed, name, role, post_at, unit, answer):
    client.force_login(a_user(role, getattr(changed, post_at)))
    assert client.get(address(name, getattr(changed, unit))).status_code == answer


def test_a_correction_elsewhere_is_out_of_reach(committee, board, changed):
    a_full_member(changed.outside)
    freeze(changed.top, YEAR, actor=None, today=TODAY)
    _propose(board, changed.outside, total="9")
    row = BaseCorrection.objects.get()
    own = address("base_corrections", changed.committee)
    assert "Không có đính chính nào chờ duyệt" in text_of(committee.get(own))
    committee.post(own, {"correction": row.pk, "deed": "approve"})
    assert BaseCorrection.objects.waiting().get() == row


def test_pages_ask_the_same_for_few_units_and_for_many(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = []
    city = a_city(committees=1, branches=6)
    reader, other = a_user("board", city.top), a_user("board", city.top)
    for some in (city.branches[:2], city.branches[2:]):
        for branch in some:
            a_full_member(branch)
        freeze(city.top, YEAR, actor=other, today=TODAY)
        for branch in some:
            a_full_member(branch)
            client.force_login(other)
            _propose(client, branch)
        client.force_login(reader)
        counts = {}
        for name in ("freeze_bases", "base_corrections", "bases"):
            client.get(address(name, city.committee))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(name, city.committee)).status_code == 200
            counts[name] = len(queries)
        asked.append(counts)
    assert asked[0] == asked[1]
