"""What Django admin changes: through deeds or forms, refused with a reason, always in our log."""

import datetime as dt

import pytest

from cells.models import CalendarYear, Entry, Person, Post, Rule, Sector, User
from cells.people import power
from cells.people.models import Role
from membership import workdays
from membership.models import Deadline, PaperRule
from membership.papers.checklist import checklist
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 10, 15)
PASSWORD = "mot-mat-khau-du-dai-7"


def test_a_new_account_and_its_password(inside, city, administrator):
    person = factories.a_user(Role.BRANCH, city.branch).person
    User.objects.filter(person=person).update(person=None)
    form = {"username": "bi-thu-1", "person": person.pk, "password1": PASSWORD, "password2": PASSWORD}
    assert inside.post("/quan-tri/cells/user/add/", form).status_code == 302
    user = User.objects.get(username="bi-thu-1")
    assert (user.person, user.is_staff, user.check_password(PASSWORD)) == (person, False, True)
    added = Entry.objects.get(subject="user", subject_id=user.pk)
    assert (added.deed, added.actor) == ("create_account", administrator)

    other = PASSWORD + "-moi"
    form = {"password1": other, "password2": other, "usable_password": "true"}
    assert inside.post(f"/quan-tri/cells/user/{user.pk}/password/", form).status_code == 302
    user.refresh_from_db()
    assert user.check_password(other)
    assert Entry.objects.filter(deed="admin_change", subject="user", subject_id=user.pk).exists()
    written = [text for entry in Entry.objects.all() for value in entry.values.all() for text in (value.old, value.new)]
    assert not any(PASSWORD in text for text in written)


def test_an_account_is_not_given_to_somebody_who_holds_no_post(inside, city):
    person = factories.a_case(city.branch).person
    form = {"username": "ai-do", "person": person.pk, "password1": PASSWORD, "password2": PASSWORD}
    assert inside.post("/quan-tri/cells/user/add/", form).status_code == 200
    assert not User.objects.filter(username="ai-do").exists()


def test_a_superuser_is_out_of_an_administrators_reach(inside):
    master = User.objects.create_superuser("chu", password=PASSWORD)
    form = {"password1": "khac-" + PASSWORD, "password2": "khac-" + PASSWORD, "usable_password": "true"}
    assert inside.post(f"/quan-tri/cells/user/{master.pk}/password/", form).status_code == 403
    assert inside.post(f"/quan-tri/cells/user/{master.pk}/change/", {"username": "x"}).status_code == 403
    user = factories.a_user()
    inside.post(f"/quan-tri/cells/user/{user.pk}/change/", {"username": user.username, "is_superuser": "on"})
    assert not User.objects.get(pk=user.pk).is_superuser


def _post_form(city, **more):
    return {
        "organisation": city.branch.pk,
        "role": "branch",
        "office": "secretary",
        "from_day": "15/10/2024",
        "to_day": "",
    } | more


def test_a_post_for_somebody_new_then_its_end(inside, city, settings):
    form = _post_form(city, full_name="LÊ THỊ MỚI", born="05/03/1980")
    assert inside.post("/quan-tri/cells/post/add/", form).status_code == 302
    post = Post.objects.get(person__name="Lê Thị Mới")
    assert (post.organisation, post.office, post.from_day, post.to_day) == (city.branch, "secretary", TODAY, None)
    assert [entry.deed for entry in Entry.objects.filter(subject="post", subject_id=post.pk)] == ["appoint"]

    address = f"/quan-tri/cells/post/{post.pk}/change/"
    assert inside.post(address, {"to_day": "01/10/2024"}).status_code == 200  # before it began
    assert inside.post(address, {"to_day": "01/11/2024"}).status_code == 200  # after today
    settings.TODAY = dt.date(2024, 11, 5)
    assert inside.post(address, {"to_day": "01/11/2024", "role": "administrator"}).status_code == 302
    post.refresh_from_db()
    assert (post.to_day, post.role) == (dt.date(2024, 11, 1), "branch")


