"""Who may open and send the pages of quotas, where no child is left to be given anything."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.models import Body, BodyKind, BodyPlace
from cells.organisations import reorganise
from targets.models import BodyQuota, QuotaIssue
from targets.quotas.take_over import QuotaLine, issue_quotas
from tests import factories
from tests.pages import form_of, text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
PAGES = ("quotas", "quota_versions", "quota_workbook", "allocation", "received_quota")


@pytest.fixture
def city():
    """The branches of DU1 left it this year; a body is attached to DU1 and one to the city."""
    city = factories.a_city()
    kind = BodyKind.objects.get(code="youth_union")
    for code, unit in (("DTN", city.committee), ("TD", city.top)):
        BodyPlace.objects.create(body=Body.objects.create(code=code, name=f"Đoàn {code}", kind=kind), organisation=unit)
    for branch in (city.branch, city.sibling):
        move = reorganise.Moving(branch.code, dt.date(2024, 6, 1), city.committees[1].code)
        reorganise.move([move], actor=None, today=TODAY)
    return city


@pytest.mark.parametrize("role", ["branch", "auditor", "body", "standing", "supervisor"])
def test_who_reads_figures_alone_gives_nothing(client, city, role):
    client.force_login(factories.a_user(role, city.committee))
    for page in PAGES:
        url = reverse(page, args=[city.committee.code, 2024])
        assert client.get(url).status_code == 403, page
        sent = client.post(url, {"draft": "yes", "body-u1-introductions": "5"})
        assert sent.status_code == (405 if page == "quota_versions" else 403), page
    assert not QuotaIssue.objects.exists()


def test_a_body_is_given_its_number_by_the_unit_it_belongs_to(client, city):
    issue_quotas([QuotaLine(city.committee, 2024, 1, 1)], actor=None, today=TODAY)
    client.force_login(factories.a_user("committee", city.committee))
    url = reverse("quotas", args=[city.committee.code, 2024])
    body = Body.objects.get(code="DTN")
    typed = form_of(client.get(url)) | {
        f"body-u{body.pk}-introductions": "12",
        "decision_number": "7-QĐ/ĐU",
        "decided_on": "01/07/2024",
    }
    page = client.post(url, typed, follow=True)
    assert "7-QĐ/ĐU" in text_of(page)
    assert BodyQuota.objects.in_force().get().introductions == 12
    assert "Đoàn DTN đoàn thể 12" in text_of(client.get(reverse("quota_versions", args=[city.committee.code, 2024])))


def test_a_reader_of_a_past_day_sees_no_total_of_parts(client, city):
    """Who gives quotas elsewhere may look at another unit's grid of then, as far as its figures are theirs."""
    issue_quotas([QuotaLine(unit, 2024, 7, 7) for unit in city.committees], actor=None, today=TODAY)
    client.force_login(factories.a_user("committee", city.committees[1]))
    page = client.get(reverse("quotas", args=["TU", 2024]) + "?on=2024-10-01")
    assert page.status_code == 200
    assert "Cộng bên dưới" not in text_of(page)
    assert client.get(reverse("quota_versions", args=["TU", 2024]) + "?on=2024-10-01").status_code == 403
