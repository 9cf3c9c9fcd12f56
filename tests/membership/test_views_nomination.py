"""The page that opens a case: three fields, on behalf, taken over, and never somebody twice."""

import datetime as dt
import html
import uuid

import pytest
from django.urls import reverse

from cells.log.models import Entry
from cells.people.models import Person
from membership import admission
from membership.models import Candidacy, Spell, Stage
from tests.factories import a_case, a_user
from tests.pages import hidden_of, text_of

pytestmark = pytest.mark.django_db

D = dt.date


THREE = {"name": "NGUYỄN THỊ MƠ", "born": "05/02/1998", "listed_on": "01/10/2024"}


def test_three_fields_make_a_case(city, as_user, secretary):
    client = as_user(secretary)
    page = client.get(reverse("case_new"))
    assert "Chi bộ khu phố 1" in text_of(page)
    done = client.post(reverse("case_new"), hidden_of(page) | THREE, follow=True)
    case = Candidacy.objects.get()
    assert done.redirect_chain == [(f"/ho-so/{case.pk}/", 302)]
    assert (case.person.name, case.organisation, case.listed_on) == ("Nguyễn Thị Mơ", city.branch, D(2024, 10, 1))
    shown = text_of(done)
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
    data = hidden_of(client.get(reverse("case_new"))) | THREE | typed
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
    data = hidden_of(client.get(reverse("case_new"))) | THREE
    first, second = (client.post(reverse("case_new"), data) for _ in range(2))
    assert first.url == second.url
    assert Candidacy.objects.count() == 1


def test_somebody_followed_elsewhere_is_not_disclosed(city, as_user, secretary):
    case = a_case(city.outside, name="Nguyễn Thị Mơ", born=D(1998, 2, 5))
    client = as_user(secretary)
    response = client.post(reverse("case_new"), hidden_of(client.get(reverse("case_new"))) | THREE)
    assert admission.ELSEWHERE in text_of(response)
    for told in ("khu phố 2", f"/ho-so/{case.pk}/", "another_person"):
        assert told not in response.content.decode()


def test_a_committee_enters_on_behalf_with_the_paper(city, as_user):
    client = as_user(a_user("committee", city.committee))
    page = client.get(f"{reverse('case_new')}?unit={city.branch.code}")
    data = hidden_of(page) | THREE
    refused = client.post(page.wsgi_request.get_full_path(), data)
    assert {"number", "paper_day"} <= set(refused.context["form"].errors)
    done = client.post(
        page.wsgi_request.get_full_path(), data | {"number": "3-NQ/CB", "paper_day": "02/10/2024"}, follow=True
    )
    event = Candidacy.objects.get().events.get()
    assert (event.on_behalf, event.number, event.note) == (True, "3-NQ/CB", "văn bản ngày 02/10/2024")
    assert "ghi thay" in text_of(done)


def test_a_committee_may_tell_two_people_of_one_name_apart(city, as_user):
    a_case(city.outside, name="Nguyễn Thị Mơ", born=D(1998, 2, 5))
    client = as_user(a_user("board", city.top))
    url = f"{reverse('case_new')}?unit={city.branch.code}"
    paper = {"number": "3-NQ/CB", "paper_day": "02/10/2024"}
    refused = client.post(url, hidden_of(client.get(url)) | THREE | paper)
    assert "another_person" in refused.content.decode()
    client.post(url, hidden_of(refused) | THREE | paper | {"another_person": "on"})
    assert Candidacy.objects.count() == 2
    assert Person.objects.filter(name="Nguyễn Thị Mơ").count() == 2


@pytest.mark.parametrize(("role", "unit"), [("standing", "top"), ("auditor", "top"), ("body", "committee")])
def test_who_may_not_enter_is_told_who_can(city, as_user, role, unit):
    client = as_user(a_user(role, getattr(city, unit)))
    response = client.get(reverse("case_new"))
    assert response.status_code == 403
    assert "Người có quyền: Ban Tổ chức; Cấp ủy cơ sở; Chi ủy, chi bộ." in text_of(response)


TAKEN = THREE | {"stage": "decided", "stage_day": "05/10/2024", "decision_number": "5-QĐ"}


def test_a_case_is_taken_over_with_its_decision(city, as_user):
    client = as_user(a_user("board", city.top))
    url = f"{reverse('case_new')}?kind=taken-over&unit={city.branch.code}"
    paper = {"number": "3-NQ/CB", "paper_day": "02/10/2024"}
    client.post(url, hidden_of(client.get(url)) | TAKEN | paper)
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
    response = client.post(url, hidden_of(client.get(url)) | TAKEN | typed)
    assert field in response.context["form"].errors
    assert not Candidacy.objects.exists()


def test_nobody_enters_into_a_unit_of_others(city, as_user, secretary):
    client = as_user(secretary)
    assert client.get(f"{reverse('case_new')}?unit={city.sibling.code}").status_code == 404
    assert Entry.objects.filter(sort=Entry.Sort.DENIED, subject="organisation", subject_id=city.sibling.pk).exists()
    data = hidden_of(client.get(reverse("case_new"))) | THREE | {"organisation": city.sibling.pk}
    assert "organisation" in client.post(reverse("case_new"), data).context["form"].errors
    assert not Candidacy.objects.exists()


def test_a_token_of_another_branch_opens_nothing(city, as_user, secretary):
    token = uuid.uuid4()
    case = a_case(city.outside, token=token)
    client = as_user(secretary)
    sent = hidden_of(client.get(reverse("case_new"))) | THREE | {"token": str(token)}
    response = client.post(reverse("case_new"), sent)
    assert response.url == case.get_absolute_url()
    assert client.get(response.url).status_code == 404
