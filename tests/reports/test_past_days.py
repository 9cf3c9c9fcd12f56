"""Looking at a past day: the units and names of then, the rights of today's posts, and nothing to be written."""

import datetime as dt
import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse

from cells.log.models import Entry
from cells.organisations import reorganise
from cells.people.models import Office, Post, Role, User
from membership.models import Stage
from reports import period
from reports.figures.book import open_book
from targets.enter import BaseLine, declare_bases
from targets.sources.say import SourcesLine, declare_sources
from tests import factories
from tests.pages import text_of
from tests.rights.urls import ADDRESSES

pytestmark = pytest.mark.django_db

D = dt.date
TURN, BEFORE = D(2024, 7, 1), D(2024, 6, 30)
ON = f"?on={BEFORE.isoformat()}"


@pytest.fixture(scope="module")
def the_city(once):
    return once(_city)


@pytest.fixture
def city(the_city, db):
    """On 1/7 a branch of DU1 went to DU2, a base branch left, and DU1 got another name."""
    return the_city()


def _city():
    city = factories.a_city()
    for unit, count in ((city.branch, 20), (city.sibling, 30), (city.outside, 40), (city.base_branch, 10)):
        declare_bases([BaseLine(unit, 2024, count)], actor=None, today=factories.TODAY)
    factories.a_user(Role.BRANCH, city.branch, office=Office.SECRETARY, name="Vũ Thị Bí Thư")
    factories.a_member(city.branch, name="Ngô Văn Đã Chuyển", decided_on=D(2024, 3, 1))
    factories.a_member(city.sibling, name="Bùi Thị Ở Lại", decided_on=D(2024, 4, 1))
    reorganise.move([reorganise.Moving("DU1-01", TURN, "DU2")], actor=None, today=factories.TODAY)
    reorganise.leave([reorganise.Leaving("CS1", TURN)], actor=None, today=factories.TODAY)
    reorganise.rename([reorganise.Renaming("DU1", TURN, "Đảng bộ phường Mới")], actor=None, today=factories.TODAY)
    return city


def signed_in(client, role, unit, **more):
    client.force_login(factories.a_user(role, unit, **more))
    return client


def denials() -> int:
    return Entry.objects.filter(sort="denied").count()


# ---- units and names of then ---------------------------------------------------------------------
def test_a_unit_is_seen_where_it_stood_and_as_it_was_called(client, city):
    board = signed_in(client, Role.BOARD, city.top)
    page = board.get(f"/don-vi/DU1-01/{ON}")
    assert [step.name for step in page.context["path"]] == [
        "Đảng bộ thành phố",
        "Đảng bộ phường 1",
        "Chi bộ khu phố 1",
    ]
    assert {row["code"] for row in board.get(f"/don-vi/DU1/{ON}").context["lines"]} == {"DU1-01", "DU1-02"}
    structure = board.get(f"/don-vi/DU1/co-cau/{ON}")
    assert [row["unit"].code for row in structure.context["children"]] == ["DU1-01", "DU1-02"]
    assert "Phường Mới" not in text_of(structure)
    assert {row["code"] for row in board.get(f"/don-vi/TU/{ON}").context["lines"]} == {"DU1", "DU2", "CS1"}


def test_the_search_knows_units_by_their_names_of_then(client, city):
    board = signed_in(client, Role.BOARD, city.top)
    for words, today, then in (("phuong 1", 0, 1), ("phuong moi", 1, 0), ("co so 1", 0, 1)):
        assert len(board.post("/tim/", {"q": words}).context["units"]) == today, words
        assert len(board.post(f"/tim/{ON}", {"q": words}).context["units"]) == then, words
    branch = signed_in(client, Role.BRANCH, city.sibling)
    assert branch.post(f"/tim/{ON}", {"q": "khu pho 1"}).context["units"] == []


@pytest.mark.parametrize("name", ["unit", "structure", "chart", "lists", "who_sees"])
@pytest.mark.parametrize(("day", "nearest"), [("", "2024-06-30"), ("?on=2024-08-01", "2024-06-30")])
def test_a_unit_that_left_leads_to_its_last_day(client, city, name, day, nearest):
    board = signed_in(client, Role.BOARD, city.top)
    page = board.get(reverse(name, args=["CS1"]) + day)
    assert page.status_code == 404
    assert "Chi bộ cơ sở 1 không ở trong đảng bộ (chuyển ra từ 01/07/2024)" in text_of(page)
    assert f'href="/don-vi/CS1/?on={nearest}"' in page.content.decode()
    assert board.get(f"/don-vi/CS1/?on={nearest}").status_code == 200
    assert denials() == 0


