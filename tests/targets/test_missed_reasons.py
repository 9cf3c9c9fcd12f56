"""Why a quota was missed: said by who does the unit's work, kept, and shown where the year is."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.log.models import Entry
from cells.models import MissReason
from cells.organisations import reorganise
from cells.people.models import Role
from cells.verdict import Refused
from reports import period
from reports.tables import TABLES, Question
from targets.missed.say import MissedLine, say_missed
from targets.models import MissedReason
from targets.quotas.take_over import QuotaLine, issue_quotas
from tests.factories import TODAY, a_city, a_full_member, a_unit, a_user
from tests.pages import form_of, problem_at, text_of

pytestmark = pytest.mark.django_db

D = dt.date


@pytest.fixture
def city():
    return a_city()


def reason(code):
    return MissReason.objects.get(code=code)


def say(unit, *codes, note="", year=2023, actor=None):
    line = MissedLine(unit, year, [reason(code) for code in codes], note)
    return say_missed([line], actor=actor, today=TODAY)


def in_force(unit, year=2023):
    rows = MissedReason.objects.in_force().filter(organisation=unit, year=year)
    return [(row.reason.code, row.note) for row in rows.order_by("reason__order")]


# ---- the deed --------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_several_reasons_are_one_word_and_the_next_takes_its_place(city):
    secretary = a_user(Role.BRANCH, city.branch)
    say(city.branch, "migrant_work", "verification_far", note="12 thanh niên đi Bình Dương", actor=secretary)
    say(city.sibling, "migrant_work")
    assert len(in_force(city.branch)) == 2
    say(city.branch, "verification_far", note="nay chỉ còn việc này")
    assert in_force(city.branch) == [("verification_far", "nay chỉ còn việc này")]
    assert in_force(city.sibling) == [("migrant_work", "")]
    kept = MissedReason.objects.filter(organisation=city.branch).order_by("pk")
    assert [(row.word, row.in_force, row.made_by, row.said_on) for row in kept] == [
        (1, False, secretary, TODAY),
        (1, False, secretary, TODAY),
        (2, True, None, TODAY),
    ]
    assert MissedReason.objects.in_words([2022, 2023]) == {
        (city.branch.pk, 2023): "thẩm tra ở xa, chậm (nay chỉ còn việc này)",
        (city.sibling.pk, 2023): "người đi làm ăn xa, di cư",
    }


def test_the_same_word_again_is_none_and_a_reason_told_twice_is_one(city):
    twice = MissedLine(city.branch, 2023, [reason("migrant_work")] * 2)
    assert len(say_missed([twice], actor=None, today=TODAY)) == 1
    assert say(city.branch, "migrant_work") == []
    assert say(city.branch, "migrant_work", note="rõ hơn")[0].word == 2
    assert Entry.objects.filter(deed="say_missed").count() == 2


def test_a_word_taken_up_again_is_a_new_one(city):
    for codes in (["migrant_work"], ["unqualified_people"], ["migrant_work"]):
        say(city.branch, *codes)
    assert list(MissedReason.objects.order_by("word").values_list("word", "in_force")) == [
        (1, False), (2, False), (3, True),
    ]  # fmt: skip


BAD = {
    "no reason": ({"codes": []}, ["reasons"]),
    "other, without saying which": ({"codes": ["other"]}, ["note"]),
    "a year not begun": ({"year": 2025}, ["year"]),
    "an absurd year": ({"year": 23}, ["year"]),
    "a unit not yet founded": ({"unit": "N"}, ["organisation"]),
    "a reason no longer in use": ({"codes": ["migrant_work", "inattentive_committee"]}, ["reasons"]),
}


@pytest.mark.parametrize(("more", "fields"), BAD.values(), ids=BAD)
def test_bad_words(city, more, fields):
    MissReason.objects.filter(code="inattentive_committee").update(to_day=D(2024, 1, 1))
    new = a_unit("N", "branch", city.committee, day=D(2024, 7, 1))
    wanted = {"unit": "", "codes": ["migrant_work"], "year": 2023} | more
    with pytest.raises(Refused) as refusal:
        say(new if wanted["unit"] else city.branch, *wanted["codes"], year=wanted["year"])
    assert [problem.field for problem in refusal.value.problems] == fields
    assert not MissedReason.objects.exists()


def test_the_same_unit_twice_is_refused_and_one_that_left_still_tells(city):
    line = MissedLine(city.branch, 2023, [reason("migrant_work")])
    with pytest.raises(Refused):
        say_missed([line, line], actor=None, today=TODAY)
    reorganise.leave([reorganise.Leaving(city.branch.code, D(2024, 7, 1))], actor=None, today=TODAY)
    assert len(say_missed([line], actor=None, today=TODAY)) == 1


# ---- the page --------------------------------------------------------------------------------------


def address(unit, year=2023):
    return reverse("missed_reasons", args=[unit.code, year])


@pytest.mark.parametrize(("role", "at"), [(Role.BRANCH, "branch"), (Role.COMMITTEE, "committee"), (Role.BOARD, "top")])
def test_who_does_the_unit_s_work_says_why(client, city, role, at):
    client.force_login(a_user(role, getattr(city, at)))
    page = client.get(address(city.branch))
    assert "người đi làm ăn xa, di cư" in text_of(page)
    typed = {"reasons": [reason("migrant_work").pk, reason("other").pk], "note": "Khu phố giải tỏa"}
    done = client.post(address(city.branch), typed, follow=True)
    assert "Đã ghi lý do không đạt chỉ tiêu năm 2023 của Chi bộ khu phố 1." in text_of(done)
    assert "lý do khác (Khu phố giải tỏa)" in text_of(done)
    assert form_of(done)["note"] == "Khu phố giải tỏa"
    again = client.post(address(city.branch), typed, follow=True)
    assert "Không có gì thay đổi để ghi." in text_of(again)
    client.post(address(city.branch), {"reasons": [reason("migrant_work").pk], "note": ""})
    assert "(đã thay)" in text_of(client.get(address(city.branch)))


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({}, "reasons", "Chọn ít nhất một lý do."),
        ({"reasons": ["9999"]}, "reasons", "trong danh sách"),
        ({"reasons": ["x"]}, "reasons", "trong danh sách"),
        ({"reasons": "other", "note": " "}, "note", "nói rõ"),
        ({"reasons": "other", "note": "a\x00b"}, "note", "ký tự"),
        ({"reasons": "other", "note": "a" * 301}, "note", "300"),
    ],
)
def test_what_is_wrong_is_told_at_the_field_and_nothing_typed_is_lost(client, city, typed, field, says):
    client.force_login(a_user(Role.BRANCH, city.branch))
    if typed.get("reasons") == "other":
        typed = typed | {"reasons": [reason("other").pk]}
    page = client.post(address(city.branch), {"nothing": "1"} | typed)
    assert says in problem_at(page, field)
    if len(typed.get("note", "")) > 3:
        assert typed["note"] in page.content.decode()
    assert not MissedReason.objects.exists()


def test_a_year_to_come_and_a_unit_elsewhere(client, city):
    client.force_login(a_user(Role.BRANCH, city.branch))
    page = client.post(address(city.branch, 2025), {"reasons": [reason("migrant_work").pk]})
    assert "Năm 2025 không hợp lệ" in text_of(page)
    assert client.get(address(city.branch, 2026)).status_code == 404
    assert client.get(address(city.outside)).status_code == 404
    assert client.get(address(city.committee)).status_code == 403


# ---- the tables ------------------------------------------------------------------------------------


def rows(key, unit, choice="", year=2024):
    asked = period.of_year(year, TODAY, today=TODAY)
    return TABLES[key].answer(Question(unit, asked, min(TODAY, asked.last), rows=choice)).rows


def missed(city):
    """The branch keeps a register and missed 2022 and 2023."""
    a_full_member(city.branch)
    issue_quotas([QuotaLine(city.branch, year, 1) for year in (2022, 2023)], actor=None, today=TODAY)


@pytest.mark.both_databases
def test_the_table_of_missed_years_tells_the_reasons_of_the_last_one(city):
    missed(city)
    say(city.branch, "unqualified_people", year=2022)
    (row,) = rows("missed-years", city.committee)
    assert (row["years_missed"], row["reasons"], row["said_year"]) == (2, None, 2023)
    say(city.branch, "migrant_work", "verification_far", year=2023)
    (row,) = rows("missed-years", city.committee)
    assert row["reasons"] == "thẩm tra ở xa, chậm; người đi làm ăn xa, di cư"


@pytest.mark.both_databases
def test_the_table_of_no_admission_tells_the_reasons_of_the_year_asked(city):
    missed(city)
    say(city.branch, "migrant_work", year=2023)
    said = {row["code"]: row["reasons"] for row in rows("no-admission", city.committee, year=2023)}
    assert said == {city.branch.code: "người đi làm ăn xa, di cư", city.sibling.code: None}
    assert {row["reasons"] for row in rows("no-admission", city.committee)} == {None}


def cells(page, label):
    return [cell for line in page.context["lines"] for cell in line["cells"] if cell["label"] == label]


@pytest.mark.parametrize(
    ("role", "text", "leads"),
    [(Role.BOARD, "Ghi lý do", True), (Role.COMMITTEE, "Ghi lý do", True), (Role.STANDING, "–", False)],
)
def test_who_may_say_it_is_led_there(client, city, role, text, leads):
    missed(city)
    client.force_login(a_user(role, city.committee))
    page = client.get(reverse("table", args=[city.committee.code, "missed-years"]))
    (cell,) = cells(page, "Lý do năm gần nhất")
    assert cell["text"] == text
    assert cell["url"] == (address(city.branch) if leads else "")
    say(city.branch, "migrant_work")
    (cell,) = cells(client.get(page.request["PATH_INFO"]), "Lý do năm gần nhất")
    assert (cell["text"], bool(cell["url"])) == ("người đi làm ăn xa, di cư", leads)
    past = client.get(page.request["PATH_INFO"] + "?on=2024-06-30")
    assert [cell["url"] for cell in cells(past, "Lý do năm gần nhất")] == [""]


def test_own_words_are_for_those_who_see_people(client, city):
    missed(city)
    say(city.branch, "other", note="Anh A chưa dứt khoát")
    client.force_login(a_user(Role.BODY, city.committee))
    page = client.get(reverse("table", args=[city.committee.code, "missed-years"]))
    assert len(page.context["lines"]) == 1
    assert "dứt khoát" not in text_of(page)
    assert "dứt khoát" not in client.get(page.request["PATH_INFO"] + "?file=csv").content.decode()


def test_a_unit_that_is_gone_leads_nowhere(client, city):
    missed(city)
    reorganise.leave([reorganise.Leaving(city.branch.code, D(2024, 7, 1))], actor=None, today=TODAY)
    client.force_login(a_user(Role.BOARD, city.top))
    page = client.get(reverse("table", args=[city.committee.code, "missed-years"]))
    assert [cell["url"] for cell in cells(page, "Lý do năm gần nhất")] == [""]
