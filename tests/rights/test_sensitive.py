"""Religion and what a verification found: for those who keep the particulars, not for everybody who sees names."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from cells.dated import OPEN_START
from cells.log.models import Entry
from cells.people.models import Post
from cells.rules.models import Stratum
from membership import admission, correct
from membership.around.asking import answer_verification
from membership.models import Background, Stage, Verification
from tests.around import ask
from tests.factories import TODAY, a_case, a_city, a_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db

#: role, its unit, whether it may know
READERS = [
    ("branch", "branch", True),
    ("committee", "committee", True),
    ("board", "top", True),
    ("standing", "top", False),
    ("supervisor", "top", False),
    ("auditor", "top", False),
]


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def case(city):
    strata = (Stratum.objects.get(code="religious"),)
    found = a_case(city.branch, stage=Stage.SYMPATHISER, name="Nguyễn Thị Theo", strata=strata)
    Background.objects.create(person=found.person, religion="Công giáo")
    question = ask(found)
    answer_verification(question, dt.date(2024, 9, 10), Verification.Result.UNCLEAR, actor=None, today=TODAY)
    return found


@pytest.fixture
def enter(city):
    def enter(role: str, unit: str) -> Client:
        client = Client()
        client.force_login(a_user(role, getattr(city, unit)))
        return client

    return enter


@pytest.mark.parametrize(("role", "unit", "may"), READERS)
def test_the_page_of_a_case_tells_it_to_few(case, enter, role, unit, may):
    for name in ("case", "case_print"):
        told = text_of(enter(role, unit).get(reverse(name, args=[case.pk])))
        assert "Nguyễn Thị Theo" in told
        for words in ("Công giáo", "người theo tôn giáo", "cần làm rõ"):
            assert (words in told) == may, (name, words)


@pytest.mark.parametrize("address", ["cases", "members", "deadlines"])
@pytest.mark.parametrize(("role", "unit", "may"), READERS)
def test_no_filter_finds_them_for_others(case, enter, address, role, unit, may):
    client = enter(role, unit)
    page = client.get(reverse(address), {"stratum": "religious"})
    offered = {code for code, _ in page.context["filter_form"].fields["stratum"].choices}
    assert ("religious" in offered) == may
    if may and address == "cases":
        assert "Nguyễn Thị Theo" in text_of(page)


@pytest.mark.parametrize(("role", "unit", "may"), READERS)
def test_the_list_behind_the_number_names_them_to_few(city, case, enter, role, unit, may):
    url = reverse("items", args=[city.branch.code, "fostered"])
    page = enter(role, unit).get(url, {"rows": "stratum", "row": "religious"})
    assert page.context["number"] == 1
    assert ("Nguyễn Thị Theo" in text_of(page)) == may


def test_what_was_let_pass_names_no_paper_to_others(city, enter):
    case = a_case(city.branch, stage=Stage.EXAMINED)
    case.asks_clearance = True
    case.save()
    move = admission.Move(case.pk, Stage.DECIDED, TODAY, number="9-QĐ", override="Ban Thường vụ đồng ý")
    admission.advance([move], actor=None, today=TODAY)
    for role, unit, may in READERS:
        for name in ("case", "case_print"):
            told = text_of(enter(role, unit).get(reverse(name, args=[case.pk])))
            assert "Ban Thường vụ đồng ý" in told
            assert ("tiêu chuẩn chính trị" in told) == may, (role, name)


def test_the_log_keeps_it_from_who_only_audits(city, case, enter):
    clerk = a_user("board", city.top)
    values = {"asks_clearance": True}
    background = {"religion": "Tin Lành", "education": "12/12", "occupation": ""}
    correct.correct_case(case, values=values, reason="bổ sung", actor=clerk, background=background, strata=[])
    entry = Entry.objects.get(deed="correct")
    for role, may in (("auditor", False), ("board", True)):
        told = text_of(enter(role, "top").get(reverse("log_entry", args=[entry.pk])))
        assert "12/12" in told
        for words in ("Tin Lành", "người theo tôn giáo", "tiêu chuẩn chính trị"):
            assert (words in told) == may, (role, words)


def test_whoever_may_know_of_one_unit_only_finds_nobody_elsewhere(city, case):
    reader = a_user("branch", city.sibling)
    Post.objects.create(
        person=reader.person, organisation=city.top, role="standing", office="staff", from_day=OPEN_START
    )
    client = Client()
    client.force_login(reader)
    page = client.get(reverse("cases"), {"stratum": "religious"})
    assert "Nguyễn Thị Theo" not in text_of(page)
    assert "Nguyễn Thị Theo" in text_of(client.get(reverse("cases")))
    url = reverse("items", args=[city.branch.code, "fostered"])
    assert "Nguyễn Thị Theo" not in text_of(client.get(url, {"rows": "stratum", "row": "religious"}))
