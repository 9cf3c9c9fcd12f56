"""Clocks on a case and a member, the sentence after a deed, the pages that change them, and the list."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.log.models import Entry
from cells.rules import deeds as rule_deeds
from cells.rules.models import Stratum
from membership import procedure
from membership.deadlines.milestones import Noted, note
from membership.deadlines.models import Extension, Milestone, RulesMove
from membership.models import Deadline, Spell, Stage
from membership.votes.models import Subject
from tests.factories import TODAY, a_case, a_case_taken_over, a_member, a_step, a_user, a_vote_on, the_papers
from tests.pages import ballots_of, hidden_of, problem_at, text_of

pytestmark = pytest.mark.django_db

D = dt.date
What = Milestone.What
#: a meeting of nine whom no register holds
OF_NINE = {"form": "secret", "present": "9", "base": "9", "base_reason": "chưa lập sổ đảng viên"}
RESOLVED = D(2024, 9, 2)


@pytest.fixture
def case(city):
    """Its branch resolved on 2/9/2024: to be decided by 26/11."""
    found = a_case(city.branch, stage=Stage.DOSSIER, listed_on=D(2024, 1, 5), step_days=20)
    return a_step(found, Stage.BRANCH_RESOLVED, RESOLVED)


@pytest.fixture
def decided(case):
    a_step(case, Stage.EXAMINED, D(2024, 9, 10))
    return a_step(case, Stage.DECIDED, D(2024, 9, 20))


@pytest.fixture
def member(city):
    """Twelve months on 20/6/2024, to be considered by 1/8."""
    return a_member(city.branch, ceremony_on=D(2023, 6, 20), decided_on=D(2023, 6, 10))


@pytest.fixture
def board(city):
    return a_user("board", city.top)


def clocks(page) -> dict[str, dict]:
    shown = page.context["clocks"]
    return {one["title"]: one for one in (*shown["now"], *shown["over"])}


def links(page) -> list[str]:
    return [link["label"] for one in page.context["clocks"]["now"] for link in one["links"]]


# ---- what is shown -------------------------------------------------------------------------------
def test_a_running_clock_with_its_rule(as_user, secretary, case):
    page = as_user(secretary).get(case.get_absolute_url())
    clock = clocks(page)["Hạn cấp có thẩm quyền quyết định"]
    # after 2/9: 3/9 off; 4–30/9: 19; 1–15/10: 30
    assert (clock["due"], clock["used"], clock["total"]) == (D(2024, 11, 26), 30, 60)
    text = text_of(page)
    for words in (
        "Hạn cấp có thẩm quyền quyết định: 26/11/2024",
        "đang chạy còn 30 ngày làm việc",
        "Đã qua 30 ngày làm việc trong 60 ngày làm việc, tính từ 02/09/2024.",
        "Trong 60 ngày làm việc kể từ ngày chi bộ ra nghị quyết",
        "Quy định số 24-QĐ/TW ngày 30/7/2021",
        "Nghị quyết chi bộ, thẩm tra lý lịch còn giá trị đến hết: 01/09/2025",
    ):
        assert words in text
    assert links(page) == []


@pytest.mark.parametrize(
    ("role", "at", "shown"),
    [
        ("branch", "branch", []),
        ("committee", "committee", ["Gia hạn"]),
        ("board", "top", ["Gia hạn"]),
        ("standing", "top", []),
        ("auditor", "top", []),
    ],
)
def test_who_may_extend(as_user, city, case, role, at, shown):
    page = as_user(a_user(role, getattr(city, at))).get(case.get_absolute_url())
    assert links(page) == shown
    answer = page.client.get(reverse("case_extend", args=[case.pk]))
    assert answer.status_code == (200 if shown else 403)


def test_an_overdue_clock_and_one_that_is_over(as_user, secretary, city):
    found = a_case(city.branch, stage=Stage.DOSSIER, listed_on=D(2024, 1, 5), step_days=20)
    found = a_step(found, Stage.BRANCH_RESOLVED, D(2024, 7, 2))
    page = as_user(secretary).get(found.get_absolute_url())
    assert "quá hạn 13 ngày làm việc" in text_of(page)  # 27/9, 30/9 and 1–15/10
    over = page.context["clocks"]["over"]
    assert [(one["title"], one["state"], one["ended_on"]) for one in over] == [
        ("Chứng nhận lớp nhận thức còn giá trị đến hết", "đã dùng khi còn giá trị", D(2024, 7, 2))
    ]


def test_a_start_that_is_assumed_says_so_until_the_day_is_known(as_user, secretary, decided):
    client = as_user(secretary)
    page = client.get(decided.get_absolute_url())
    assert "Chưa biết ngày chi bộ nhận quyết định; tạm tính từ ngày quyết định." in text_of(page)
    assert links(page) == ["Ghi ngày nhận quyết định"]
    url = reverse("case_milestone", args=[decided.pk, "nhan-quyet-dinh"])
    done = client.post(url, hidden_of(client.get(url)) | {"day": "26/09/2024"}, follow=True)
    assert "Hạn tổ chức lễ kết nạp: 07/11/2024." in text_of(done)
    assert links(done) == ["Sửa ngày đã ghi"]
    assert "tạm tính" not in text_of(done)


def test_a_deadline_in_a_year_not_announced_says_so(as_user, board, case, settings):
    settings.TODAY = D(2026, 11, 25)
    found = a_case(case.organisation, stage=Stage.DOSSIER, listed_on=D(2026, 1, 5), step_days=20, today=settings.TODAY)
    a_step(found, Stage.BRANCH_RESOLVED, D(2026, 11, 20), today=settings.TODAY)
    page = as_user(board).get(found.get_absolute_url())
    assert "Lịch nghỉ năm 2027 chưa công bố; hạn tính tạm." in text_of(page)


def test_on_a_past_day_only_what_had_begun_and_nothing_to_record(as_user, board, decided):
    client = as_user(board)
    page = client.get(f"{decided.get_absolute_url()}?on=2024-09-10")
    now = [one["title"] for one in page.context["clocks"]["now"]]
    assert now == ["Hạn cấp có thẩm quyền quyết định", "Nghị quyết chi bộ, thẩm tra lý lịch còn giá trị đến hết"]
    assert links(page) == []
    before = client.get(f"{decided.get_absolute_url()}?on=2024-08-30")
    assert [one["title"] for one in before.context["clocks"]["now"]] == ["Chứng nhận lớp nhận thức còn giá trị đến hết"]


def test_a_member_shows_the_clocks_of_probation(as_user, secretary, member, city):
    page = as_user(secretary).get(member.get_absolute_url())
    assert [one["title"] for one in page.context["clocks"]["now"]] == ["Hạn chi bộ xét công nhận chính thức"]
    assert links(page) == []  # the vote has its own button above
    assert [one["state"] for one in page.context["clocks"]["over"]] == ["xong trong hạn"]
    old = a_member(city.branch, recognised_on=D(2021, 5, 10))
    assert page.client.get(old.get_absolute_url()).context["clocks"] is None


def test_the_case_shows_the_clocks_of_its_member_too(as_user, secretary, decided):
    a_step(decided, Stage.ADMITTED, D(2024, 10, 8))
    page = as_user(secretary).get(decided.get_absolute_url())
    assert [one["title"] for one in page.context["clocks"]["now"]] == [
        "Hạn hoàn thành lý lịch đảng viên",
        "Hết thời gian dự bị",
        "Hạn chi bộ xét công nhận chính thức",
    ]
    assert links(page) == ["Ghi đã hoàn thành lý lịch"]


def test_a_case_asks_as_much_however_often_its_days_were_recorded(as_user, secretary, decided):
    """Thirteen of the questions are what the forecast of 31/12 asks, of one case as of all."""
    client, counts = as_user(secretary), []
    client.get(decided.get_absolute_url())
    for number in (1, 5):
        for _ in range(number):
            note([Noted(decided, What.RECEIVED, D(2024, 9, 26), reason="x")], actor=None, today=TODAY)
        with CaptureQueriesContext(connection) as asked:
            client.get(decided.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 66


# ---- the sentence after a deed -------------------------------------------------------------------
def test_every_step_says_what_is_due_next(as_user, city, secretary):
    found = a_case(city.branch, stage=Stage.DOSSIER, listed_on=D(2024, 1, 5), step_days=20)
    people = {"branch": secretary, "committee": a_user("committee", city.committee), "board": a_user("board", city.top)}

    def record(who, stage, day, **more):
        client = as_user(people[who])
        url = reverse("case_step", args=[found.pk, stage])
        page = client.get(url)
        typed = (ballots_of(page, (9, 0, 0)) | OF_NINE) if procedure.step_to(stage).vote else hidden_of(page)
        done = client.post(url, typed | {"day": day, "number": "7"} | more, follow=True)
        assert done.redirect_chain, done.context["form"].errors
        return text_of(done)

    told = record("branch", Stage.BRANCH_RESOLVED, "03/10/2024")
    assert "Đã ghi nghị quyết chi bộ ngày 03/10/2024. Hạn cấp có thẩm quyền quyết định: 26/12/2024." in told
    assert "Hạn cấp có thẩm quyền quyết định: 26/12/2024." in record("committee", Stage.EXAMINED, "07/10/2024")
    assert "Hạn tổ chức lễ kết nạp: 19/11/2024 (tạm tính)." in record("board", Stage.DECIDED, "08/10/2024")
    told = record("branch", Stage.ADMITTED, "14/10/2024", received_on="10/10/2024")
    assert "Hạn hoàn thành lý lịch đảng viên: 25/11/2024." in told
    assert Milestone.objects.get(what=What.RECEIVED).day == D(2024, 10, 10)


@pytest.mark.parametrize("day", ["19/09/2024", "15/10/2024", "16/10/2024", "x"])
def test_a_receipt_out_of_order_is_said_at_its_field(as_user, secretary, decided, day):
    client, url = as_user(secretary), reverse("case_step", args=[decided.pk, Stage.ADMITTED])
    refused = client.post(url, hidden_of(client.get(url)) | {"day": "14/10/2024", "received_on": day})
    assert problem_at(refused, "received_on")
    assert not Milestone.objects.exists()


def test_a_known_receipt_is_not_asked_again(as_user, secretary, decided):
    note([Noted(decided, What.RECEIVED, D(2024, 9, 26))], actor=None, today=TODAY)
    page = as_user(secretary).get(reverse("case_step", args=[decided.pk, Stage.ADMITTED]))
    assert "received_on" not in page.context["form"].fields


def test_an_old_certificate_is_refused_at_the_vote_with_its_rule(as_user, secretary, city):
    found = a_case_taken_over(city.branch, Stage.DOSSIER, D(2024, 8, 1), certificate_on=D(2019, 5, 6))
    client, url = as_user(secretary), reverse("case_step", args=[found.pk, Stage.BRANCH_RESOLVED])
    assert links(client.get(found.get_absolute_url())) == ["Ghi chứng nhận mới"]
    typed = OF_NINE | {"day": "10/10/2024", "number": "7"}
    refused = client.post(url, ballots_of(client.get(url), (9, 0, 0)) | typed)
    assert "đến hết ngày 05/05/2024" in problem_at(refused, f"c{found.pk}-yes")
    renew = reverse("case_milestone", args=[found.pk, "chung-nhan-moi"])
    client.post(renew, hidden_of(client.get(renew)) | {"day": "05/09/2024", "number": "88/CN"})
    the_papers(found, Stage.BRANCH_RESOLVED, D(2024, 10, 1))
    client.post(url, ballots_of(client.get(url), (9, 0, 0)) | typed)
    found.refresh_from_db()
    assert found.stage == Stage.BRANCH_RESOLVED


# ---- pages that change a clock -------------------------------------------------------------------
BAD_EXTENSIONS = [
    ({"days": ""}, "days", "Ghi một số"),
    ({"days": "ba mươi"}, "days", "ba mươi"),
    ({"days": "31"}, "days", "từ 1 đến 30"),
    ({"day": "30/02/2024"}, "day", "không có ngày 30"),
    ({"day": "01/09/2024"}, "day", "trong thời hạn"),
    ({"number": ""}, "number", "Ghi mục này"),
    ({"reason": "x\x01"}, "reason", "ký tự"),
    ({"version": ""}, "version", "cũ"),
]


def test_bad_extensions_are_said_at_their_field(as_user, board, case):
    client, url = as_user(board), reverse("case_extend", args=[case.pk])
    good = hidden_of(client.get(url)) | {"days": "30", "day": "01/10/2024", "number": "5-CV", "reason": "thẩm tra xa"}
    for typed, field, says in BAD_EXTENSIONS:
        assert says in problem_at(client.post(url, good | typed), field), typed
        assert not Extension.objects.exists()


def test_an_extension_is_recorded_then_put_right(as_user, board, case):
    client, url = as_user(board), reverse("case_extend", args=[case.pk])
    page = client.get(url)
    assert "Nhiều nhất 30 ngày làm việc" in text_of(page)
    good = {"days": "30", "day": "01/10/2024", "number": "5-CV", "reason": "thẩm tra xa"}
    done = client.post(url, hidden_of(page) | good, follow=True)
    assert "Hạn cấp có thẩm quyền quyết định: 08/01/2025." in text_of(done)
    assert "Đã gia hạn thêm 30 ngày làm việc." in text_of(done)
    assert links(done) == ["Sửa gia hạn"]
    page = client.get(url)
    assert page.context["form"].initial["days"] == 30
    client.post(url, hidden_of(page) | good | {"days": "10", "reason": "ghi nhầm"})
    assert Deadline.objects.get(candidacy=case, kind="decision").extended == 10
    stale = client.post(url, hidden_of(page) | good | {"days": "12"})
    assert stale.status_code == 409


def test_a_member_is_followed_to_the_decision(as_user, city, member):
    secretary, keeper = a_user("branch", city.branch), a_user("committee", city.committee)
    a_vote_on(member, D(2024, 9, 20))
    shown = as_user(secretary).get(member.get_absolute_url())
    assert "Hạn quyết định công nhận chính thức" in text_of(shown)
    assert "01/11/2024" in text_of(shown)
    client = as_user(keeper)
    assert links(client.get(member.get_absolute_url())) == ["Gia hạn"]
    a_vote_on(member, D(2024, 9, 25), subject=Subject.COMMITTEE_RECOGNITION)
    url = reverse("member_recognise", args=[member.pk])
    client.post(url, hidden_of(client.get(url)) | {"decided_on": "10/10/2024", "number": "16-QĐ"})
    assert Spell.objects.get(person=member.person, to_day=None).standing == "full"


def test_on_behalf_of_a_branch_its_paper_is_asked(as_user, city, member):
    client = as_user(a_user("committee", city.committee))
    url = reverse("member_milestone", args=[member.pk, "ly-lich"])
    page = client.get(url)
    assert "nhập thay" in text_of(page)
    refused = client.post(url, hidden_of(page) | {"day": "10/10/2024"})
    assert {"number", "paper_day"} == set(refused.context["form"].errors)
    client.post(url, hidden_of(page) | {"day": "10/10/2024", "number": "3", "paper_day": "11/10/2024"})
    row = Milestone.objects.get()
    assert (row.on_behalf, row.reason) == (True, "văn bản ngày 11/10/2024")


def test_no_day_of_another_sort_has_a_page(as_user, board, case, member):
    client = as_user(board)
    for name, row, slug in (
        ("case_milestone", case, "ly-lich"),
        ("member_milestone", member, "nhan-quyet-dinh"),
        ("case_milestone", case, "khong-co"),
    ):
        assert client.get(reverse(name, args=[row.pk, slug])).status_code == 404


def test_a_case_is_moved_to_a_new_rule_on_purpose(as_user, board, case):
    client = as_user(board)
    assert client.get(case.get_absolute_url()).context["clocks"]["newer"] == []
    rule_deeds.new_version(
        key="decision_days", value="45", from_day=D(2024, 10, 10), document="Quy định thử", text="Thử.",
        confidence="M", actor=None,
    )  # fmt: skip
    page = client.get(case.get_absolute_url())
    assert "đã có Quy định thử (hạn cấp có thẩm quyền quyết định)" in text_of(page)
    url = reverse("case_rules", args=[case.pk])
    refused = client.post(url, hidden_of(client.get(url)) | {"day": "09/10/2024", "reason": "đề nghị"})
    assert "Không có thời hạn đang chạy nào đổi" in problem_at(refused, "day")
    done = client.post(url, hidden_of(client.get(url)) | {"day": "15/10/2024", "reason": "đề nghị"}, follow=True)
    assert "Hạn cấp có thẩm quyền quyết định: 05/11/2024." in text_of(done)
    assert RulesMove.objects.get().reason == "đề nghị"


# ---- the list ------------------------------------------------------------------------------------
@pytest.fixture
def some(city, case, member):
    """An overdue decision elsewhere, a running one here, a review overdue here."""
    late = a_case(city.outside, stage=Stage.DOSSIER, listed_on=D(2024, 1, 5), step_days=20)
    return a_step(late, Stage.BRANCH_RESOLVED, D(2024, 7, 2))


LISTED = {
    "": ["review", "decision"],
    "?state=overdue&kind=decision": ["decision"],
    "?state=open&kind=decision": ["decision", "decision"],
    "?state=coming": [],
    "?state=expired": [],
    "?state=open&unit=DU1-01": ["review", "decision", "dossier"],
    "?unit=DU2": ["decision"],
    "?state=nonsense&kind=nonsense": ["review", "decision"],
    "?on=2024-09-30": ["review", "decision"],
    "?on=2024-09-20": ["review"],
    "?on=2024-08-01": [],
}


def test_the_list_by_state_unit_and_day(as_user, board, some):
    client = as_user(board)
    for query, found in LISTED.items():
        page = client.get(f"/thoi-han/{query}")
        assert [row.kind for row in page.context["page"]] == found, query
        assert ("Không có" in text_of(page)) == (not found), query


def test_the_list_by_the_stratum_of_a_case_and_of_a_member(as_user, board, city, member):
    strata = tuple(Stratum.objects.filter(code__in=("student", "pupil")))
    open_case, admitted = (
        a_case(unit, stage=stage, listed_on=D(2024, 1, 5), step_days=20, strata=strata)
        for unit, stage in ((city.branch, Stage.BRANCH_RESOLVED), (city.sibling, Stage.ADMITTED))
    )
    client, of_both = as_user(board), {open_case.person_id, admitted.person_id}
    for code, people in (
        ("student", of_both),
        ("religious", set()),
        ("unknown", {member.person_id}),
        ("nonsense", of_both | {member.person_id}),
    ):
        rows = list(client.get(f"/thoi-han/?state=all&stratum={code}").context["page"])
        assert {row.subject.person_id for row in rows} == people, code
        assert len({row.pk for row in rows}) == len(rows), "nobody twice"


def test_the_list_stays_within_the_readers_units(as_user, city, some):
    client = as_user(a_user("branch", city.branch))
    assert [row.kind for row in client.get("/thoi-han/").context["page"]] == ["review"]
    assert client.get("/thoi-han/?unit=DU2-02").status_code == 404
    assert Entry.objects.filter(sort=Entry.Sort.READ, subject="list", actor__isnull=False).exists()
    assert as_user(a_user("body", city.top)).get("/thoi-han/").context["page"].paginator.count == 0


def test_the_list_in_any_order(as_user, board, some):
    client = as_user(board)
    for sort in ("due", "-due", "name", "unit", "kind", "nonsense"):
        page = client.get(f"/thoi-han/?state=open&sort={sort}")
        days = [row.due for row in page.context["page"]]
        assert sorted(days) == sorted(Deadline.objects.open_on(TODAY).values_list("due", flat=True)), sort
        if sort in ("due", "-due", "nonsense"):
            assert days == sorted(days, reverse=sort == "-due"), sort


def test_the_list_asks_the_same_however_long(as_user, board, city):
    client, counts = as_user(board), []
    client.get("/thoi-han/?state=open")
    for number in (2, 8):
        for _ in range(number):
            a_step(
                a_case(city.branch, stage=Stage.DOSSIER, listed_on=D(2024, 1, 5), step_days=20),
                Stage.BRANCH_RESOLVED,
                D(2024, 7, 2),
            )
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/thoi-han/?state=open").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16