def test_a_post_finds_the_person_who_is_there_already(inside, city):
    spell = factories.a_member(city.branch, name="Trần Văn Sẵn", born=dt.date(1980, 3, 5))
    form = _post_form(city, full_name="Trần văn Sẵn", born="05/03/1980")
    assert inside.post("/quan-tri/cells/post/add/", form).status_code == 302
    assert Post.objects.get(organisation=city.branch).person == spell.person


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"full_name": "Lê Thị Mới"}, "Ghi ngày sinh"),
        ({}, "Chọn một người"),
        ({"full_name": "Lê Thị Mới", "born": "05/03/1980", "to_day": "15/10/2024"}, "không thể trước ngày nhận"),
        ({"full_name": "Lê Thị Mới", "born": "05/03/1980", "from_day": "16/10/2024"}, "ở sau ngày hôm nay"),
    ],
)
def test_a_post_that_is_refused(inside, city, change, says):
    response = inside.post("/quan-tri/cells/post/add/", _post_form(city, **change))
    assert response.status_code == 200
    assert says in response.content.decode()
    assert not Post.objects.filter(organisation=city.branch).exists()


def test_a_second_secretary_is_refused(inside, city):
    inside.post("/quan-tri/cells/post/add/", _post_form(city, full_name="Lê Thị Một", born="05/03/1980"))
    response = inside.post("/quan-tri/cells/post/add/", _post_form(city, full_name="Lê Thị Hai", born="05/03/1981"))
    assert "đang có bí thư" in response.content.decode()
    assert Post.objects.filter(organisation=city.branch).count() == 1
    assert not Person.objects.filter(name="Lê Thị Hai").exists()


def test_a_lookup_is_added_changed_and_logged(inside, administrator):
    form = {"code": "market", "name": "chợ", "aliases": "", "order": 20, "from_day": "01/01/0001", "to_day": ""}
    assert inside.post("/quan-tri/cells/sector/add/", form).status_code == 302
    sector = Sector.objects.get(code="market")
    form |= {"name": "chợ, siêu thị", "to_day": "01/01/2030", "code": "other"}
    assert inside.post(f"/quan-tri/cells/sector/{sector.pk}/change/", form).status_code == 302
    sector.refresh_from_db()
    assert (sector.code, sector.name, sector.to_day) == ("market", "chợ, siêu thị", dt.date(2030, 1, 1))
    entry = Entry.objects.get(deed="admin_change", subject="sector", subject_id=sector.pk)
    assert entry.actor == administrator
    assert set(entry.values.values_list("field", "old", "new")) == {
        ("name", "chợ", "chợ, siêu thị"),
        ("to_day", "", "2030-01-01"),
    }


def test_one_spelling_has_one_meaning(inside):
    form = {"code": "x", "name": "HOC SINH", "aliases": "", "order": 1, "from_day": "01/01/0001", "to_day": ""}
    response = inside.post("/quan-tri/cells/stratum/add/", form)
    assert "đã dùng cho «học sinh»" in response.content.decode()


def _rule_form(**more):
    return {
        "key": "probation_months",
        "value": "10",
        "from_day": "01/01/2030",
        "document": "Quy định thử",
        "text": "Dự bị mười tháng.",
        "confidence": "M",
    } | more


def test_a_new_version_closes_the_former(inside):
    assert inside.post("/quan-tri/cells/rule/add/", _rule_form()).status_code == 302
    day = dt.date(2030, 1, 1)
    assert [Rule.objects.of("probation_months", d).value for d in (day - dt.timedelta(1), day)] == ["12", "10"]
    assert Rule.objects.get(key="probation_months", from_day=dt.date(2026, 7, 26)).to_day == day
    entry = Entry.objects.get(subject="rule")
    assert entry.deed == "new_rule_version"
    assert ("probation_months", "12", "10") in entry.values.values_list("field", "old", "new")


def test_a_version_between_two_ends_where_the_next_begins(inside):
    inside.post("/quan-tri/cells/rule/add/", _rule_form(from_day="01/01/2023"))
    rule = Rule.objects.get(key="probation_months", from_day=dt.date(2023, 1, 1))
    assert rule.to_day == dt.date(2025, 1, 20)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"value": "mười"}, "Phải là số nguyên"),
        ({"key": "fostering_counts", "value": "12"}, "Chỉ nhận một trong"),
        ({"from_day": "01/07/2025"}, "đã có một phiên bản"),
        ({"document": ""}, "bắt buộc"),
    ],
)
def test_a_version_that_is_refused(inside, change, says):
    before = Rule.objects.count()
    response = inside.post("/quan-tri/cells/rule/add/", _rule_form(**change))
    assert response.status_code == 200
    assert says in response.content.decode()
    assert Rule.objects.count() == before


