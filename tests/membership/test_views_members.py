"""The pages of the register: the list of a day, one member, and a form for every deed."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.log.models import Entry
from cells.rules.models import Stratum
from membership import register
from membership.models import Spell, Stage
from membership.register import Change
from tests.factories import TODAY, a_case, a_full_member, a_member, a_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db

D = dt.date
DEEDS = ("member_recognise", "member_transfer", "member_depart", "member_identity", "member_temporary")


@pytest.fixture
def keeper(city, client):
    """A clerk of the first committee, logged in."""
    user = a_user("committee", city.committee)
    client.force_login(user)
    return user


def names(response) -> list[str]:
    return [spell.person.name for spell in response.context["page"]]


def url_of(name: str, spell: Spell) -> str:
    return reverse(name, args=[spell.pk])


def errors(client, url: str, typed: dict) -> dict:
    response = client.post(url, typed)
    assert response.status_code == 200, "the deed was not refused"
    return response.context["form"].errors


# --- the deeds ----------------------------------------------------------------------------------


def test_recognition(city, client, keeper):
    spell = a_member(city.branch, decided_on=D(2023, 9, 1))
    assert url_of("member_recognise", spell) in client.get(spell.get_absolute_url()).content.decode()
    page = client.get(url_of("member_recognise", spell))
    assert "chi bộ biểu quyết công nhận trước" in text_of(page)
    assert "vẫn là đảng viên chính thức từ ngày hết 12 tháng dự bị" in text_of(page)
    typed = {"decided_on": "10/10/2024", "number": "8-QĐ", "without_votes": "biểu quyết trong sổ giấy"}
    done = client.post(url_of("member_recognise", spell), typed, follow=True)
    assert "đảng viên chính thức từ ngày 01/09/2024" in text_of(done)
    assert "8-QĐ ngày 10/10/2024; chưa đủ biểu quyết, lý do: biểu quyết trong sổ giấy" in text_of(done)
    now = Spell.objects.get(person=spell.person, to_day=None)
    assert (now.standing, done.redirect_chain) == ("full", [(now.get_absolute_url(), 302)])
    assert url_of("member_recognise", now) not in done.content.decode()


def test_a_move_inside_and_outside(city, client, keeper):
    inside, outside = a_full_member(city.branch), a_full_member(city.branch)
    url = url_of("member_transfer", inside)
    page = client.get(url)
    assert f'value="{city.branch.pk}"' not in page.content.decode()
    done = client.post(url, {"day": "31/08/2024", "destination": city.outside.pk}, follow=True)
    assert "chuyển sinh hoạt đến Chi bộ khu phố 2; ngày cuối ở chi bộ cũ là 31/08/2024" in text_of(done)
    assert Spell.objects.get(person=inside.person, to_day=None).organisation == city.outside
    typed = {"day": "31/08/2024", "destination": "", "elsewhere": "Đảng bộ tỉnh bên"}
    client.post(url_of("member_transfer", outside), typed)
    outside.refresh_from_db()
    assert (outside.elsewhere, outside.to_day) == ("Đảng bộ tỉnh bên", D(2024, 9, 1))


def test_a_way_out(city, client, keeper):
    spell = a_full_member(city.branch)
    typed = {"day": "15/10/2024", "cause": "deceased"}
    done = client.post(url_of("member_depart", spell), typed, follow=True)
    assert "từ trần, ngày 15/10/2024" in text_of(done)
    assert "đến 15/10/2024 (từ trần)" in text_of(done)
    again = client.post(url_of("member_depart", spell), typed)
    assert again.context["form"].non_field_errors() == ["Biến động này đã được ghi."]
    assert client.get(url_of("member_depart", spell)).url == spell.get_absolute_url()


DECIDED = {"decided_on": "10/10/2024", "number": "8-QĐ", "without_votes": "sổ giấy"}
RECEIVED = {
    "name": "lê văn tám", "born": "1980", "standing": "full", "day": "01/07/2024", "elsewhere": "Đảng bộ tỉnh bên",
}  # fmt: skip


def test_a_reception(city, client, keeper):
    typed = RECEIVED | {"organisation": city.branch.pk}
    done = client.post(reverse("member_receive"), typed, follow=True)
    assert "Đã tiếp nhận Lê Văn Tám về Chi bộ khu phố 1 từ ngày 01/07/2024" in text_of(done)
    spell = Spell.objects.get()
    assert (spell.organisation, spell.started_by, spell.person.born_precision) == (
        city.branch, Spell.Start.TRANSFERRED_IN, "year",
    )  # fmt: skip
    assert "name" in errors(client, reverse("member_receive"), typed)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"name": ""}, "name", "Ghi mục này"),
        ({"name": "a\x00"}, "name", "ký tự"),
        ({"born": "31/04/1980"}, "born", "không có ngày 31"),
        ({"day": "16/10/2024"}, "day", "sau ngày hôm nay"),
        ({"day": "01/07/24"}, "day", "4 chữ số"),
        ({"day": "01/07/1979"}, "day", "ngày sinh"),
        ({"elsewhere": " "}, "elsewhere", "Ghi mục này"),
        ({"standing": "probationary"}, "ceremony_on", "lễ kết nạp"),
        ({"standing": "honorary"}, "standing", "Chọn"),
        ({"organisation": ""}, "organisation", "Chọn một chi bộ"),
        ({"organisation": "x"}, "organisation", "danh sách"),
        ({"decided_on": "01/08/2024"}, "day", "quyết định kết nạp"),
    ],
)
def test_a_bad_reception_writes_nothing(city, client, keeper, typed, field, says):
    found = errors(client, reverse("member_receive"), RECEIVED | {"organisation": city.branch.pk} | typed)
    assert says in found[field][0]
    assert not Spell.objects.exists()


def test_nobody_is_received_into_a_unit_of_others(city, client, keeper):
    assert "organisation" in errors(client, reverse("member_receive"), RECEIVED | {"organisation": city.outside.pk})


@pytest.mark.parametrize(
    ("deed", "typed", "field", "says"),
    [
        ("member_recognise", DECIDED | {"decided_on": ""}, "decided_on", "Ghi ngày"),
        ("member_recognise", DECIDED | {"decided_on": "31/09/2024"}, "decided_on", "không có ngày 31"),
        ("member_recognise", DECIDED | {"decided_on": "16/10/2024"}, "decided_on", "sau ngày hôm nay"),
        ("member_recognise", DECIDED | {"decided_on": "31/08/2024"}, "decided_on", "hết ngày 01/09/2024"),
        ("member_recognise", DECIDED | {"number": " "}, "number", "Ghi mục này"),
        ("member_recognise", DECIDED | {"without_votes": ""}, "without_votes", "Ghi mục này"),
        ("member_temporary", {"day": "01/09/2024"}, "place", "Ghi mục này"),
        ("member_temporary", {"day": "16/10/2024", "place": "Hà Nội"}, "day", "sau ngày hôm nay"),
        ("member_temporary", {"day": "01/09/2024", "place": "Hà Nội", "last": "31/08/2024"}, "last", "trước ngày đầu"),
        ("member_transfer", {"day": "01/09/2024"}, "elsewhere", "nơi chuyển đến"),
        ("member_transfer", {"day": "01/09/2024", "destination": "abc"}, "destination", "danh sách"),
        ("member_transfer", {"day": "01/09/2024", "elsewhere": "x\x07"}, "elsewhere", "ký tự"),
        ("member_depart", {"day": "01/09/2024"}, "cause", "Chọn lý do"),
        ("member_depart", {"day": "01/09/2024", "cause": "expelled"}, "cause", "xóa tên"),
        ("member_depart", {"day": "01/09/2024", "cause": "bored"}, "cause", "danh sách"),
        ("member_depart", {"day": "02/30/2024", "cause": "deceased"}, "day", "không có tháng 30"),
        ("member_identity", {"name": "A B", "born": "1990", "reason": ""}, "reason", "Ghi mục này"),
        ("member_identity", {"name": "A B", "born": "x", "reason": "x"}, "born", "không phải là ngày"),
        ("member_identity", {"name": "A B", "born": "2024", "reason": "x"}, "born", "trước"),
    ],
)
def test_bad_input_is_said_at_its_field(city, client, keeper, deed, typed, field, says):
    spell = a_member(city.branch, decided_on=D(2023, 9, 1))
    url = url_of(deed, spell)
    shown = client.get(url).context["form"].initial.get("shown", "")
    assert says in errors(client, url, typed | {"shown": shown})[field][0]
    assert Spell.objects.get() == spell
    spell.refresh_from_db()
    assert spell.to_day is None


def test_both_a_branch_and_a_place_outside_is_one_too_many(city, client, keeper):
    spell = a_full_member(city.branch)
    typed = {"day": "01/09/2024", "destination": city.outside.pk, "elsewhere": "x"}
    assert "elsewhere" in errors(client, url_of("member_transfer", spell), typed)


# --- rights -------------------------------------------------------------------------------------


def test_a_guessed_address_is_not_found_and_logged(city, client, keeper):
    spell = a_full_member(city.outside)
    urls = [spell.get_absolute_url(), *(url_of(deed, spell) for deed in DEEDS)]
    for url in urls:
        assert client.get(url).status_code == 404
    assert Entry.objects.filter(sort=Entry.Sort.DENIED, actor=keeper, subject="spell", subject_id=spell.pk).count() == 6
    assert client.get("/dang-vien/99999/").status_code == 404
    assert Entry.objects.filter(sort=Entry.Sort.DENIED).count() == 6


@pytest.mark.parametrize(("role", "unit"), [("branch", "branch"), ("standing", "top"), ("auditor", "top")])
def test_a_reader_sees_but_does_not_write(city, client, role, unit):
    spell = a_member(city.branch)
    client.force_login(a_user(role, getattr(city, unit)))
    page = client.get(spell.get_absolute_url())
    assert page.status_code == 200
    assert page.context["links"] == []
    assert page.context["recognition"]["url"] == (reverse("member_vote", args=[spell.pk]) if role == "branch" else "")
    for url in [*(url_of(deed, spell) for deed in DEEDS), reverse("member_receive")]:
        for response in (client.get(url), client.post(url, {"day": "01/09/2024", "cause": "deceased"})):
            assert response.status_code == 403
            assert "Người có quyền: Ban Tổ chức; Cấp ủy cơ sở." in text_of(response)
    spell.refresh_from_db()
    assert spell.to_day is None


def test_reading_a_member_is_logged(city, client, keeper):
    spell = a_full_member(city.branch)
    client.get(spell.get_absolute_url())
    assert Entry.objects.filter(sort=Entry.Sort.READ, actor=keeper, subject="spell", subject_id=spell.pk).exists()


def test_the_story_elsewhere_stays_hidden(city, client, keeper):
    spell = a_full_member(city.outside)
    move = Change(spell.pk, D(2024, 5, 31), destination=city.branch)
    (here,) = register.transfer([move], actor=None, today=TODAY)
    shown = text_of(client.get(here.get_absolute_url()))
    assert "Chuyển đến · chính thức" in shown
    assert "ngoài phạm vi bạn được xem" in shown
    assert "Công nhận chính thức ·" not in shown


def test_the_page_tells_the_whole_way(city, client, keeper):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    spell = Spell.objects.get(candidacy=case)
    page = client.get(spell.get_absolute_url())
    assert case.get_absolute_url() in page.content.decode()
    assert "Kết nạp · dự bị" in text_of(page)
    assert "02/08/2024" in text_of(page)  # the ceremony


# --- the list -----------------------------------------------------------------------------------


def test_the_list_of_a_day(city, client, keeper):
    gone = a_full_member(city.branch, name="Bùi Thị An")
    a_member(city.sibling, name="Đỗ Văn Đức", decided_on=D(2024, 3, 1))
    a_full_member(city.outside, name="Trần Văn Bền")
    register.depart([Change(gone.pk, D(2024, 6, 30), cause="resigned")], actor=None, today=TODAY)
    for query, found in [
        ("", ["Đỗ Văn Đức"]),
        ("on=30/06/2024", ["Bùi Thị An", "Đỗ Văn Đức"]),
        ("on=2024-06-30&sort=-name", ["Đỗ Văn Đức", "Bùi Thị An"]),
        ("on=01/07/2024", ["Đỗ Văn Đức"]),
        ("on=01/01/2024", ["Bùi Thị An"]),
        ("on=30/06/2024&standing=probationary", ["Đỗ Văn Đức"]),
        ("on=30/06/2024&unit=DU1-01", ["Bùi Thị An"]),
        ("on=30/06/2024&sort=unit", ["Bùi Thị An", "Đỗ Văn Đức"]),
        ("on=30/02/2024", ["Đỗ Văn Đức"]),  # no day: today
        ("on=01/01/2030", ["Đỗ Văn Đức"]),  # nobody knows the future
        ("on=01/01/1990", []),
    ]:
        assert names(client.get(f"{reverse('members')}?{query}")) == found, query
    assert client.get(f"{reverse('members')}?unit=DU2").status_code == 404


def test_the_list_by_the_stratum_of_the_case(city, client, keeper):
    """Through the case, also after a transfer; a member without a case is of none known."""
    strata = tuple(Stratum.objects.filter(code__in=("student", "pupil")))
    case = a_case(city.branch, name="Bùi Thị An", stage=Stage.ADMITTED, strata=strata)
    a_member(city.sibling, name="Đỗ Văn Đức")
    moved = Change(case.spells.get().pk, TODAY - dt.timedelta(days=1), destination=city.sibling)
    register.transfer([moved], actor=None, today=TODAY)
    for query, found in [
        ("stratum=student", ["Bùi Thị An"]),
        ("stratum=pupil&standing=probationary&unit=DU1-02", ["Bùi Thị An"]),
        ("stratum=pupil&unit=DU1-01", []),
        ("stratum=religious", []),
        ("stratum=unknown", ["Đỗ Văn Đức"]),
        ("stratum=nonsense", ["Bùi Thị An", "Đỗ Văn Đức"]),
    ]:
        assert names(client.get(f"{reverse('members')}?{query}")) == found, query


def test_the_list_asks_the_same_however_long(city, client, keeper, django_assert_max_num_queries):
    counts = []
    for rows in (3, 27):
        for _ in range(rows):
            a_full_member(city.branch)
        with django_assert_max_num_queries(16) as asked:
            client.get(f"{reverse('members')}?unit=DU1&sort=unit")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_member_asks_the_same_however_long_the_way(city, client, keeper, django_assert_max_num_queries):
    counts = []
    spell = a_full_member(city.branch)
    for moves in (0, 6):
        for month in range(1, moves + 1):
            to = city.sibling if month % 2 else city.branch
            move = Change(spell.pk, D(2024, month, 28), destination=to)
            (spell,) = register.transfer([move], actor=None, today=TODAY)
        with django_assert_max_num_queries(16) as asked:
            client.get(spell.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]
