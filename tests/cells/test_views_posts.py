"""Posts on screen: given to somebody found by name or named anew, ended, lent, withdrawn; what is typed wrong."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.log.models import Entry
from cells.models import Organisation, Person, Post, User
from cells.people import power
from cells.people.models import Office, Role
from tests.factories import TODAY, a_case, a_city, a_full_member, a_person, a_unit, a_user
from tests.pages import form_of, problem_at, text_of

pytestmark = pytest.mark.django_db
START = dt.date(2024, 1, 1)


@pytest.fixture
def city():
    return a_city()


def sit_down(client, role, unit, **more):
    user = a_user(role, unit, from_day=START, **more)
    client.force_login(user)
    return user


@pytest.fixture
def committee(city, client):
    """A member of the first committee, before the page of one of its branches."""
    sit_down(client, Role.COMMITTEE, city.committee, office=Office.MEMBER)
    return client


def address(name, unit, post=None):
    return reverse(name, args=[unit.code] if post is None else [unit.code, post.pk])


def a_post(unit, office=Office.SECRETARY, role=Role.BRANCH, **more) -> Post:
    days = {"from_day": START} | more
    return Post.objects.create(person=a_person(), organisation=unit, role=role, office=office, **days)


def typed(**values):
    new = {"words": "", "person": "", "name": "Lê Thị Mới", "born": "05/03/1980"}
    return new | {"office": "secretary", "role": "branch", "from_day": "01/10/2024", "last_day": ""} | values


# ---- giving --------------------------------------------------------------------------------------


def test_a_post_for_somebody_new(committee, city):
    page = committee.post(address("post_new", city.branch), typed(), follow=True)
    post = Post.objects.get(organisation=city.branch)
    assert (post.person.name, post.role, post.office) == ("Lê Thị Mới", Role.BRANCH, Office.SECRETARY)
    assert (post.from_day, post.to_day) == (dt.date(2024, 10, 1), None)
    assert page.redirect_chain[-1][0] == address("posts", city.branch)
    assert "Đã ghi Lê Thị Mới giữ chức vụ bí thư từ 01/10/2024." in text_of(page)
    assert "chưa có tài khoản" in text_of(page)
    assert Entry.objects.get(deed="appoint").subject_id == post.pk


def test_the_last_day_is_meant_as_it_is_said(committee, city):
    committee.post(address("post_new", city.branch), typed(last_day="31/12/2024"))
    assert Post.objects.get(organisation=city.branch).to_day == dt.date(2025, 1, 1)


def test_somebody_is_found_by_name_and_chosen(committee, city):
    member = a_full_member(city.sibling, name="Trần Văn Sẵn", born=dt.date(1980, 3, 5))
    a_full_member(city.branch, name="Trần Văn Sẵn Sàng")
    a_full_member(city.outside, name="Trần Văn Sẵn Nơi Khác")
    a_case(city.branch, name="Trần Văn Sẵn Quần Chúng")
    url = address("post_new", city.branch)
    page = committee.post(url, typed(name="", born="", words="van san", find="yes", office=""))
    assert page.context["form"].errors == {}, "a search judges nothing"
    names = [label for _, label in page.context["form"].fields["person"].choices]
    assert [name.partition(" · ")[0] for name in names] == ["Trần Văn Sẵn Sàng", "Trần Văn Sẵn"]
    assert names[1] == "Trần Văn Sẵn · sinh 05/03/1980 · đảng viên Chi bộ khu phố 2"
    assert Entry.objects.get(sort="read", subject="search").count == 2
    assert form_of(page)["from_day"] == "01/10/2024", "nothing typed is lost"
    committee.post(url, typed(name="", born="", person=str(member.person_id)))
    assert Post.objects.get(organisation=city.branch).person == member.person


def test_the_only_one_found_is_chosen_at_once(committee, city):
    member = a_full_member(city.branch, name="Trần Văn Duy Nhất")
    page = committee.post(address("post_new", city.branch), typed(words="duy nhat", find="yes"))
    assert form_of(page)["person"] == str(member.person_id)
    assert "checked" in str(page.context["form"]["person"])


@pytest.mark.parametrize("words", ["x", " ", "khong co ai", "a\x00b", "%", "a" * 300])
def test_a_search_that_finds_nobody(committee, city, words):
    a_full_member(city.branch)
    page = committee.post(address("post_new", city.branch), typed(words=words, find="yes"))
    assert page.status_code == 200
    assert page.context["form"].found == []
    assert not Post.objects.filter(organisation=city.branch).exists()


def test_nobody_out_of_sight_is_chosen_by_number(committee, city):
    other = a_full_member(city.outside)
    page = committee.post(address("post_new", city.branch), typed(name="", born="", person=str(other.person_id)))
    assert "trong danh sách" in problem_at(page, "person")
    assert other.person.name not in text_of(page)


def test_who_is_named_anew_is_found_again(committee, city):
    other = a_full_member(city.outside, name="Trần Văn Khác", born=dt.date(1980, 3, 5))
    committee.post(address("post_new", city.branch), typed(name="trần văn khác", born="05/03/1980"))
    assert Post.objects.get(organisation=city.branch).person == other.person


def test_two_of_one_name_and_birth_are_not_guessed(committee, city):
    for _ in range(2):
        a_person("Trần Văn Trùng", dt.date(1980, 3, 5))
    page = committee.post(address("post_new", city.branch), typed(name="Trần Văn Trùng"))
    assert "nhiều người cùng họ tên" in problem_at(page, "name")
    assert Person.objects.filter(name="Trần Văn Trùng").count() == 2


BAD = [
    ({"name": "", "born": ""}, "words", "Bấm «Tìm người»"),
    ({"born": ""}, "born", "Ghi ngày sinh"),
    ({"born": "31/02/1980"}, "born", "31/02/1980"),
    ({"name": "Lê\x00"}, "name", "ký tự"),
    ({"office": ""}, "office", "Chọn chức vụ"),
    ({"office": "delegate"}, "office", "trong danh sách"),
    ({"role": "board"}, "role", "được ghi ở đơn vị này"),
    ({"role": "supervisor"}, "office", "đi với chức vụ «Cấp ủy viên»"),
    ({"from_day": ""}, "from_day", "Ghi ngày"),
    ({"from_day": "16/10/2024"}, "from_day", "sau ngày hôm nay"),
    ({"from_day": "abc"}, "from_day", "abc"),
    ({"last_day": "30/09/2024"}, "last_day", "trước ngày nhận"),
]


@pytest.mark.parametrize(("change", "field", "says"), BAD)
def test_what_is_typed_wrong_is_told_at_its_field(committee, city, change, field, says):
    page = committee.post(address("post_new", city.branch), typed(**change))
    assert says in problem_at(page, field)
    assert form_of(page)["from_day"] == typed(**change)["from_day"]
    assert not Post.objects.filter(organisation=city.branch).exists()
    assert not Person.objects.filter(name="Lê Thị Mới").exists(), "nobody is entered for nothing"


def test_a_second_secretary_and_a_committee_s_own(committee, city):
    a_post(city.branch)
    assert "đang có bí thư" in problem_at(committee.post(address("post_new", city.branch), typed()), "office")
    page = committee.post(address("post_new", city.committee), typed(role="committee"))
    assert problem_at(page, "office") == power.FROM_ABOVE


def test_a_unit_that_came_later(committee, city):
    unit = a_unit("DU1-09", "branch", city.committee, day=dt.date(2024, 9, 1))
    page = committee.post(address("post_new", unit), typed(from_day="01/08/2024"))
    assert "chỉ có từ ngày 01/09/2024" in problem_at(page, "from_day")


# ---- ending --------------------------------------------------------------------------------------


def test_a_post_ends_on_its_last_day(committee, city):
    post = a_post(city.branch)
    page = committee.post(address("post_end", city.branch, post), {"last_day": "15/10/2024"}, follow=True)
    post.refresh_from_db()
    assert post.to_day == dt.date(2024, 10, 16)
    assert f"Đã ghi {post.person.name}, bí thư từ 01/01/2024 đến hết ngày 15/10/2024." in text_of(page)


@pytest.mark.parametrize(
    ("last", "says"),
    [("16/10/2024", "sau ngày hôm nay"), ("31/12/2023", "trước ngày nhận (01/01/2024)"), ("", "Ghi ngày")],
)
def test_a_last_day_that_is_refused(committee, city, last, says):
    post = a_post(city.branch)
    page = committee.post(address("post_end", city.branch, post), {"last_day": last})
    assert says in problem_at(page, "last_day")
    post.refresh_from_db()
    assert post.to_day is None


def test_a_mistake_is_withdrawn_with_a_reason(committee, city):
    post = a_post(city.branch)
    url = address("post_withdraw", city.branch, post)
    assert problem_at(committee.post(url, {"reason": " "}), "reason")
    page = text_of(committee.post(url, {"reason": "ghi nhầm người"}, follow=True))
    assert "Đã hủy" in page
    assert not Post.objects.filter(pk=post.pk).exists()
    assert committee.get(url).status_code == 404


def test_ones_own_last_power_is_refused_with_the_reason(client, city):
    user = sit_down(client, Role.BOARD, city.top)
    post = Post.objects.get(person=user.person)
    for name, form in (("post_end", {"last_day": "15/10/2024"}), ("post_withdraw", {"reason": "thử"})):
        page = client.post(address(name, city.top, post), form)
        assert page.context["form"].non_field_errors() == [power.LAST_POWER]
    assert Post.objects.filter(pk=post.pk, to_day=None).exists()


# ---- lending -------------------------------------------------------------------------------------


def test_the_holder_lends_the_post_and_ends_it(client, city, settings):
    user = sit_down(client, Role.BRANCH, city.branch, office=Office.SECRETARY)
    post, other = Post.objects.get(person=user.person), a_user(name="Ngô Thị Thay")
    form = {"words": "", "person": "", "name": "Ngô Thị Thay", "born": "", "from_day": "15/10/2024"}
    form["born"] = other.person.born_text
    page = client.post(address("post_delegate", city.branch, post), form | {"last_day": "31/10/2024"}, follow=True)
    assert f"Ngô Thị Thay được {user.person.name} ủy quyền đến hết ngày 31/10/2024." in text_of(page)
    lent = Post.objects.get(person=other.person)
    assert f"được {user.person.name} (Bí thư) ủy quyền đến hết ngày 31/10/2024" in text_of(page)
    seen = text_of(client.get(address("who_sees", city.branch)))
    assert f"được {user.person.name} (Bí thư) ủy quyền đến hết ngày 31/10/2024" in seen
    client.force_login(other)
    assert "Chi bộ khu phố 1" in text_of(client.get("/"))
    assert client.get(address("unit", city.sibling)).status_code == 404
    settings.TODAY = dt.date(2024, 10, 31)
    assert client.get(address("unit", city.branch)).status_code == 200
    settings.TODAY = dt.date(2024, 11, 1)
    assert client.get(address("unit", city.branch)).status_code == 404
    settings.TODAY = TODAY
    client.force_login(user)
    page = client.post(address("post_end", city.branch, lent), {"last_day": "15/10/2024"}, follow=True)
    assert "đến hết ngày 15/10/2024" in text_of(page)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_day": ""}, "last_day"),
        ({"last_day": "14/10/2024"}, "last_day"),
        ({"from_day": "16/10/2024"}, "from_day"),
        ({"name": ""}, "words"),
    ],
)
def test_a_delegation_that_is_refused(client, city, change, field):
    user = sit_down(client, Role.BRANCH, city.branch, office=Office.SECRETARY)
    form = {"name": "Ngô Thị Thay", "born": "1980", "from_day": "15/10/2024", "last_day": "31/10/2024"} | change
    page = client.post(address("post_delegate", city.branch, Post.objects.get(person=user.person)), form)
    assert problem_at(page, field)
    assert not Post.objects.filter(office=Office.DELEGATE).exists()


# ---- who may -------------------------------------------------------------------------------------


def test_a_reader_of_the_figures_may_do_nothing(client, city):
    post = a_post(city.committee, role=Role.COMMITTEE)
    sit_down(client, Role.BRANCH, city.branch)
    for name in ("post_end", "post_delegate", "post_withdraw"):
        assert client.get(address(name, city.committee, post)).status_code == 403
    for name in ("post_new", "supervise", "unit_phone"):
        assert client.get(address(name, city.committee)).status_code == 403
    page = client.get(address("posts", city.committee))
    assert page.context["lines"] == [{"post": post, "until": None, "links": []}]
    assert "Ghi chức vụ" not in text_of(page)


def test_from_below_one_sees_who_answers_and_nobody_else(client, city):
    a_post(city.committee, role=Role.COMMITTEE)
    a_post(city.committee, Office.STAFF, Role.BODY)
    a_post(city.committee, Office.DEPUTY, Role.COMMITTEE, from_day=dt.date(2020, 1, 1), to_day=START)
    sit_down(client, Role.BRANCH, city.branch)
    page = client.get(address("posts", city.committee))
    assert [line["post"].office for line in page.context["lines"]] == ["secretary"]
    assert "before" not in page.context
    sit_down(client, Role.AUDITOR, city.top)
    page = client.get(address("posts", city.committee))
    assert [line["post"].office for line in page.context["lines"]] == ["secretary", "staff"]
    assert [line["post"].office for line in page.context["before"]] == ["deputy"]


def test_a_past_day_shows_its_holders_and_no_deeds(client, city):
    old = a_post(city.branch, from_day=dt.date(2020, 1, 1), to_day=START)
    a_post(city.branch)
    sit_down(client, Role.BOARD, city.top)
    page = client.get(address("posts", city.branch) + "?on=2023-05-01")
    assert page.context["lines"] == [{"post": old, "until": None, "links": []}]
    assert "Ghi chức vụ" not in text_of(page).partition("Đang")[0]


def test_a_post_of_another_unit_is_not_found_here(committee, city):
    other = a_post(city.outside)
    assert committee.get(address("post_end", city.branch, other)).status_code == 404


def test_pages_of_posts_ask_the_same_for_three_and_for_thirty(client, city, django_assert_max_num_queries):
    sit_down(client, Role.BOARD, city.top)
    holder = a_post(city.branch)
    for count in (3, 27):
        for _ in range(count):
            a_post(city.branch, Office.STAFF)
            a_post(city.branch, Office.STAFF, to_day=dt.date(2024, 6, 1))
            Post.objects.create(
                person=a_person(),
                organisation=city.branch,
                role=Role.BRANCH,
                office=Office.DELEGATE,
                delegated_from=holder,
                from_day=START,
                to_day=dt.date(2025, 1, 1),
            )
        client.get(address("posts", city.branch))
        with django_assert_max_num_queries(11):
            client.get(address("posts", city.branch))


# ---- in charge of several ------------------------------------------------------------------------


def assigned(city, **values):
    units = [unit.pk for unit in (city.branch, city.sibling)]
    form = {"words": "", "person": "", "name": "Vũ Thị Phụ Trách", "born": "1975", "units": units}
    return form | {"from_day": "01/10/2024", "last_day": "", "instead": "on"} | values


def in_charge(unit, day=TODAY) -> list[str]:
    return sorted(Post.objects.in_charge(day).filter(organisation=unit).values_list("person__name", flat=True))


def test_one_form_puts_somebody_in_charge_of_several_units(committee, city):
    page = committee.post(address("supervise", city.committee), assigned(city), follow=True)
    assert "Đã ghi Vũ Thị Phụ Trách phụ trách 2 đơn vị từ 01/10/2024." in text_of(page)
    assert in_charge(city.branch) == in_charge(city.sibling) == ["Vũ Thị Phụ Trách"]
    assert in_charge(city.outside) == []
    assert Entry.objects.get(deed="appoint").count == 2


@pytest.mark.parametrize(
    ("instead", "expected"), [("on", ["Vũ Thị Phụ Trách"]), ("", ["Lê Văn Cũ", "Vũ Thị Phụ Trách"])]
)
def test_who_was_in_charge_is_replaced_or_joined(committee, city, instead, expected):
    old = a_post(city.branch, Office.MEMBER, Role.SUPERVISOR)
    old.person.set_name("Lê Văn Cũ")
    old.person.save()
    committee.post(address("supervise", city.committee), assigned(city, instead=instead))
    assert in_charge(city.branch) == expected
    assert in_charge(city.branch, dt.date(2024, 9, 30)) == ["Lê Văn Cũ"]


def test_the_committee_of_the_unit_is_offered(committee, city):
    page = committee.get(address("supervise", city.committee))
    (found,) = page.context["form"].found
    assert found.words.endswith("Cấp ủy viên, Đảng bộ phường 1")
    committee.post(address("supervise", city.committee), assigned(city, name="", born="", person=str(found.person)))
    assert in_charge(city.branch) == [found.name]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"units": []}, "units", "Chọn ít nhất một đơn vị"),
        ({"units": ["other"]}, "units", "Chọn đơn vị trong danh sách"),
        ({"from_day": "16/10/2024"}, "from_day", "sau ngày hôm nay"),
        ({"last_day": "30/09/2024"}, "last_day", "trước ngày nhận"),
        ({"from_day": "01/03/2024"}, "units", "Chi bộ khu phố 1: Trần Thị Sau phụ trách từ ngày 01/05/2024"),
    ],
)
def test_an_assignment_that_is_refused(committee, city, change, field, says):
    a_post(city.branch, Office.MEMBER, Role.SUPERVISOR, from_day=dt.date(2024, 5, 1)).person.save()
    Person.objects.filter(posts__role=Role.SUPERVISOR).update(name="Trần Thị Sau")
    if change.get("units") == ["other"]:
        change = {"units": [city.outside.pk]}
    page = committee.post(address("supervise", city.committee), assigned(city, **change))
    assert says in problem_at(page, field)
    assert Post.objects.filter(role=Role.SUPERVISOR).count() == 1
    assert Post.objects.filter(role=Role.SUPERVISOR, to_day=None).exists()


def test_somebody_already_in_charge_is_told_by_the_unit(committee, city):
    committee.post(address("supervise", city.committee), assigned(city, units=[city.branch.pk]))
    page = committee.post(address("supervise", city.committee), assigned(city))
    assert "Chi bộ khu phố 1: Người này giữ chức vụ «Cấp ủy viên»" in problem_at(page, "units")
    assert in_charge(city.sibling) == []


def test_several_charges_end_at_once(committee, city):
    committee.post(address("supervise", city.committee), assigned(city))
    a_post(city.outside, Office.MEMBER, Role.SUPERVISOR)
    url = address("supervise_end", city.committee)
    page = committee.get(url)
    posts = [int(row["box"].data["value"]) for row in page.context["rows"]]
    assert len(posts) == 2
    assert problem_at(committee.post(url, {"last_day": "15/10/2024"}), "posts")
    other = Post.objects.get(organisation=city.outside, role=Role.SUPERVISOR)
    assert problem_at(committee.post(url, {"last_day": "15/10/2024", "posts": [other.pk]}), "posts")
    assert problem_at(committee.post(url, {"last_day": "16/10/2024", "posts": posts}), "last_day")
    page = committee.post(url, {"last_day": "15/10/2024", "posts": posts}, follow=True)
    assert "Đã ghi thôi phụ trách 2 đơn vị, đến hết ngày 15/10/2024." in text_of(page)
    after = dt.date(2024, 10, 16)
    assert in_charge(city.branch, after) == in_charge(city.sibling, after) == []
    assert in_charge(city.outside, after) == [other.person.name]
    assert Entry.objects.get(deed="relieve").count == 2


def test_a_branch_has_nobody_to_assign(committee, city):
    assert "Không có đơn vị nào để chọn" in text_of(committee.get(address("supervise", city.branch)))


# ---- the office telephone ------------------------------------------------------------------------


def test_a_branch_keeps_its_own_telephone(client, city):
    sit_down(client, Role.BRANCH, city.branch)
    url = address("unit_phone", city.branch)
    page = client.post(url, {"number": "0200 385 1234"}, follow=True)
    assert "Điện thoại cơ quan: 0200 385 1234." in text_of(page)
    assert problem_at(client.post(url, {"number": "gọi anh Ba"}), "number")
    assert Organisation.objects.get(pk=city.branch.pk).office_phone == "0200 385 1234"
    assert "Đã bỏ số điện thoại" in text_of(client.post(url, {"number": ""}, follow=True))
    assert client.get(address("unit_phone", city.committee)).status_code == 403


def test_users_without_a_person_stand_outside(client, city):
    client.force_login(User.objects.create_user("khong", password="password"))
    assert client.get(address("posts", city.branch)).status_code == 404