def test_a_rule_in_the_table_is_never_rewritten(inside):
    rule = Rule.objects.first()
    assert inside.post(f"/quan-tri/cells/rule/{rule.pk}/change/", _rule_form()).status_code == 403


def _calendar_form(year, *days):
    """The page of a year with these new days: (day, worked)."""
    form = {"year": year, "document": "Thông báo thử", "confidence": "P"}
    form |= {"days-TOTAL_FORMS": len(days), "days-INITIAL_FORMS": 0}
    for place, (day, worked) in enumerate(days):
        form |= {
            f"days-{place}-day": day,
            f"days-{place}-reason": "hoán đổi",
            f"days-{place}-document": "Thông báo thử",
        }
        form |= {f"days-{place}-confidence": "P"} | ({f"days-{place}-worked": "on"} if worked else {})
    return form


def test_the_notice_of_a_year_is_entered_and_deadlines_follow(inside, city, administrator):
    case = factories.a_case(city.branch, stage="branch_resolved", listed_on=dt.date(2024, 5, 1), step_days=35)
    due = Deadline.objects.get(candidacy=case, kind="decision").due
    year = CalendarYear.objects.get(year=2024)
    form = _calendar_form(2024, ("01/10/2024", False), ("12/10/2024", True), ("15/10/2024", False))
    assert inside.post(f"/quan-tri/cells/calendaryear/{year.pk}/change/", form).status_code == 302
    assert Deadline.objects.get(candidacy=case, kind="decision").due > due
    entry = Entry.objects.get(deed="admin_change", subject="calendaryear")
    assert entry.actor == administrator
    assert "2024-10-12" in entry.values.values_list("new", flat=True)
    assert inside.post("/quan-tri/cells/calendaryear/add/", _calendar_form(2027)).status_code == 302
    assert workdays.calendar().not_announced(dt.date(2027, 1, 1), dt.date(2027, 2, 1)) == []


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (_calendar_form(2024), "đã tồn tại"),
        (_calendar_form(2027, ("05/02/2028", False)), "không thuộc năm 2027"),
        (_calendar_form(2027, ("30/02/2027", False)), "Nhập một ngày hợp lệ"),
        (_calendar_form(2027, ("05/02/2027", False), ("05/02/2027", True)), "trùng"),
        (_calendar_form(1900), "1990"),
    ],
)
def test_a_calendar_that_is_refused(inside, form, says):
    response = inside.post("/quan-tri/cells/calendaryear/add/", form)
    assert response.status_code == 200
    assert says in response.content.decode()
    assert CalendarYear.objects.count() == 3


def _paper_form(**more):
    return {
        "code": "verification",
        "name": "Kết luận thẩm tra",
        "form": "",
        "stage": "branch_resolved",
        "condition": "always",
        "until": "decided",
        "valid_months": "48",
        "order": "0",
        "from_day": "01/01/2030",
        "document": "Hướng dẫn số 9-HD/TW",
        "text": "thử",
        "confidence": "P",
    } | more


def test_a_paper_asked_for_changes_by_a_row_more(inside):
    assert inside.post("/quan-tri/membership/paperrule/add/", _paper_form()).status_code == 302
    day = dt.date(2030, 1, 1)
    held = [PaperRule.objects.on(d).get(code="verification").valid_months for d in (day - dt.timedelta(1), day)]
    assert held == [12, 48]
    entry = Entry.objects.get(subject="paper_rule")
    assert (entry.deed, entry.note) == ("new_paper_rule", "verification")
    assert ("valid_months", "12", "48") in entry.values.values_list("field", "old", "new")
    rule = PaperRule.objects.get(code="verification", to_day=None)
    assert inside.post(f"/quan-tri/membership/paperrule/{rule.pk}/change/", _paper_form()).status_code == 403


