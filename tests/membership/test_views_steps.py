"""The pages of the steps and their corrections: whose turn it is, what is refused, and that nothing typed is lost."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.log.models import Entry
from cells.people.models import Person
from cells.rules.models import ExitReason, Stratum
from membership import admission
from membership.models import STAGES, SecondClaim, Spell, Stage
from tests.factories import TODAY, a_case, a_unit, a_user, the_papers
from tests.pages import ballots_of, hidden_of, text_of

pytestmark = pytest.mark.django_db

D = dt.date


#: everybody of nine came to the meeting; the branches of these tests keep no register
ALL_NINE = {"form": "secret", "present": "9", "base": "9", "base_reason": "chưa lập sổ"}


def step_url(case, stage) -> str:
    return reverse("case_step", args=[case.pk, stage])


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
                assert "Đang chờ" in text_of(page)
        client = as_user(readers[turn])
        the_papers(case, stage, D(2024, 10, 10))
        form = client.get(step_url(case, stage))
        typed = ballots_of(form, (9, 0, 0)) | ALL_NINE if "place" in vars(form.context["form"]) else hidden_of(form)
        done = client.post(step_url(case, stage), typed | {"day": "10/10/2024", "number": "7"}, follow=True)
        assert done.redirect_chain, done.context["form"].errors
        case.refresh_from_db()
        assert case.stage == stage
        assert "10/10/2024" in text_of(done)
    assert Spell.objects.get(candidacy=case).ceremony_on == D(2024, 10, 10)
    assert not case.events.filter(on_behalf=True).exists()
    assert "Người này là đảng viên dự bị" in text_of(done)


def _may_on_behalf(name: str, turn: str) -> bool:
    return {"branch": turn == "branch", "committee": True, "board": True}[name]


def test_the_committee_takes_a_step_on_behalf_with_its_paper(city, as_user):
    clerk = a_user("committee", city.committee)
    client = as_user(clerk)
    case = a_case(city.branch, stage=Stage.TRAINED)
    url = step_url(case, Stage.DOSSIER)
    page = client.get(url)
    assert "nhập thay" in text_of(page)
    refused = client.post(url, hidden_of(page) | {"day": "10/10/2024"})
    assert {"number", "paper_day"} == set(refused.context["form"].errors)
    late = client.post(url, hidden_of(page) | {"day": "10/10/2024", "number": "7", "paper_day": "16/10/2024"})
    assert "paper_day" in late.context["form"].errors
    client.post(url, hidden_of(page) | {"day": "10/10/2024", "number": "7", "paper_day": "11/10/2024"})
    event = case.events.get(stage=Stage.DOSSIER)
    assert (event.on_behalf, event.actor, event.note) == (True, clerk, "văn bản ngày 11/10/2024")
    assert f"{clerk.get_full_name()} ghi thay" in text_of(client.get(case.get_absolute_url()))


BAD_STEPS = [
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
]


def test_a_bad_step_is_said_at_its_field(city, as_user):
    client = as_user(a_user("board", city.top))
    case = a_case(city.branch, stage=Stage.EXAMINED)
    url = step_url(case, Stage.DECIDED)
    good = hidden_of(client.get(url)) | {"day": "10/10/2024", "number": "7"}
    for typed, field, says in BAD_STEPS:
        response = client.post(url, good | typed)
        assert says in response.context["form"].errors[field][0], typed
        case.refresh_from_db()
        assert case.stage == Stage.EXAMINED


def test_a_step_out_of_order_leads_back(city, as_user, secretary):
    client = as_user(secretary)
    case = a_case(city.branch)
    response = client.get(step_url(case, Stage.DOSSIER), follow=True)
    assert response.redirect_chain[0][0] == case.get_absolute_url()
    assert "Việc tiếp theo là" in text_of(response)
    posted = client.post(step_url(case, Stage.DOSSIER), {"day": "10/10/2024", "number": "7", "version": "1"})
    assert "Việc tiếp theo là" in posted.context["form"].non_field_errors()[0]


def test_the_second_editor_is_told_and_keeps_what_was_typed(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.TRAINED)
    deputy = a_user("branch", city.branch, name="Đặng Thu Hà")
    url = step_url(case, Stage.DOSSIER)
    typed = hidden_of(as_user(secretary).get(url)) | {"day": "09/10/2024"}
    as_user(deputy).post(url, typed | {"day": "08/10/2024"})
    told = as_user(secretary).post(url, typed)
    assert told.status_code == 409
    shown = text_of(told)
    assert "Đặng Thu Hà đã sửa lúc" in shown
    assert "Đang lập hồ sơ, từ 08/10/2024" in shown
    assert 'value="09/10/2024"' in told.content.decode()
    again = as_user(secretary).post(url, hidden_of(told) | {"day": "09/10/2024"})
    assert "Việc tiếp theo là" in again.context["form"].non_field_errors()[0]
    assert case.events.filter(stage=Stage.DOSSIER).count() == 1


def test_a_step_sent_twice_is_recorded_once(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.TRAINED)
    client = as_user(secretary)
    url = step_url(case, Stage.DOSSIER)
    typed = hidden_of(client.get(url)) | {"day": "09/10/2024"}
    assert [client.post(url, typed).url for _ in range(2)] == [case.get_absolute_url()] * 2
    assert case.events.filter(stage=Stage.DOSSIER).count() == 1
    assert client.post(url, typed | {"day": "10/10/2024"}).status_code == 409


def test_two_editors_of_the_particulars(city, as_user, secretary):
    case = a_case(city.branch)
    url = reverse("case_particulars", args=[case.pk])
    shown = hidden_of(as_user(secretary).get(url))
    as_user(secretary).post(url, shown | {"helper": "Lê Văn Ba"})
    told = as_user(secretary).post(url, shown | {"helper": "Lê Văn Bốn", "education": "12/12"})
    assert told.status_code == 409
    assert "Lê Văn Ba" in text_of(told)
    assert 'value="Lê Văn Bốn"' in told.content.decode()
    sent = hidden_of(told) | {"helper": "Lê Văn Bốn", "education": "12/12"}
    reason = as_user(secretary).post(url, sent)
    assert "người giúp đỡ" in reason.context["form"].errors["reason"][0]
    as_user(secretary).post(url, sent | {"reason": "đổi người"})
    case.refresh_from_db()
    assert (case.helper, case.person.background.education) == ("Lê Văn Bốn", "12/12")


def test_too_young_shows_the_first_day_and_the_rule(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.DOSSIER, born=D(2006, 12, 20))
    page = as_user(secretary).get(case.get_absolute_url())
    shown = text_of(page)
    assert "sớm nhất ngày 01/12/2024" in shown
    assert "phải đủ 18 tuổi" in shown
    assert not page.context["next"]["may"]
    assert "Đang chờ" not in shown


def test_leaving_the_list_and_coming_back(city, as_user, secretary):
    client = as_user(secretary)
    case = a_case(city.branch, stage=Stage.TRAINED)
    url = reverse("case_drop", args=[case.pk])
    page = client.get(url)
    assert "exit_reason" in client.post(url, hidden_of(page) | {"day": "01/10/2024"}).context["form"].errors
    reason = page.context["form"].fields["exit_reason"].queryset.get(code="withdrew").pk
    done = client.post(url, hidden_of(page) | {"day": "01/10/2024", "exit_reason": reason}, follow=True)
    assert "tự nguyện thôi" in text_of(done)
    url = reverse("case_resume", args=[case.pk])
    done = client.post(url, hidden_of(client.get(url)) | {"day": "02/10/2024"}, follow=True)
    assert "Đã theo dõi lại" in text_of(done)
    case.refresh_from_db()
    assert case.stage == Stage.TRAINED


def test_who_is_followed_elsewhere_by_now_is_asked_for_and_not_resumed(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.TRAINED, name="Trần Văn Lại", born=dt.date(1990, 5, 5))
    reason = ExitReason.objects.get(code="withdrew")
    move = admission.Move(case.pk, Stage.DROPPED, dt.date(2024, 5, 1), exit_reason=reason)
    admission.drop([move], actor=None, today=TODAY)
    a_case(city.sibling, name="Trần Văn Lại", born=dt.date(1990, 5, 5), listed_on=dt.date(2024, 6, 1))
    client = as_user(secretary)
    url = reverse("case_resume", args=[case.pk])
    told = client.post(url, hidden_of(client.get(url)) | {"day": "02/10/2024"})
    assert admission.ELSEWHERE in text_of(told)
    second = SecondClaim.objects.get()
    assert (second.organisation, second.superior) == (city.branch, city.committee)


# --- corrections --------------------------------------------------------------------------------


def test_a_step_is_corrected_from_the_timeline(city, as_user, secretary):
    client = as_user(secretary)
    case = a_case(city.branch, stage=Stage.SYMPATHISER)
    event = case.events.get(stage=Stage.SYMPATHISER)
    url = reverse("case_correct_step", args=[case.pk, event.pk])
    assert url in client.get(case.get_absolute_url()).content.decode()
    page = client.get(url)
    assert 'value="04/02/2024"' in page.content.decode()
    typed = hidden_of(page) | {"day": "10/02/2024", "number": "4"}
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
    assert "đề nghị đảng ủy sửa" in text_of(response)
    there = as_user(a_user("committee", city.committee)).get(url, follow=True)
    assert there.redirect_chain[0][0] == reverse("case_correct_vote", args=[case.pk, event.vote.pk])
    assert there.status_code == 200


def test_identity_is_corrected_and_a_second_editor_told(city, as_user, secretary):
    client = as_user(secretary)
    case = a_case(city.branch, name="Nguyễn Văn Tư", born=D(1998, 1, 1), precision="year")
    url = reverse("case_identity", args=[case.pk])
    page = client.get(url)
    assert 'value="1998"' in page.content.decode()
    typed = hidden_of(page) | {
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
    assert "Nguyễn Văn Tứ" in text_of(told)
    assert client.post(url, hidden_of(told) | typed | {"shown": hidden_of(told)["shown"]}).status_code == 302


def test_an_admission_is_revoked_by_the_board_alone(city, as_user):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    url = reverse("case_revoke", args=[case.pk])
    refused = as_user(a_user("committee", city.committee)).get(url)
    assert refused.status_code == 403
    assert "Ban Tổ chức" in text_of(refused)
    client = as_user(a_user("board", city.top))
    assert url in client.get(case.get_absolute_url()).content.decode()
    typed = hidden_of(client.get(url))
    assert {"number", "reason"} == set(client.post(url, typed).context["form"].errors)
    client.post(url, typed | {"number": "8-QĐ", "reason": "khai không đúng"})
    assert not Spell.objects.exists()
    assert "(đã hủy)" in text_of(client.get(case.get_absolute_url()))


def test_particulars_hold_strata_and_religion_behind_a_right(city, as_user, secretary):
    case = a_case(city.branch)
    url = reverse("case_particulars", args=[case.pk])
    client = as_user(secretary)
    strata = Stratum.objects.filter(code__in=["student", "religious"])
    typed = {"religion": "Phật giáo", "strata": [stratum.pk for stratum in strata], "introduced_by": "Đoàn phường"}
    client.post(url, hidden_of(client.get(url)) | typed)
    assert set(case.strata.all()) == set(strata)
    assert "Phật giáo" in text_of(client.get(case.get_absolute_url()))
    assert "Phật giáo" not in text_of(as_user(a_user("standing", city.top)).get(case.get_absolute_url()))
    wrong = as_user(secretary).post(url, hidden_of(client.get(url)) | {"strata": ["9999"]})
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
        assert who in text_of(response)
    case.refresh_from_db()
    assert case.stage == stage


def test_a_section_committee_does_not_decide(city, as_user):
    section = a_unit("DU1-BP", "section_committee", city.committee)
    case = a_case(a_unit("DU1-BP-01", "branch", section), stage=Stage.EXAMINED)
    client = as_user(a_user("committee", section))
    for response in (client.get(step_url(case, Stage.DECIDED)), client.post(step_url(case, Stage.DECIDED), {})):
        assert response.status_code == 403
        assert "đảng ủy bộ phận không ra quyết định" in text_of(response)
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