def test_a_unit_that_came_later_leads_to_its_first_day(client, city):
    factories.a_unit("N", "branch", city.committee, day=D(2024, 9, 1))
    page = signed_in(client, Role.BOARD, city.top).get(f"/don-vi/N/{ON}")
    assert page.status_code == 404
    assert "(thành lập 01/09/2024)" in text_of(page)
    assert 'href="/don-vi/N/?on=2024-09-01"' in page.content.decode()


def test_a_row_of_a_unit_that_left_leads_to_its_last_day(client, city):
    board = signed_in(client, Role.BOARD, city.top)
    for address in ("/don-vi/TU/", "/don-vi/TU/bang/admission-rate/", "/don-vi/TU/bang/ledger/"):
        html = board.get(address).content.decode()
        assert 'href="/don-vi/CS1/?on=2024-06-30"' in html, address
        lists = re.findall(r'href="(/don-vi/CS1/danh-sach/[^"]*)"', html)
        assert bool(lists) == ("ledger" in address), address  # only a ledger tells of more than one day
        for url in map(unescape, lists):
            assert url.endswith("on=2024-06-30")
            assert board.get(url).status_code == 200


# ---- rights: figures yes, names no ---------------------------------------------------------------
def test_a_committee_sees_the_figures_but_nobodys_name_of_a_branch_it_had(client, city):
    committee = signed_in(client, Role.COMMITTEE, city.committee, name="Hồ Văn Cấp Ủy")
    reader = User.objects.get(person__name="Hồ Văn Cấp Ủy")
    in_charge = {"role": Role.SUPERVISOR, "office": Office.MEMBER, "to_day": TURN}
    Post.objects.create(person=reader.person, organisation=city.branch, **in_charge)
    assert {(line["code"], line["base"]) for line in committee.get(f"/don-vi/{ON}").context["lines"]} == {
        ("DU1", 50),
        ("DU1-01", 20),
    }
    assert committee.get("/don-vi/DU1-01/").status_code == 404
    page = committee.get(f"/don-vi/DU1-01/{ON}")
    assert (page.context["total"]["base"], page.context["total"]["admitted"]) == (20, 1)
    assert "Vũ Thị Bí Thư" not in text_of(page)
    people = committee.get(reverse("items", args=["DU1-01", "admitted"]) + ON)
    assert (people.context["number"], people.context["page_of_names"]) == (1, None)
    assert "Ngô Văn Đã Chuyển" not in text_of(people)
    assert "Vũ Thị Bí Thư" not in text_of(committee.get(f"/don-vi/DU1/{ON}"))
    for name in ("who_sees", "posts"):
        refused = committee.get(reverse(name, args=["DU1-01"]) + ON)
        assert refused.status_code == 403, name
        assert "ngày cũ chỉ xem được số liệu" in text_of(refused)
    changed = text_of(committee.get(reverse("changes", args=["DU1"]) + "?on=2024-04-01"))
    assert "Bùi Thị Ở Lại" in changed
    assert "Ngô Văn Đã Chuyển" not in changed
    nameless = ["/don-vi/", "/don-vi/DU1/co-cau/", "/don-vi/DU1/so-do/", "/don-vi/DU1/dau-nam/2024/"]
    nameless += ["/don-vi/DU1/bang/no-admission/?rows=branches", "/don-vi/DU1/bang/structure/?file=csv"]
    nameless += [f"/don-vi/DU1-01/bang/{table}/?file=csv" for table in ("structure", "in-time")]
    for address in nameless:
        page = text_of(committee.get(address + ON.replace("?", "&" if "?" in address else "?")))
        assert "Vũ Thị Bí Thư" not in page, address
    assert committee.get(f"/dang-vien/{ON}&unit=DU1-01").status_code == 404
    history = text_of(committee.get(f"/don-vi/DU1-01/co-cau/{ON}"))
    assert "Số đảng viên đầu năm 2024: 20" in history
    assert "Vũ Thị Bí Thư" not in history