def test_a_paper_is_asked_for_no_more_from_a_day(inside, city):
    case = factories.a_case(city.branch)
    inside.post("/quan-tri/membership/paperrule/add/", _paper_form(condition="never", from_day="01/10/2024"))
    asked = [{line.rule.code for line in checklist(case, dt.date(2024, *day))} for day in ((9, 30), (10, 1))]
    assert ["verification" in codes for codes in asked] == [True, False]
    assert PaperRule.objects.on(dt.date(2025, 7, 1)).get(code="verification").condition == "always"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"from_day": "01/07/2025"}, "đã có một phiên bản"),
        ({"stage": "x"}, "lựa chọn hợp lệ"),
        ({"name": ""}, "bắt buộc"),
        ({"code": "mã có dấu"}, "chữ không dấu"),
    ],
)
def test_a_paper_rule_that_is_refused(inside, change, says):
    before = PaperRule.objects.count()
    response = inside.post("/quan-tri/membership/paperrule/add/", _paper_form(**change))
    assert response.status_code == 200
    assert says in response.content.decode(), response.context["adminform"].form.errors
    assert PaperRule.objects.count() == before


def _account(user, **change):
    """The form of an account as the browser sends it; a box that is not ticked is not sent."""
    form = {"username": user.username, "person": user.person_id or "", "is_active": "on", "is_staff": "on"} | change
    return {name: value for name, value in form.items() if value is not None}


@pytest.mark.parametrize("change", [{"is_active": None}, {"is_staff": None}, {"person": ""}])
def test_nobody_takes_away_their_own_administration(inside, administrator, change):
    response = inside.post(f"/quan-tri/cells/user/{administrator.pk}/change/", _account(administrator, **change))
    assert power.OWN_ADMINISTRATION in response.content.decode()
    before = administrator.person_id
    administrator.refresh_from_db()
    assert (administrator.is_active, administrator.is_staff, administrator.person_id) == (True, True, before)


def test_a_superuser_does_not_lock_themselves_out(client, city):
    master = User.objects.create_superuser("chu", password=PASSWORD)
    client.force_login(master)
    for change in ({"is_active": None}, {"is_staff": None}):
        response = client.post(f"/quan-tri/cells/user/{master.pk}/change/", _account(master, **change))
        assert power.OWN_ADMINISTRATION in response.content.decode()
    master.refresh_from_db()
    assert master.is_active
    assert master.is_staff


def test_another_administrator_s_account_is_closed_and_logged(inside, city, let_in):
    other = let_in(factories.a_user(Role.ADMINISTRATOR, city.top))
    response = inside.post(f"/quan-tri/cells/user/{other.pk}/change/", _account(other, is_active=None))
    assert response.status_code == 302
    other.refresh_from_db()
    assert not other.is_active
    assert Entry.objects.filter(deed="admin_change", subject="user", subject_id=other.pk).exists()


def test_a_password_is_replaced_and_never_just_taken_away(inside, administrator):
    url = f"/quan-tri/cells/user/{administrator.pk}/password/"
    response = inside.post(url, {"password1": "", "password2": "", "usable_password": "false", "unset-password": "x"})
    assert "Không bỏ mật khẩu" in response.content.decode()
    administrator.refresh_from_db()
    assert administrator.has_usable_password()


def test_the_own_post_of_administrator_is_not_ended(inside, administrator):
    post = Post.objects.get(person=administrator.person)
    response = inside.post(f"/quan-tri/cells/post/{post.pk}/change/", {"to_day": "15/10/2024"})
    assert power.LAST_ADMINISTRATOR in response.content.decode()
    post.refresh_from_db()
    assert post.to_day is None


def test_an_administrator_gives_others_what_they_do_not_give_themselves(inside, city, administrator):
    form = _post_form(city, organisation=city.top.pk, role="board", office="staff")
    response = inside.post("/quan-tri/cells/post/add/", form | {"person": administrator.person_id})
    assert "Đồng chí không có quyền ghi chức vụ" in response.content.decode()
    other = factories.a_user(Role.BRANCH, city.branch)
    assert inside.post("/quan-tri/cells/post/add/", form | {"person": other.person_id}).status_code == 302
    assert Post.objects.filter(role=Role.BOARD).count() == 1


def test_ones_own_password_change_is_in_the_log(inside, administrator):
    form = {"old_password": "password", "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert inside.post("/quan-tri/password_change/", form).status_code == 302
    assert Entry.objects.filter(deed="change_password", actor=administrator).exists()
