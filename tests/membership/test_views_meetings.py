"""The pages of meetings: several people at once, what is refused where, two clerks at once, and corrections."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.people.models import Role
from membership.models import RecognitionDecision, Spell, Stage, Vote
from tests.factories import TODAY, a_case, a_full_member, a_member, a_user, a_vote, a_vote_on
from tests.pages import ballots_of, hidden_of, text_of

pytestmark = pytest.mark.django_db

D = dt.date
TYPED = {"day": "10/10/2024", "form": "secret", "number": "21-NQ/CB", "present": "9"}


@pytest.fixture(scope="module")
def the_branch(once, the_city):
    def build():
        branch = the_city().branch
        for _ in range(9):
            a_full_member(branch)
        for name in ("Bùi Văn An", "Đỗ Thị Bình", "Trần Văn Cường"):
            a_case(branch, stage=Stage.DOSSIER, name=name)
        a_member(branch, name="Lê Thị Dung", decided_on=D(2023, 9, 1))
        return branch

    return once(build)


@pytest.fixture
def branch(the_branch, db):
    """Nine full members, three dossiers, one probation that is over."""
    return the_branch()


@pytest.fixture
def small(city):
    """Another branch, of which nothing is recorded."""
    return city.sibling


@pytest.fixture
def its_secretary(small):
    return a_user("branch", small, office="secretary")


def url_of(unit) -> str:
    return reverse("branch_meeting", args=[unit.code])


def test_three_people_one_passes_one_fails_one_is_not_considered(branch, as_user, secretary):
    client = as_user(secretary)
    page = client.get(url_of(branch))
    shown = text_of(page)
    assert "9 chính thức = 9 người được tính. Cần ít nhất 6 phiếu tán thành (2/3 tổng số)" in shown
    assert [row.name for row in page.context["form"].rows] == [
        "Bùi Văn An", "Đỗ Thị Bình", "Trần Văn Cường", "Lê Thị Dung",
    ]  # fmt: skip
    done = client.post(url_of(branch), ballots_of(page, (6, 3, 0), (5, 2, 2), None, (7, 1, 1)) | TYPED, follow=True)
    told = text_of(done)
    assert "Bùi Văn An: 6/9 phiếu tán thành ngày 10/10/2024, cần 6: đủ." in told
    assert "Đỗ Thị Bình: 5/9 phiếu tán thành ngày 10/10/2024, cần 6: chưa đủ." in told
    assert "Lê Thị Dung: 7/9 phiếu tán thành" in told
    assert [row.name for row in done.context["form"].rows] == ["Đỗ Thị Bình", "Trần Văn Cường"]
    assert "đã biểu quyết 1 lần, chưa đủ số phiếu" in told
    assert Vote.objects.count() == 3


@pytest.mark.parametrize(
    ("typed", "counts", "field", "says"),
    [
        ({}, (6, 3, 1), "yes", "6 + 3 + 1 = 10, khác số có mặt 9: thừa 1 phiếu"),
        ({}, (10, 0, 0), "yes", "nhiều hơn tổng số 9"),
        ({"present": "10"}, (10, 0, 0), "present", "nhiều hơn tổng số 9"),
        ({"present": ""}, (6, 3, 0), "present", "Ghi một số"),
        ({"present": "chín"}, (6, 3, 0), "present", "số"),
        ({"day": ""}, (6, 3, 0), "day", "Ghi ngày"),
        ({"day": "16/10/2024"}, (6, 3, 0), "day", "sau ngày hôm nay"),
        ({"form": "loud"}, (6, 3, 0), "form", "Chọn"),
        ({"number": ""}, (6, 3, 0), "number", "Ghi số nghị quyết"),
        ({"base": "12"}, (6, 3, 0), "base_reason", "khác sổ (9)"),
        ({"day": "01/02/2024"}, (6, 3, 0), "yes", "trước ngày ghi"),
        ({}, None, "", "Ghi kết quả của ít nhất một người"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(branch, as_user, secretary, typed, counts, field, says):
    client = as_user(secretary)
    sent = ballots_of(client.get(url_of(branch)), counts, None, None, None) | TYPED | typed
    answer = client.post(url_of(branch), sent)
    form = answer.context["form"]
    at = f"{form.rows[0].key}-yes" if field == "yes" else field
    errors = form.errors[at] if at else form.non_field_errors()
    assert any(says in error for error in errors)
    assert not Vote.objects.exists()
    assert 'value="21-NQ/CB"' in answer.content.decode() or "number" in typed


def test_a_count_that_is_no_number(branch, as_user, secretary):
    client = as_user(secretary)
    page = client.get(url_of(branch))
    key = page.context["form"].rows[0].key
    sent = ballots_of(page, (6, 3, 0), None, None, None) | TYPED | {f"{key}-no": "ba\x00"}
    assert f"{key}-no" in client.post(url_of(branch), sent).context["form"].errors


def test_another_day_with_another_roll_is_shown_first(city, branch, as_user, secretary):
    a_full_member(city.branch, recognised_on=D(2024, 10, 12))
    client = as_user(secretary)
    page = client.get(url_of(branch))
    assert "10 chính thức" in text_of(page)
    sent = ballots_of(page, (6, 3, 0), None, None, None) | TYPED
    told = client.post(url_of(branch), sent)
    assert "Sổ ngày 10/10/2024 có 9 chính thức, khác số hiện lúc mở trang" in told.context["form"].errors["day"][0]
    assert "Cần ít nhất 6" in text_of(told)
    client.post(url_of(branch), sent | {"shown": hidden_of(told)["shown"]})
    assert Vote.objects.get().base == 9


def test_the_second_clerk_is_told_and_keeps_what_was_typed(city, branch, as_user, secretary):
    deputy = a_user("branch", branch, name="Đặng Thu Hà")
    page = as_user(secretary).get(url_of(branch))
    first = ballots_of(page, (6, 3, 0), None, None, (6, 3, 0)) | TYPED
    as_user(deputy).post(url_of(branch), first)
    told = as_user(secretary).post(url_of(branch), ballots_of(page, (7, 2, 0), (9, 0, 0), None, None) | TYPED)
    assert told.status_code == 409
    shown = text_of(told)
    assert "Đặng Thu Hà đã ghi biểu quyết ngày 10/10/2024: 6/9 tán thành" in shown
    body = told.content.decode()
    assert 'value="7"' in body
    assert 'value="9"' in body
    assert Vote.objects.count() == 2
    again = ballots_of(told, None, (9, 0, 0), None, None) | TYPED
    assert as_user(secretary).post(url_of(branch), again).status_code == 302
    assert Vote.objects.count() == 3


def test_the_same_form_twice_is_recorded_once(branch, as_user, secretary):
    client = as_user(secretary)
    sent = ballots_of(client.get(url_of(branch)), (5, 4, 0), None, None, (6, 3, 0)) | TYPED
    assert [client.post(url_of(branch), sent).status_code for _ in range(2)] == [302, 302]
    assert Vote.objects.count() == 2


def test_a_branch_too_small_is_told_before_anything_is_typed(small, as_user, its_secretary):
    for _ in range(2):
        a_full_member(small)
    a_case(small, stage=Stage.DOSSIER)
    shown = text_of(as_user(its_secretary).get(url_of(small)))
    assert "Chi bộ chưa đủ đảng viên chính thức để biểu quyết" in shown
    assert "Điều lệ Đảng, Điều 21" in shown


def test_a_branch_without_a_register_types_the_number(small, as_user, its_secretary):
    case = a_case(small, stage=Stage.DOSSIER)
    client = as_user(its_secretary)
    url = reverse("case_step", args=[case.pk, Stage.BRANCH_RESOLVED])
    sent = ballots_of(client.get(url), (9, 0, 0)) | TYPED
    refused = client.post(url, sent)
    assert {"base", "base_reason"} <= set(refused.context["form"].errors)
    done = client.post(url, sent | {"base": "9", "base_reason": "chưa lập sổ"}, follow=True)
    assert done.redirect_chain == [(case.get_absolute_url(), 302)]
    assert "Tổng số ghi tay: chưa lập sổ" in text_of(done)


def test_too_young_is_told_with_the_first_day_and_over_age_that_a_consent_is_asked(small, as_user, its_secretary):
    for _ in range(9):
        a_full_member(small)
    a_case(small, stage=Stage.DOSSIER, born=D(2006, 12, 20))
    old = a_case(small, stage=Stage.DOSSIER, born=D(1960, 12, 20))
    client = as_user(its_secretary)
    page = client.get(url_of(small))
    assert "sớm nhất là ngày 01/12/2024" in text_of(page)
    assert "Đã trên 60 tuổi: phải có văn bản đồng ý" in text_of(page)
    client.post(url_of(small), ballots_of(page, (9, 0, 0)) | TYPED)
    old.refresh_from_db()
    assert old.stage == Stage.BRANCH_RESOLVED


def test_the_committee_records_its_own_meeting_and_a_branch_s_by_its_paper(city, branch, as_user):
    clerk = a_user("committee", city.committee)
    client = as_user(clerk)
    page = client.get(url_of(branch))
    assert "nhập thay" in text_of(page)
    sent = ballots_of(page, (6, 3, 0), None, None, (6, 3, 0)) | TYPED
    assert "paper_day" in client.post(url_of(branch), sent).context["form"].errors
    client.post(url_of(branch), sent | {"paper_day": "11/10/2024"})
    vote = Vote.objects.filter(candidacy__isnull=False).get()
    assert (vote.on_behalf, vote.note) == (True, "văn bản ngày 11/10/2024")
    url = reverse("committee_meeting", args=[city.committee.code])
    page = client.get(url)
    assert len(page.context["form"].rows) == 2
    refused = client.post(url, ballots_of(page, (10, 1, 0), (10, 1, 0)) | TYPED | {"present": "11"})
    assert "base" in refused.context["form"].errors
    client.post(url, ballots_of(page, (10, 1, 0), (9, 2, 0)) | TYPED | {"present": "11", "base": "15"})
    assert Vote.objects.filter(organisation=city.committee).count() == 2
    assert client.get(url).context["form"].initial["base"] == 15


@pytest.mark.parametrize(
    ("name", "unit", "role", "status"),
    [
        ("branch_meeting", "committee", Role.COMMITTEE, 302),  # no branch: back to the unit
        ("committee_meeting", "branch", Role.BOARD, 302),
        ("committee_meeting", "branch", Role.BRANCH, 403),
        ("committee_meeting", "committee", Role.BRANCH, 404),
        ("branch_meeting", "branch", Role.AUDITOR, 403),
        ("branch_meeting", "sibling", Role.BRANCH, 404),
    ],
)
def test_who_records_which_meeting(city, as_user, name, unit, role, status):
    at = {Role.COMMITTEE: city.committee, Role.BOARD: city.top, Role.AUDITOR: city.top}.get(role, city.branch)
    if status == 404 and unit == "committee":
        at = city.outside
    client = as_user(a_user(role, at))
    url = reverse(name, args=[getattr(city, unit).code])
    assert client.get(url).status_code == status


@pytest.mark.parametrize("rows", [2, 6])
def test_the_page_asks_the_same_however_many(small, as_user, its_secretary, rows, django_assert_max_num_queries):
    for _ in range(rows):
        a_vote(a_case(small, stage=Stage.DOSSIER), D(2024, 9, 1), yes=5, no=4)
        a_vote_on(a_member(small, decided_on=D(2023, 9, 1)), D(2024, 9, 2), yes=5)
    client = as_user(its_secretary)
    with django_assert_max_num_queries(38):
        assert len(client.get(url_of(small)).context["form"].rows) == 2 * rows


# --- from the ceremony to recognition ------------------------------------------------------------
def test_from_the_probation_s_end_to_the_decision(city, branch, as_user, secretary):
    spell = Spell.objects.get(person__name="Lê Thị Dung")
    committee, board = a_user("committee", city.committee), a_user("board", city.top)
    page = as_user(secretary).get(spell.get_absolute_url())
    url = page.context["recognition"]["url"]
    assert url == reverse("member_vote", args=[spell.pk])
    as_user(secretary).post(url, ballots_of(as_user(secretary).get(url), (6, 2, 1)) | TYPED)
    waits = text_of(as_user(secretary).get(spell.get_absolute_url()))
    assert "Chi bộ đã đề nghị công nhận ngày 10/10/2024" in waits
    assert "Đang chờ đảng ủy cơ sở" in waits
    url = as_user(committee).get(spell.get_absolute_url()).context["recognition"]["url"]
    assert url == reverse("member_examine", args=[spell.pk])
    sent = ballots_of(as_user(committee).get(url), (10, 1, 0)) | TYPED | {"present": "11", "base": "15"}
    as_user(committee).post(url, sent)
    url = as_user(board).get(spell.get_absolute_url()).context["recognition"]["url"]
    assert url == reverse("member_recognise", args=[spell.pk])
    assert set(as_user(board).get(url).context["form"].fields) == {"decided_on", "number"}
    done = as_user(board).post(url, {"decided_on": "14/10/2024", "number": "88-QĐ/TU"}, follow=True)
    shown = text_of(done)
    assert "đảng viên chính thức từ ngày 01/09/2024" in shown
    assert "88-QĐ/TU ngày 14/10/2024" in shown
    assert "Chi bộ đề nghị công nhận chính thức, lần 1: đủ số phiếu" in shown
    assert RecognitionDecision.objects.get().without_votes == ""


def test_three_votes_in_vain_are_shown_with_the_rule(city, as_user, secretary):
    spell = a_member(city.branch, decided_on=D(2023, 9, 1))
    for day in (D(2024, 9, 5), D(2024, 9, 15), D(2024, 9, 25)):
        a_vote_on(spell, day, yes=5)
    shown = text_of(as_user(secretary).get(spell.get_absolute_url()))
    assert "Chi bộ đã biểu quyết 3 lần không đủ số phiếu" in shown
    assert "báo cáo cấp ủy cấp trên quyết định" in shown
    assert "Sau 3 lần chi bộ biểu quyết" in shown
    url = reverse("committee_meeting", args=[city.committee.code])
    page = as_user(a_user("committee", city.committee)).get(url)
    assert [row.pk for row in page.context["form"].rows] == [spell.pk]


def test_a_past_day_shows_the_way_as_it_stood(city, as_user, secretary):
    spell = a_member(city.branch, decided_on=D(2023, 9, 1))
    a_vote_on(spell, D(2024, 9, 5), yes=9)
    page = as_user(secretary).get(f"{spell.get_absolute_url()}?on=2024-09-04")
    assert "chi bộ biểu quyết công nhận trước" in text_of(page)
    assert page.context["recognition"]["url"] == ""


def test_away_and_back(city, as_user):
    spell = a_full_member(city.branch)
    client = as_user(a_user("committee", city.committee))
    url = reverse("member_temporary", args=[spell.pk])
    done = client.post(url, {"day": "01/09/2024", "place": "Trường Chính trị tỉnh"}, follow=True)
    assert "Trường Chính trị tỉnh, từ 01/09/2024" in text_of(done)
    assert "last" in client.post(url, {"last": "31/08/2024"}).context["form"].errors
    done = client.post(url, {"last": "30/09/2024"}, follow=True)
    assert "Sinh hoạt tạm thời ·" not in text_of(done)
    assert spell.person.temporary_transfers.get().last_day == D(2024, 9, 30)


# --- corrections ---------------------------------------------------------------------------------
def test_a_vote_is_corrected_from_the_story_and_leads_back(branch, as_user, secretary):
    case = a_case(branch, stage=Stage.DOSSIER)
    vote = a_vote(case, D(2024, 10, 1), yes=6, no=3, base=None)
    client = as_user(secretary)
    url = reverse("case_correct_vote", args=[case.pk, vote.pk])
    assert url in client.get(case.get_absolute_url()).content.decode()
    page = client.get(url)
    sent = ballots_of(page, (5, 4, 0)) | TYPED | {"day": "01/10/2024"}
    assert "reason" in client.post(url, sent).context["form"].errors
    done = client.post(url, sent | {"reason": "đếm lại"}, follow=True)
    assert "chưa đủ số phiếu" in text_of(done)
    case.refresh_from_db()
    assert case.stage == Stage.DOSSIER
    stale = client.post(url, sent | {"reason": "lần nữa"})
    assert stale.status_code == 409


def test_a_vote_is_taken_back(branch, as_user, secretary):
    spell = Spell.objects.get(person__name="Lê Thị Dung")
    vote = a_vote_on(spell, TODAY, yes=5)
    client = as_user(secretary)
    url = reverse("member_correct_vote", args=[spell.pk, vote.pk])
    page = client.get(url)
    void = {"take_back": "1", "void-seen": hidden_of(page)["void-seen"]}
    assert "reason" in client.post(url, void).context["void"].errors
    done = client.post(url, void | {"void-reason": "ghi nhầm người"}, follow=True)
    assert "Đã hủy lần biểu quyết" in text_of(done)
    assert "(đã hủy)" in text_of(done)
    assert client.get(url).status_code == 403


def test_a_branch_corrects_no_vote_once_the_committee_acted(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.EXAMINED)
    for vote in case.votes.all():
        url = reverse("case_correct_vote", args=[case.pk, vote.pk])
        assert as_user(secretary).get(url).status_code == 403
        assert as_user(a_user("committee", city.committee)).get(url).status_code == 200
    other = a_case(city.sibling, stage=Stage.BRANCH_RESOLVED)
    url = reverse("case_correct_vote", args=[case.pk, other.votes.get().pk])
    assert as_user(a_user("committee", city.committee)).get(url).status_code == 404