def test_names_behind_a_number_are_those_of_units_that_are_ones_own_today(client, city):
    committee = signed_in(client, Role.COMMITTEE, city.committee)
    page = committee.get(reverse("items", args=["DU1", "admitted"]) + ON)
    assert page.context["number"] == 2
    assert [row.name for row in page.context["page_of_names"]] == ["Bùi Thị Ở Lại"]
    assert "Còn 1 người ở đơn vị nay không thuộc phạm vi" in text_of(page)
    members = committee.get(f"/dang-vien/{ON}")
    assert [row.person.name for row in members.context["page"]] == ["Bùi Thị Ở Lại"]


def test_who_has_the_branch_today_sees_its_names_also_of_then(client, city):
    committee = signed_in(client, Role.COMMITTEE, city.committees[1])
    page = committee.get(reverse("items", args=["DU1-01", "admitted"]) + ON)
    assert [row.name for row in page.context["page_of_names"]] == ["Ngô Văn Đã Chuyển"]
    member = committee.get(page.context["page_of_names"][0].url + ON)
    steps = member.context["path"]
    assert [(step.name, bool(step.get_absolute_url)) for step in steps] == [
        ("Đảng bộ thành phố", True),
        ("Đảng bộ phường 1", False),
        ("Chi bộ khu phố 1", True),
    ], "the committee it stood under then is a stranger"
    assert denials() == 0
    assert committee.get(f"/don-vi/DU1/{ON}").status_code == 404
    assert denials() == 1


def test_a_secretary_sees_the_own_branch_but_not_the_committee_of_then(client, city):
    secretary = signed_in(client, Role.BRANCH, city.branch)
    assert secretary.get(f"/don-vi/DU1-01/{ON}").context["total"]["base"] == 20
    assert secretary.get(f"/don-vi/DU2/{ON}").status_code == 200, "it stands above the branch today"
    assert secretary.get(f"/don-vi/DU1/{ON}").status_code == 404
    assert secretary.get(f"/don-vi/DU1-02/{ON}").status_code == 404


def test_a_neighbour_sees_nothing_of_a_unit_that_left(client, city):
    secretary = signed_in(client, Role.BRANCH, city.sibling)
    for day in ("", ON):
        page = secretary.get(f"/don-vi/CS1/{day}")
        assert page.status_code == 404
        assert "Chi bộ cơ sở 1" not in text_of(page)
    assert denials() == 2


# ---- people as they stood ------------------------------------------------------------------------
def test_a_case_is_told_up_to_the_day(client, city):
    case = factories.a_case(city.sibling, stage=Stage.EXAMINED, listed_on=D(2024, 3, 1), name="Lê Văn Từng Bước")
    board = signed_in(client, Role.BOARD, city.top)
    page = board.get(case.get_absolute_url() + "?on=2024-04-15")
    assert page.context["case"].stage == Stage.SYMPATHISER
    assert len(page.context["events"]) == 2
    assert "Đang chờ chi bộ" in text_of(page)
    assert "Đã chờ 15 ngày" in text_of(page)
    assert (page.context["links"], page.context["next"]["may"]) == ([], False)
    early = board.get(case.get_absolute_url() + "?on=2024-02-01")
    assert "Ngày này chưa theo dõi" in text_of(early)
    assert early.context["events"] == []
    now = board.get(case.get_absolute_url())
    assert now.context["case"].stage == Stage.EXAMINED
    assert now.context["links"] != []


def test_the_list_of_cases_is_that_of_the_day_and_so_is_the_number(client, city):
    factories.a_case(city.sibling, stage=Stage.EXAMINED, listed_on=D(2024, 3, 1))
    factories.a_case(city.branch, stage=Stage.SYMPATHISER, listed_on=D(2024, 5, 20))
    factories.a_case(city.branch, listed_on=D(2024, 9, 1))
    board = signed_in(client, Role.BOARD, city.top)
    for on, stages in (("2024-05-31", ["dossier", "nominee"]), ("2024-06-30", ["branch_resolved", "sympathiser"])):
        page = board.get(f"/ho-so/?on={on}&sort=day")
        assert sorted(row.stage_then for row in page.context["page"]) == sorted(stages)
        funnel = board.get(f"/don-vi/TU/?on={on}").context["funnel"]
        for drawn in funnel.bars:
            listed = board.get(drawn.bar.url)
            assert listed.context["page"].paginator.count == drawn.bar.value, (on, drawn.bar.label)
    assert board.get(f"/ho-so/{ON}&unit=DU1").context["page"].paginator.count == 2, "both branches stood there"
    assert board.get("/ho-so/?unit=DU1").context["page"].paginator.count == 1
    board_of_stages = board.get(f"/ho-so/{ON}&view=stages").context["board"]
    assert sum(column["count"] for column in board_of_stages) == 2


