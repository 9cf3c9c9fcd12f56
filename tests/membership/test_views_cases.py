"""The pages of candidacies: what they show, to whom, and that nothing typed is ever lost."""

import datetime as dt
import html
import re
import uuid

import pytest
from django.urls import reverse

from cells.log.models import Entry
from cells.people.models import Person
from cells.rules.models import ExitReason, Stratum
from membership import admission
from membership.admission import Move
from membership.models import STAGES, Candidacy, Spell, Stage
from tests.factories import TODAY, a_case, a_city, a_unit, a_user

pytestmark = pytest.mark.django_db

D = dt.date


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def as_user(client):
    """Log somebody in and give the client back."""

    def enter(user):
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def secretary(city):
    return a_user("branch", city.branch, office="secretary")


def text(response) -> str:
    """The page as a reader reads it."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(plain).split())


def hidden(response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def step_url(case, stage) -> str:
    return reverse("case_step", args=[case.pk, stage])


# --- a new case ---------------------------------------------------------------------------------

THREE = {"name": "NGUYỄN THỊ MƠ", "born": "05/02/1998", "listed_on": "01/10/2024"}


def test_three_fields_make_a_case(city, as_user, secretary):
    client = as_user(secretary)
    page = client.get(reverse("case_new"))
    assert "Chi bộ khu phố 1" in text(page)
    done = client.post(reverse("case_new"), hidden(page) | THREE, follow=True)
    case = Candidacy.objects.get()
    assert done.redirect_chain == [(f"/ho-so/{case.pk}/", 302)]
    assert (case.person.name, case.organisation, case.listed_on) == ("Nguyễn Thị Mơ", city.branch, D(2024, 10, 1))
    shown = text(done)
    assert "Đã đưa Nguyễn Thị Mơ vào danh sách theo dõi. Việc tiếp theo: đưa vào danh sách cảm tình Đảng" in shown
    assert case.events.get().actor == secretary
    assert not case.events.get().on_behalf


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"name": ""}, "name", "Ghi mục này"),
        ({"name": "  "}, "name", "Ghi mục này"),
        ({"name": "Mơ\x00"}, "name", "ký tự"),
        ({"name": "x" * 121}, "name", "120"),
        ({"born": ""}, "born", "năm sinh"),
        ({"born": "30/02/1998"}, "born", "không có ngày 30"),
        ({"born": "98"}, "born", "98"),
        ({"born": "05/02/98"}, "born", "4 chữ số"),
        ({"born": "05/02/2024"}, "listed_on", None),
        ({"born": "01/01/2030"}, "listed_on", "ngày sinh"),
        ({"listed_on": ""}, "listed_on", "Ghi ngày"),
        ({"listed_on": "16/10/2024"}, "listed_on", "sau ngày hôm nay"),
        ({"listed_on": "10/2024"}, "listed_on", "chưa đủ ngày"),
        ({"listed_on": "10/16/2024"}, "listed_on", "không có tháng 16"),
        ({"listed_on": "01/01/1990"}, "listed_on", "ngày sinh"),
        ({"organisation": "999999"}, "organisation", None),
        ({"token": "abc"}, "token", None),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_written(as_user, secretary, typed, field, says):
    client = as_user(secretary)
    data = hidden(client.get(reverse("case_new"))) | THREE | typed
    response = client.post(reverse("case_new"), data)
    if says is None and field == "listed_on":  # a child of eight months may be listed: age is the vote's matter
        assert response.status_code == 302
        return
    form = response.context["form"]
    assert response.status_code == 200
    assert field in form.errors
    assert says is None or says in form.errors[field][0]
    assert not Candidacy.objects.exists()
    assert not Person.objects.exclude(user=secretary).exists()
    kept = "".join(c for c in data["name"] if c.isprintable())
    assert html.escape(kept) in response.content.decode()


def test_a_form_sent_twice_is_one_case(as_user, secretary):
    client = as_user(secretary)
    data = hidden(client.get(reverse("case_new"))) | THREE
    first, second = (client.post(reverse("case_new"), data) for _ in range(2))
    assert first.url == second.url
    assert Candidacy.objects.count() == 1


def test_somebody_followed_elsewhere_is_not_disclosed(city, as_user, secretary):
    case = a_case(city.outside, name="Nguyễn Thị Mơ", born=D(1998, 2, 5))
    client = as_user(secretary)
    response = client.post(reverse("case_new"), hidden(client.get(reverse("case_new"))) | THREE)
    assert admission.ELSEWHERE in text(response)
    for told in ("khu phố 2", f"/ho-so/{case.pk}/", "another_person"):
        assert told not in response.content.decode()


def test_a_committee_enters_on_behalf_with_the_paper(city, as_user):
    client = as_user(a_user("committee", city.committee))
    page = client.get(f"{reverse('case_new')}?unit={city.branch.code}")
    data = hidden(page) | THREE
    refused = client.post(page.wsgi_request.get_full_path(), data)
    assert {"number", "paper_day"} <= set(refused.context["form"].errors)
    done = client.post(
        page.wsgi_request.get_full_path(), data | {"number": "3-NQ/CB", "paper_day": "02/10/2024"}, follow=True
    )
    event = Candidacy.objects.get().events.get()
    assert (event.on_behalf, event.number, event.note) == (True, "3-NQ/CB", "văn bản ngày 02/10/2024")
    assert "ghi thay" in text(done)


def test_a_committee_may_tell_two_people_of_one_name_apart(city, as_user):
    a_case(city.outside, name="Nguyễn Thị Mơ", born=D(1998, 2, 5))
    client = as_user(a_user("board", city.top))
    url = f"{reverse('case_new')}?unit={city.branch.code}"
    paper = {"number": "3-NQ/CB", "paper_day": "02/10/2024"}
    refused = client.post(url, hidden(client.get(url)) | THREE | paper)
    assert "another_person" in refused.content.decode()
    client.post(url, hidden(refused) | THREE | paper | {"another_person": "on"})
    assert Candidacy.objects.count() == 2
    assert Person.objects.filter(name="Nguyễn Thị Mơ").count() == 2


@pytest.mark.parametrize(("role", "unit"), [("standing", "top"), ("auditor", "top"), ("body", "committee")])
def test_who_may_not_enter_is_told_who_can(city, as_user, role, unit):
    client = as_user(a_user(role, getattr(city, unit)))
    response = client.get(reverse("case_new"))
    assert response.status_code == 403
    assert "Người có quyền: Ban Tổ chức; Cấp ủy cơ sở; Chi ủy, chi bộ." in text(response)


TAKEN = THREE | {"stage": "decided", "stage_day": "05/10/2024", "decision_number": "5-QĐ"}


def test_a_case_is_taken_over_with_its_decision(city, as_user):
    client = as_user(a_user("board", city.top))
    url = f"{reverse('case_new')}?kind=taken-over&unit={city.branch.code}"
    paper = {"number": "3-NQ/CB", "paper_day": "02/10/2024"}
    client.post(url, hidden(client.get(url)) | TAKEN | paper)
    case = Candidacy.objects.get()
    assert (case.stage, case.taken_over, case.stage_day) == (Stage.DECIDED, True, D(2024, 10, 5))
    assert Spell.objects.get(candidacy=case).decision_number == "5-QĐ"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "stage"),  # a branch writes no decision
        ({"stage": "examined"}, "stage"),
        ({"stage": "trained", "stage_day": "01/09/2024"}, "stage_day"),
        ({"stage": "trained", "certificate_on": "31/04/2024"}, "certificate_on"),
        ({"decision_number": ""}, "decision_number"),
        ({"stage": "nominee"}, "stage"),
        ({"stage": "president"}, "stage"),
    ],
)
def test_taking_over_is_guarded(as_user, secretary, typed, field):
    client = as_user(secretary)
    url = f"{reverse('case_new')}?kind=taken-over"
    response = client.post(url, hidden(client.get(url)) | TAKEN | typed)
    assert field in response.context["form"].errors
    assert not Candidacy.objects.exists()


# --- the way ------------------------------------------------------------------------------------


def test_branch_committee_and_board_each_do_their_part(city, as_user, secretary):
    readers = {
        "branch": secretary,
        "committee": a_user("committee", city.committee),
        "board": a_user("board", city.top),
    }
    turns = ["branch"] * 4 + ["committee", "board", "branch"]
    case = a_case(city.branch, listed_on=D(2024, 10, 1))
    for turn, stage in zip(turns, [*STAGES[1:], Stage.ADMITTED], strict=True):
        for name, user in readers.items():
            page = as_user(user).get(case.get_absolute_url())
            assert page.context["next"]["may"] == (name == turn or _may_on_behalf(name, turn))
            if page.context["next"]["waiting"]:
                assert "Đang chờ" in text(page)
        client = as_user(readers[turn])
        form = client.get(step_url(case, stage))
        done = client.post(step_url(case, stage), hidden(form) | {"day": "10/10/2024", "number": "7"}, follow=True)
        assert done.redirect_chain, done.context["form"].errors
        case.refresh_from_db()
        assert case.stage == stage
        assert "10/10/2024" in text(done)
    assert Spell.objects.get(candidacy=case).ceremony_on == D(2024, 10, 10)
    assert not case.events.filter(on_behalf=True).exists()
    assert "Người này là đảng viên dự bị" in text(done)


def _may_on_behalf(name: str, turn: str) -> bool:
    return {"branch": turn == "branch", "committee": True, "board": True}[name]


def test_the_committee_takes_a_step_on_behalf_with_its_paper(city, as_user):
    clerk = a_user("committee", city.committee)
    client = as_user(clerk)
    case = a_case(city.branch, stage=Stage.TRAINED)
    url = step_url(case, Stage.DOSSIER)
    page = client.get(url)
    assert "nhập thay" in text(page)
    refused = client.post(url, hidden(page) | {"day": "10/10/2024"})
    assert {"number", "paper_day"} == set(refused.context["form"].errors)
    late = client.post(url, hidden(page) | {"day": "10/10/2024", "number": "7", "paper_day": "16/10/2024"})
    assert "paper_day" in late.context["form"].errors
    client.post(url, hidden(page) | {"day": "10/10/2024", "number": "7", "paper_day": "11/10/2024"})
    event = case.events.get(stage=Stage.DOSSIER)
    assert (event.on_behalf, event.actor, event.note) == (True, clerk, "văn bản ngày 11/10/2024")
    assert f"{clerk.get_full_name()} ghi thay" in text(client.get(case.get_absolute_url()))


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"day": ""}, "day", "Ghi ngày"),
        ({"day": "30/02/2024"}, "day", "không có ngày 30"),
        ({"day": "01/10/24"}, "day", "4 chữ số"),
        ({"day": "16/10/2024"}, "day", "sau ngày hôm nay"),
        ({"day": "01/01/2024"}, "day", "trước ngày ghi"),
        ({"number": ""}, "number", "Ghi mục này"),
        ({"number": "7\x01"}, "number", "ký tự"),
        ({"number": "7" * 61}, "number", "60"),
        ({"version": ""}, "version", "cũ"),
        ({"version": "x"}, "version", "cũ"),
    ],
)
def test_a_bad_step_is_said_at_its_field(city, as_user, secretary, typed, field, says):
    client = as_user(secretary)
    case = a_case(city.branch, stage=Stage.DOSSIER)
    url = step_url(case, Stage.BRANCH_RESOLVED)
    response = client.post(url, hidden(client.get(url)) | {"day": "10/10/2024", "number": "7"} | typed)
    assert says in response.context["form"].errors[field][0]
    case.refresh_from_db()
    assert case.stage == Stage.DOSSIER


def test_a_step_out_of_order_leads_back(city, as_user, secretary):
    client = as_user(secretary)
    case = a_case(city.branch)
    response = client.get(step_url(case, Stage.BRANCH_RESOLVED), follow=True)
    assert response.redirect_chain[0][0] == case.get_absolute_url()
    assert "Việc tiếp theo là" in text(response)
    posted = client.post(step_url(case, Stage.BRANCH_RESOLVED), {"day": "10/10/2024", "number": "7", "version": "1"})
    assert "Việc tiếp theo là" in posted.context["form"].non_field_errors()[0]


def test_the_second_editor_is_told_and_keeps_what_was_typed(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.TRAINED)
    deputy = a_user("branch", city.branch, name="Đặng Thu Hà")
    url = step_url(case, Stage.DOSSIER)
    typed = hidden(as_user(secretary).get(url)) | {"day": "09/10/2024"}
    as_user(deputy).post(url, typed | {"day": "08/10/2024"})
    told = as_user(secretary).post(url, typed)
    assert told.status_code == 409
    shown = text(told)
    assert "Đặng Thu Hà đã sửa lúc" in shown
    assert "Đang lập hồ sơ, từ 08/10/2024" in shown
    assert 'value="09/10/2024"' in told.content.decode()
    again = as_user(secretary).post(url, hidden(told) | {"day": "09/10/2024"})
    assert "Việc tiếp theo là" in again.context["form"].non_field_errors()[0]
    assert case.events.filter(stage=Stage.DOSSIER).count() == 1


def test_a_step_sent_twice_is_recorded_once(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.DOSSIER)
    client = as_user(secretary)
    url = step_url(case, Stage.BRANCH_RESOLVED)
    typed = hidden(client.get(url)) | {"day": "09/10/2024", "number": "7"}
    assert [client.post(url, typed).url for _ in range(2)] == [case.get_absolute_url()] * 2
    assert case.events.filter(stage=Stage.BRANCH_RESOLVED).count() == 1
    assert client.post(url, typed | {"day": "10/10/2024"}).status_code == 409


def test_two_editors_of_the_particulars(city, as_user, secretary):
    case = a_case(city.branch)
    url = reverse("case_particulars", args=[case.pk])
    shown = hidden(as_user(secretary).get(url))
    as_user(secretary).post(url, shown | {"helper": "Lê Văn Ba"})
    told = as_user(secretary).post(url, shown | {"helper": "Lê Văn Bốn", "education": "12/12"})
    assert told.status_code == 409
    assert "Lê Văn Ba" in text(told)
    assert 'value="Lê Văn Bốn"' in told.content.decode()
    sent = hidden(told) | {"helper": "Lê Văn Bốn", "education": "12/12"}
    reason = as_user(secretary).post(url, sent)
    assert "người giúp đỡ" in reason.context["form"].errors["reason"][0]
    as_user(secretary).post(url, sent | {"reason": "đổi người"})
    case.refresh_from_db()
    assert (case.helper, case.person.background.education) == ("Lê Văn Bốn", "12/12")


def test_too_young_shows_the_first_day_and_the_rule(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.DOSSIER, born=D(2006, 12, 20))
    page = as_user(secretary).get(case.get_absolute_url())
    shown = text(page)
    assert "sớm nhất ngày 01/12/2024" in shown
    assert "phải đủ 18 tuổi" in shown
    assert not page.context["next"]["may"]
    assert "Đang chờ" not in shown


def test_over_age_asks_for_the_consent(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.DOSSIER, born=D(1960, 12, 20))
    client = as_user(secretary)
    url = step_url(case, Stage.BRANCH_RESOLVED)
    page = client.get(url)
    typed = hidden(page) | {"day": "10/10/2024", "number": "7"}
    assert "consent" in client.post(url, typed).context["form"].errors
    client.post(url, typed | {"consent": "12-CV/TU"})
    assert "12-CV/TU" in text(client.get(case.get_absolute_url()))


def test_leaving_the_list_and_coming_back(city, as_user, secretary):
    client = as_user(secretary)
    case = a_case(city.branch, stage=Stage.TRAINED)
    url = reverse("case_drop", args=[case.pk])
    page = client.get(url)
    assert "exit_reason" in client.post(url, hidden(page) | {"day": "01/10/2024"}).context["form"].errors
    reason = page.context["form"].fields["exit_reason"].queryset.get(code="withdrew").pk
    done = client.post(url, hidden(page) | {"day": "01/10/2024", "exit_reason": reason}, follow=True)
    assert "tự nguyện thôi" in text(done)
    url = reverse("case_resume", args=[case.pk])
    done = client.post(url, hidden(client.get(url)) | {"day": "02/10/2024"}, follow=True)
    assert "Đã theo dõi lại" in text(done)
    case.refresh_from_db()
    assert case.stage == Stage.TRAINED


# --- corrections --------------------------------------------------------------------------------


def test_a_step_is_corrected_from_the_timeline(city, as_user, secretary):
    client = as_user(secretary)
    case = a_case(city.branch, stage=Stage.SYMPATHISER)
    event = case.events.get(stage=Stage.SYMPATHISER)
    url = reverse("case_correct_step", args=[case.pk, event.pk])
    assert url in client.get(case.get_absolute_url()).content.decode()
    page = client.get(url)
    assert 'value="04/02/2024"' in page.content.decode()
    typed = hidden(page) | {"day": "10/02/2024", "number": "4"}
    assert "reason" in client.post(url, typed).context["form"].errors
    assert "day" in client.post(url, typed | {"day": "01/01/2024", "reason": "x"}).context["form"].errors
    client.post(url, typed | {"reason": "ghi nhầm"})
    event.refresh_from_db()
    assert (event.day, event.number) == (D(2024, 2, 10), "4")


def test_a_branch_corrects_nothing_once_the_committee_acted(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.EXAMINED)
    event = case.events.get(stage=Stage.BRANCH_RESOLVED)
    url = reverse("case_correct_step", args=[case.pk, event.pk])
    client = as_user(secretary)
    assert "sua-buoc" not in client.get(case.get_absolute_url()).content.decode()
    response = client.get(url)
    assert response.status_code == 403
    assert "đề nghị đảng ủy sửa" in text(response)
    assert as_user(a_user("committee", city.committee)).get(url).status_code == 200


def test_identity_is_corrected_and_a_second_editor_told(city, as_user, secretary):
    client = as_user(secretary)
    case = a_case(city.branch, name="Nguyễn Văn Tư", born=D(1998, 1, 1), precision="year")
    url = reverse("case_identity", args=[case.pk])
    page = client.get(url)
    assert 'value="1998"' in page.content.decode()
    typed = hidden(page) | {
        "name": "Nguyễn Văn Tứ",
        "born": "05/02/1998",
        "sex": "nam",
        "reason": "theo giấy khai sinh",
    }
    assert "born" in client.post(url, typed | {"born": "05/02/2024"}).context["form"].errors
    assert client.post(url, typed).status_code == 302
    person = Person.objects.get(pk=case.person_id)
    assert (person.name, person.born, person.born_precision) == ("Nguyễn Văn Tứ", D(1998, 2, 5), "day")
    told = client.post(url, typed | {"name": "Nguyễn Văn Từ"})
    assert told.status_code == 409
    assert "Nguyễn Văn Tứ" in text(told)
    assert client.post(url, hidden(told) | typed | {"shown": hidden(told)["shown"]}).status_code == 302


def test_an_admission_is_revoked_by_the_board_alone(city, as_user):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    url = reverse("case_revoke", args=[case.pk])
    refused = as_user(a_user("committee", city.committee)).get(url)
    assert refused.status_code == 403
    assert "Ban Tổ chức" in text(refused)
    client = as_user(a_user("board", city.top))
    assert url in client.get(case.get_absolute_url()).content.decode()
    typed = hidden(client.get(url))
    assert {"number", "reason"} == set(client.post(url, typed).context["form"].errors)
    client.post(url, typed | {"number": "8-QĐ", "reason": "khai không đúng"})
    assert not Spell.objects.exists()
    assert "(đã hủy)" in text(client.get(case.get_absolute_url()))


def test_particulars_hold_strata_and_religion_behind_a_right(city, as_user, secretary):
    case = a_case(city.branch)
    url = reverse("case_particulars", args=[case.pk])
    client = as_user(secretary)
    strata = Stratum.objects.filter(code__in=["student", "religious"])
    typed = {"religion": "Phật giáo", "strata": [stratum.pk for stratum in strata], "introduced_by": "Đoàn phường"}
    client.post(url, hidden(client.get(url)) | typed)
    assert set(case.strata.all()) == set(strata)
    assert "Phật giáo" in text(client.get(case.get_absolute_url()))
    assert "Phật giáo" not in text(as_user(a_user("standing", city.top)).get(case.get_absolute_url()))
    wrong = as_user(secretary).post(url, hidden(client.get(url)) | {"strata": ["9999"]})
    assert "strata" in wrong.context["form"].errors


# --- rights -------------------------------------------------------------------------------------


def pages(case) -> list[str]:
    names = ["case", "case_drop", "case_resume", "case_particulars", "case_identity", "case_revoke"]
    event = case.events.first()
    return [
        *(reverse(name, args=[case.pk]) for name in names),
        *(step_url(case, stage) for stage in [*STAGES[1:], Stage.ADMITTED]),
        reverse("case_correct_step", args=[case.pk, event.pk]),
    ]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_guessed_address_is_not_found_and_logged(city, as_user, method):
    case = a_case(city.branch)
    stranger = a_user("branch", city.sibling)
    client = as_user(stranger)
    asked = [url for url in pages(case) if method == "get" or url != case.get_absolute_url()]
    for url in asked:
        assert getattr(client, method)(url).status_code == 404, url
    denied = Entry.objects.filter(sort=Entry.Sort.DENIED, actor=stranger, subject="candidacy", subject_id=case.pk)
    assert denied.count() == len(asked)


def test_what_does_not_exist_is_not_found_and_not_logged(city, as_user, secretary):
    assert as_user(secretary).get("/ho-so/99999/").status_code == 404
    assert not Entry.objects.filter(sort=Entry.Sort.DENIED).exists()


def test_a_step_of_another_case_is_not_corrected_under_this_one(city, as_user, secretary):
    mine, other = a_case(city.branch), a_case(city.outside)
    url = reverse("case_correct_step", args=[mine.pk, other.events.get().pk])
    assert as_user(secretary).get(url).status_code == 404


def test_reading_a_case_is_logged(city, as_user, secretary):
    case = a_case(city.branch)
    as_user(secretary).get(case.get_absolute_url())
    assert Entry.objects.filter(sort=Entry.Sort.READ, actor=secretary, subject_id=case.pk, organisation=city.branch)


@pytest.mark.parametrize(
    ("role", "unit", "stage", "to", "who"),
    [
        ("branch", "branch", Stage.BRANCH_RESOLVED, Stage.EXAMINED, "Cấp ủy cơ sở"),
        ("branch", "branch", Stage.EXAMINED, Stage.DECIDED, "Ban Tổ chức"),
        ("standing", "top", Stage.NOMINEE, Stage.SYMPATHISER, "Chi ủy, chi bộ"),
        ("auditor", "top", Stage.EXAMINED, Stage.DECIDED, "Ban Tổ chức"),
    ],
)
def test_a_deed_without_its_right_says_who_can(city, as_user, role, unit, stage, to, who):
    case = a_case(city.branch, stage=stage)
    client = as_user(a_user(role, getattr(city, unit)))
    for response in (client.get(step_url(case, to)), client.post(step_url(case, to), {"day": "10/10/2024"})):
        assert response.status_code == 403
        assert who in text(response)
    case.refresh_from_db()
    assert case.stage == stage


def test_a_section_committee_does_not_decide(city, as_user):
    section = a_unit("DU1-BP", "section_committee", city.committee)
    case = a_case(a_unit("DU1-BP-01", "branch", section), stage=Stage.EXAMINED)
    client = as_user(a_user("committee", section))
    for response in (client.get(step_url(case, Stage.DECIDED)), client.post(step_url(case, Stage.DECIDED), {})):
        assert response.status_code == 403
        assert "đảng ủy bộ phận không ra quyết định" in text(response)
    assert client.get(case.get_absolute_url()).context["next"]["waiting"]
    decide = step_url(case, Stage.DECIDED)
    assert as_user(a_user("committee", city.committee)).get(decide).status_code == 200


def test_nothing_is_done_by_opening_an_address(city, as_user, secretary):
    case = a_case(city.branch)
    client = as_user(secretary)
    for url in [*pages(case), reverse("case_new"), reverse("cases")]:
        client.get(url)
    case.refresh_from_db()
    assert (case.version, case.events.count()) == (1, 1)


# --- the list -----------------------------------------------------------------------------------


def names(response) -> list[str]:
    return [case.person.name for case in response.context["page"]]


def test_the_list_filters_sorts_and_searches(city, as_user):
    student = Stratum.objects.get(code="student")
    a_case(city.branch, name="Nguyễn Thị Ánh", listed_on=D(2024, 3, 1), strata=(student,))
    a_case(city.branch, name="Đỗ Văn Đức", listed_on=D(2024, 1, 1), stage=Stage.TRAINED)
    a_case(city.outside, name="Bùi Thị An", listed_on=D(2024, 2, 1))
    a_case(city.branch, name="Trần Văn Bền", stage=Stage.ADMITTED)
    client = as_user(a_user("board", city.top))
    for query, found in [
        ("", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("sort=-name", ["Đỗ Văn Đức", "Nguyễn Thị Ánh", "Bùi Thị An"]),
        ("sort=day", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("sort=stage", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("sort=unit&unit=DU1", ["Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("sort=nonsense", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("unit=DU2", ["Bùi Thị An"]),
        ("unit=DU1", ["Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("stage=trained", ["Đỗ Văn Đức"]),
        ("stage=admitted", ["Trần Văn Bền"]),
        ("stage=all", ["Bùi Thị An", "Nguyễn Thị Ánh", "Trần Văn Bền", "Đỗ Văn Đức"]),
        ("stage=nonsense", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("stratum=student", ["Nguyễn Thị Ánh"]),
        ("stratum=student&stage=trained", []),
        ("page=99", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
    ]:
        assert names(client.get(f"{reverse('cases')}?{query}")) == found, query


def test_the_board_counts_all_and_shows_the_oldest(city, as_user, secretary):
    for day in range(1, 15):
        a_case(city.branch, listed_on=D(2024, 3, day))
    a_case(city.branch, stage=Stage.EXAMINED)
    a_case(city.outside)
    board = as_user(secretary).get(f"{reverse('cases')}?view=stages").context["board"]
    assert [column["count"] for column in board] == [14, 0, 0, 0, 0, 1, 0]
    assert len(board[0]["people"]) == 12
    assert board[0]["people"][0]["note"] == "từ 01/03/2024"


def test_a_reader_sees_own_units_only(city, as_user, secretary):
    a_case(city.branch, name="Bùi Thị An")
    a_case(city.sibling, name="Đỗ Văn Đức")
    assert names(as_user(secretary).get(reverse("cases"))) == ["Bùi Thị An"]
    response = as_user(secretary).get(f"{reverse('cases')}?unit={city.sibling.code}")
    assert response.status_code == 404
    assert Entry.objects.filter(sort=Entry.Sort.DENIED, subject="organisation", subject_id=city.sibling.pk).exists()
    assert as_user(secretary).get(f"{reverse('cases')}?unit=NO-SUCH").status_code == 404
    assert names(as_user(a_user("body", city.top)).get(reverse("cases"))) == []


@pytest.mark.parametrize("view", ["", "view=stages", "unit=DU1&stage=nominee&sort=unit"])
def test_the_list_asks_the_same_however_long(city, as_user, view, django_assert_max_num_queries):
    client = as_user(a_user("board", city.top))
    counts = []
    for rows in (3, 27):
        for _ in range(rows):
            a_case(city.branch)
        with django_assert_max_num_queries(16) as asked:
            client.get(f"{reverse('cases')}?{view}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_case_asks_the_same_however_long_its_story(city, as_user, secretary, django_assert_max_num_queries):
    client = as_user(secretary)
    counts = []
    for stage in (Stage.EXAMINED, Stage.EXAMINED):
        case = a_case(city.branch, stage=stage)
        if counts:
            reason = ExitReason.objects.get(code="withdrew")
            for _ in range(5):
                off = Move(case.pk, "", TODAY, exit_reason=reason)
                admission.drop([off], actor=secretary, today=TODAY)
                admission.resume([Move(case.pk, "", TODAY)], actor=secretary, today=TODAY)
        with django_assert_max_num_queries(20) as asked:
            client.get(case.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_stage_line_tells_what_is_passed(city, as_user, secretary):
    line = as_user(secretary).get(a_case(city.branch, stage=Stage.TRAINED).get_absolute_url()).context["stages"]
    assert [(stage["state"], stage["day"]) for stage in line] == [
        ("done", D(2024, 1, 5)), ("done", D(2024, 2, 4)), ("current", D(2024, 3, 5)), *[("ahead", None)] * 4,
    ]  # fmt: skip
    single = as_user(a_user("board", city.top)).get(a_case(city.base_branch).get_absolute_url()).context["stages"]
    assert [stage["name"] for stage in single] == [stage.label for stage in STAGES if stage != Stage.EXAMINED]


def test_nobody_enters_into_a_unit_of_others(city, as_user, secretary):
    client = as_user(secretary)
    assert client.get(f"{reverse('case_new')}?unit={city.sibling.code}").status_code == 404
    assert Entry.objects.filter(sort=Entry.Sort.DENIED, subject="organisation", subject_id=city.sibling.pk).exists()
    data = hidden(client.get(reverse("case_new"))) | THREE | {"organisation": city.sibling.pk}
    assert "organisation" in client.post(reverse("case_new"), data).context["form"].errors
    assert not Candidacy.objects.exists()


def test_a_token_of_another_branch_opens_nothing(city, as_user, secretary):
    token = uuid.uuid4()
    case = a_case(city.outside, token=token)
    client = as_user(secretary)
    response = client.post(reverse("case_new"), hidden(client.get(reverse("case_new"))) | THREE | {"token": str(token)})
    assert response.url == case.get_absolute_url()
    assert client.get(response.url).status_code == 404