def test_a_case_stands_in_the_unit_of_then_where_that_was_carried_on_since(client, city):
    case = factories.a_case(city.sibling, stage=Stage.SYMPATHISER, listed_on=D(2024, 3, 1))
    reorganise.merge([reorganise.Merging("DU1-02", D(2024, 8, 1), "DU2-02")], actor=None, today=factories.TODAY)
    reorganise.merge([reorganise.Merging("DU2-02", D(2024, 9, 1), "DU2-01")], actor=None, today=factories.TODAY)
    board = signed_in(client, Role.BOARD, city.top)
    for query, unit in (("?on=2024-07-15", "Chi bộ khu phố 2"), ("", "Chi bộ khu phố 1")):
        assert [row.unit.name for row in board.get(f"/ho-so/{query}").context["page"]] == [unit]
        assert board.get(case.get_absolute_url() + query).context["path"][-1].name == unit


def test_a_member_is_told_up_to_the_day(client, city):
    spell = factories.a_member(city.sibling, name="Trần Văn Sổ", decided_on=D(2023, 3, 1), recognised_on=D(2024, 3, 2))
    board = signed_in(client, Role.BOARD, city.top)
    page = board.get(spell.get_absolute_url() + "?on=2023-12-31")
    assert page.context["lead"] == "Đảng viên dự bị · Chi bộ khu phố 2"
    assert [event["title"] for event in page.context["events"]] == ["Kết nạp · dự bị"]
    assert "Hiện nay" in page.context["events"][0]["text"]
    recognition = page.context["recognition"] or {"url": ""}
    assert (page.context["links"], recognition["url"]) == ([], "")
    early = board.get(spell.get_absolute_url() + "?on=2022-01-01")
    assert "Ngày này chưa có trong danh sách" in text_of(early)
    assert "chính thức" in board.get(spell.get_absolute_url()).context["lead"]


# ---- nothing is written, and the day is kept -----------------------------------------------------
PAGES = [
    "/don-vi/",
    "/don-vi/DU1/",
    "/don-vi/DU1/co-cau/",
    "/don-vi/DU1/so-do/",
    "/don-vi/DU1/danh-sach/",
    "/don-vi/DU1/danh-sach/admitted/",
    "/don-vi/DU1/ai-xem-duoc/",
    "/don-vi/DU1/chuc-vu/",
    "/don-vi/DU1/thay-doi/",
    "/don-vi/DU1/bang/admission-rate/",
    "/don-vi/DU1/bang/years/",
    "/don-vi/DU1/bang/strata/",
    "/don-vi/DU1/bang/thresholds/",
    "/don-vi/DU1/dau-nam/2024/",
    "/don-vi/DU1/chi-tieu/2024/",
    "/don-vi/DU1/ket-qua/2024/",
    "/ho-so/",
    "/dang-vien/",
    "/tim/",
]
#: addresses of pages that take a form
DEEDS = {name for name, address in ADDRESSES.items() if address.posts} - {"search", "bases", "quotas", "results"}
_LINKS = re.compile(r'<a [^>]*href="([^"]*)"')


def links_of(page) -> list[str]:
    return [url.replace("&amp;", "&") for url in _LINKS.findall(page.content.decode())]


@pytest.mark.parametrize("address", PAGES)
def test_every_link_keeps_the_day_and_none_leads_to_a_deed(client, city, address):
    factories.a_case(city.sibling, stage=Stage.DOSSIER, listed_on=D(2024, 1, 5))
    page = signed_in(client, Role.BOARD, city.top).get(address + ON)
    assert page.status_code == 200
    assert "Đang xem ngày 30/06/2024" in text_of(page)
    links = [url for url in links_of(page) if not url.startswith(("#", "tel:", "/quan-tri/"))]
    lost = [url for url in links if "on=" not in url]
    assert [url for url in lost if urlsplit(url).path] == [], "only the way back to today names no day"
    assert lost != []
    led = {resolve(urlsplit(url).path).view_name for url in links if urlsplit(url).path}
    assert led & DEEDS == set()
    assert 'method="post"' not in page.content.decode().split("<main")[1].replace(
        '<form class="grid-form" method="post"', ""
    ).replace('<form class="deed-form" method="post" role="search"', "")
    assert not re.search(r'<input[^>]* class="cell-input', page.content.decode())


@pytest.mark.parametrize("name", ["bases", "quotas", "results"])
def test_nothing_can_be_sent_on_a_past_day(client, city, name):
    board = signed_in(client, Role.BOARD, city.top)
    url = reverse(name, args=["DU1", 2024])
    assert "btn-primary" in board.get(url).content.decode()
    assert "btn-primary" not in board.get(url + ON).content.decode()
    refused = board.post(url + ON, {"anything": "1"})
    assert refused.status_code == 403
    assert "chỉ xem, không ghi" in text_of(refused)


def test_the_pages_of_a_year_show_the_units_and_names_of_the_day(client, city):
    board = signed_in(client, Role.BOARD, city.top)
    for name in ("bases", "quotas", "results"):
        url = reverse(name, args=["TU", 2024])
        then = [row.unit.name for row in board.get(url + ON).context["form"].rows]
        assert "Đảng bộ phường 1" in then, name
        notes = {row.unit.code: row.note for row in board.get(f"{url}?on=2024-05-31").context["form"].rows}
        note = r"đã chốt lúc \d\d:\d\d \d\d/\d\d/\d{4}" if name == "bases" else ""
        assert re.fullmatch(note, notes["CS1"]), "that it would leave was not known"
    ahead = board.get(reverse("bases", args=["TU", 2024]) + "?on=2022-12-31")
    assert ahead["Location"] == "/don-vi/TU/dau-nam/2022/?on=2022-12-31"
    committee = signed_in(client, Role.COMMITTEE, city.committee)
    assert committee.get(f"/don-vi/DU1-01/dau-nam/2024/{ON}").context["form"].rows[0].stored["total"] == 20
    assert committee.get("/don-vi/DU1-01/dau-nam/2024/").status_code == 404
    reader = signed_in(client, Role.STANDING, city.top)
    assert reader.get(f"/don-vi/DU1/dau-nam/2024/{ON}").status_code == 403


def test_the_first_page_leads_on_with_the_day_or_says_it_is_of_today(client, city):
    assert signed_in(client, Role.BOARD, city.top).get(f"/{ON}")["Location"] == f"/don-vi/TU/{ON}"
    page = signed_in(client, Role.COMMITTEE, city.committee).get(f"/{ON}")
    assert "Trang này luôn là của hôm nay" in text_of(page)
    assert f'href="/ho-so/{ON}"' in page.content.decode(), "the frame carries the day on"


def test_nonsense_is_answered_with_today_and_said(client, city):
    page = signed_in(client, Role.BOARD, city.top).get("/don-vi/DU1/?on=hom+qua")
    assert page.context["asked"].on == factories.TODAY
    assert "«hom qua» không phải là một ngày; trang này đang là của hôm nay, 15/10/2024." in text_of(page)
    assert 'href="/don-vi/DU1/co-cau/"' in page.content.decode()


# the day asked, of words accepted on 1/6 (none left) and 1/9 (some after all) → whether the branch is out of sources
OUT_OF_SOURCES = {D(2024, 5, 31): False, D(2024, 6, 1): True, D(2024, 8, 31): True, D(2024, 9, 1): False}


@pytest.mark.both_databases
@pytest.mark.parametrize("day", OUT_OF_SOURCES)
def test_a_word_on_sources_holds_from_the_day_it_was_accepted(city, day):
    for has_sources, said in ((False, D(2024, 6, 1)), (True, D(2024, 9, 1))):
        declare_sources([SourcesLine(city.branch, 2024, has_sources, "đã hết")], actor=None, today=said)
    book = open_book(city.top.pk, period.of_year(2024, day, today=factories.TODAY))
    assert book.exhausted(2024) == ({city.branch.pk} if OUT_OF_SOURCES[day] else set())
