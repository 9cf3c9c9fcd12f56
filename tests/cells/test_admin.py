"""Django admin: who comes in, what answers, what is searched, and that every change is in our log."""

import datetime as dt
import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.log.write import record
from cells.models import Entry, Kind, Person, Post, Rule, Sector, User
from cells.people.models import Role
from targets.enter import (
    BaseLine,
    QuotaLine,
    ResultLine,
    SourcesLine,
    declare_bases,
    declare_results,
    declare_sources,
    issue_quotas,
)
from targets.models import Programme
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 10, 15)
PASSWORD = "mot-mat-khau-du-dai-7"

TABLES = [
    "cells_user",
    "cells_post",
    "cells_person",
    "cells_kind",
    "cells_sector",
    "cells_stratum",
    "cells_exitreason",
    "cells_rule",
    "cells_organisation",
    "cells_entry",
    "targets_programme",
    "targets_base",
    "targets_quota",
    "targets_declaredresult",
    "targets_sources",
]
READ_ONLY = [
    "cells_person",
    "cells_organisation",
    "cells_entry",
    "targets_base",
    "targets_quota",
    "targets_declaredresult",
    "targets_sources",
]
MODELS = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry}


@pytest.fixture
def city():
    return factories.a_city(committees=1, branches=1, base_branches=0)


@pytest.fixture
def administrator(city):
    user = factories.a_user(Role.ADMINISTRATOR, city.top, username="quan-tri", name="Đỗ Thị Quản")
    return _staff(user)


@pytest.fixture
def inside(client, administrator):
    client.force_login(administrator)
    return client


def _staff(user):
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return User.objects.get(pk=user.pk)


def _fill(city, start, stop):
    """One row more in every table for each number of the range."""
    # the rule in force until further notice makes room: PostgreSQL refuses two on one day
    Rule.objects.filter(key="fostering_counts", to_day=None).update(to_day=dt.date(2030, 1, 1))
    for number in range(start, stop):
        branch = factories.a_unit(f"X{number}", "branch", city.committee)
        factories.a_user(Role.BRANCH, branch, username=f"chi-bo-{number}")
        record("thử", actor=None, subject="rule", organisation=branch, changes={"value": (1, 2)})
        declare_bases([BaseLine(branch, 2024, 20)], actor=None, today=TODAY)
        declare_results([ResultLine(branch, 2024, None, {"admitted": 1})], actor=None, today=TODAY)
        issue_quotas([QuotaLine(branch, 2024, 1, 1)], actor=None, today=TODAY)
        declare_sources([SourcesLine(branch, 2024, True)], actor=None)
        for lookup in ("sector", "stratum", "exitreason"):
            MODELS[f"cells_{lookup}"].objects.create(code=f"x{number}", name=f"mục {number}")
        Kind.objects.create(code=f"x{number}", name=f"loại {number}", level="branch")
        Programme.objects.create(title=f"Chương trình {number}", document="thử", from_year=2000, to_year=2001)
        day = dt.date(2030, 1, 1) + dt.timedelta(days=number)
        Rule.objects.create(
            key="fostering_counts",
            value="certificate",
            document="thử",
            text="thử",
            from_day=day,
            to_day=day + dt.timedelta(days=1),
        )


def _questions(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(asked)


def test_lists_ask_as_much_for_30_rows_as_for_3(inside, city):
    addresses = [reverse(f"admin:{table}_changelist") for table in TABLES]
    _fill(city, 0, 3)
    few = {address: _questions(inside, address) for address in addresses}
    _fill(city, 3, 30)
    many = {address: _questions(inside, address) for address in addresses}
    assert many == few
    assert max(many.values()) <= 15


@pytest.mark.parametrize("table", TABLES)
def test_every_page_answers(inside, city, table):
    _fill(city, 0, 2)
    row = MODELS[table].objects.order_by("-pk").first()
    if table == "cells_person":
        row = Person.objects.filter(posts__isnull=False).first()
    for address in (reverse(f"admin:{table}_change", args=[row.pk]), reverse(f"admin:{table}_changelist") + "?q=x"):
        response = inside.get(address)
        assert response.status_code == 200, address
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\s(src|type|id)=)", response.content.decode())
    added = inside.get(reverse(f"admin:{table}_add"))
    assert added.status_code == (403 if table in READ_ONLY else 200)


@pytest.mark.parametrize("table", TABLES)
def test_change_pages_ask_as_much_for_many_rows_as_for_few(inside, city, table):
    _fill(city, 0, 3)
    row = MODELS[table].objects.order_by("-pk").first()
    if table == "cells_person":
        row = Person.objects.filter(posts__isnull=False).first()
    address = reverse(f"admin:{table}_change", args=[row.pk])
    few = _questions(inside, address)
    _fill(city, 3, 12)
    assert _questions(inside, address) == few


@pytest.mark.parametrize("table", READ_ONLY)
def test_tables_to_look_at_refuse_to_be_changed(inside, city, table):
    _fill(city, 0, 1)
    row = MODELS[table].objects.order_by("-pk").first()
    if table == "cells_person":
        row = Person.objects.filter(posts__isnull=False).first()
    before = MODELS[table].objects.filter(pk=row.pk).values().get()
    for page in ("change", "delete"):
        assert inside.post(reverse(f"admin:{table}_{page}", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert inside.post(reverse(f"admin:{table}_add"), {}).status_code == 403
    assert MODELS[table].objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("table", [table for table in TABLES if table not in ("targets_programme",)])
def test_nothing_is_deleted(inside, city, table):
    _fill(city, 0, 1)
    row = MODELS[table].objects.order_by("-pk").first()
    if table == "cells_person":
        row = Person.objects.filter(posts__isnull=False).first()
    assert inside.post(reverse(f"admin:{table}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_strangers_are_sent_to_the_one_login_page(client):
    response = client.get("/quan-tri/cells/user/", follow=True)
    assert response.redirect_chain[-1] == ("/dang-nhap/?next=/quan-tri/cells/user/", 302)


@pytest.mark.parametrize("role", list(Role))
def test_whoever_is_not_staff_is_turned_away(client, city, settings, role):
    settings.LOGIN_REDIRECT_URL = "/dang-nhap/"
    client.force_login(factories.a_user(role, city.top))
    response = client.get("/quan-tri/", follow=False)
    assert (response.status_code, response.url.split("?")[0]) == (302, "/quan-tri/login/")
    assert client.get(response.url).url == "/dang-nhap/"  # home, no loop


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.ADMINISTRATOR, set(TABLES)),
        (Role.BOARD, set(TABLES) - {"cells_user", "cells_post", "cells_person"}),
        (Role.AUDITOR, {"cells_entry"}),
        (Role.COMMITTEE, set()),
        (Role.BRANCH, set()),
    ],
)
def test_what_each_role_sees_once_staff(client, city, role, sees):
    client.force_login(_staff(factories.a_user(role, city.top)))
    answered = {table: client.get(reverse(f"admin:{table}_changelist")).status_code for table in TABLES}
    assert {table for table, status in answered.items() if status == 200} == sees
    assert {status for table, status in answered.items() if table not in sees} <= {403}


def test_pickers_and_lists_give_officers_only(inside, city):
    factories.a_case(city.branch, name="Trần Thị Đường")
    factories.a_user(Role.BRANCH, city.branch, name="Trần Văn Đường")
    question = {"app_label": "cells", "model_name": "post", "field_name": "person", "term": "tran duong"}
    found = inside.get("/quan-tri/autocomplete/", question).json()["results"]
    assert [choice["text"] for choice in found] == [f"Trần Văn Đường (Cán bộ, {city.branch.code})"]
    page = inside.get("/quan-tri/cells/person/?q=duong").content.decode()
    assert "Trần Văn Đường" in page
    assert "Trần Thị Đường" not in page


def test_units_are_picked_by_name_without_diacritics(inside, city):
    factories.a_unit("PHO", "branch", city.committee, name="Chi bộ khu phố Đồng Tâm")
    question = {"app_label": "cells", "model_name": "post", "field_name": "organisation", "term": "dong tam"}
    found = inside.get("/quan-tri/autocomplete/", question).json()["results"]
    assert [choice["text"] for choice in found] == ["PHO · Chi bộ khu phố Đồng Tâm"]


@pytest.mark.parametrize(
    ("table", "typed", "shown"),
    [
        ("cells_sector", "khu pho", "thôn, khu phố"),
        ("cells_sector", "to dan pho", "thôn, khu phố"),
        ("cells_rule", "thoi gian du bi", "12"),
        ("targets_programme", "dai hoi", "khóa XX"),
        ("cells_organisation", "thanh pho", "TU"),
        ("cells_user", "do quan", "quan-tri"),
        ("cells_post", "quan", "Quản trị hệ thống"),
    ],
)
def test_search_ignores_diacritics(inside, table, typed, shown):
    page = inside.get(reverse(f"admin:{table}_changelist"), {"q": typed}).content.decode()
    assert shown in page.split('id="result_list"')[1]


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
        ({"full_name": "Lê Thị Mới", "born": "05/03/1980", "to_day": "15/10/2024"}, "phải sau ngày nhận"),
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


def test_a_target_is_changed_and_logged(inside):
    programme = Programme.objects.get(from_year=2025)
    target = programme.targets.get()
    form = {
        "title": programme.title,
        "document": programme.document,
        "from_year": 2025,
        "to_year": 2030,
        "confirmed": "on",
        "targets-TOTAL_FORMS": 1,
        "targets-INITIAL_FORMS": 1,
        "targets-0-id": target.pk,
        "targets-0-programme": programme.pk,
        "targets-0-line": "admission",
        "targets-0-kind": "rate",
        "targets-0-span": "year",
        "targets-0-value": "3.2",
        "targets-0-upper": "4",
        "targets-0-where": "top",
        "targets-0-text": target.text,
    }
    assert inside.post(f"/quan-tri/targets/programme/{programme.pk}/change/", form).status_code == 302
    entry = Entry.objects.get(deed="admin_change", subject="programme")
    assert {field for (field,) in entry.values.values_list("field")} == {"confirmed", f"target {target.pk} value"}


@pytest.mark.parametrize(("role", "reads"), [(Role.ADMINISTRATOR, False), (Role.BOARD, True), (Role.AUDITOR, True)])
def test_values_in_the_log_are_for_those_with_the_right(client, city, role, reads):
    entry = record(
        "thử",
        actor=None,
        subject="rule",
        organisation=city.branch,
        note="ghi chú kín",
        changes={"value": ("giá trị cũ", "giá trị mới")},
    )
    client.force_login(_staff(factories.a_user(role, city.top)))
    page = client.get(f"/quan-tri/cells/entry/{entry.pk}/change/").content.decode()
    assert ("giá trị cũ" in page) is reads
    assert ("ghi chú kín" in page) is reads
    assert Entry.objects.filter(deed="read", subject="entry", subject_id=entry.pk).exists() is reads


def test_an_auditor_reads_only_the_log_of_the_own_units(client, city):
    other = factories.a_unit("KHAC", "base_committee", city.top)
    entries = {unit: record("thử", actor=None, subject="rule", organisation=unit) for unit in (city.branch, other)}
    client.force_login(_staff(factories.a_user(Role.AUDITOR, city.committee)))
    assert client.get(f"/quan-tri/cells/entry/{entries[city.branch].pk}/change/").status_code == 200
    assert client.get(f"/quan-tri/cells/entry/{entries[other].pk}/change/").status_code == 302


def test_members_and_candidates_have_no_page_here():
    assert not [model for model in admin.site._registry if model._meta.app_label == "membership"]


def test_ones_own_password_change_is_in_the_log(inside, administrator):
    form = {"old_password": "password", "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert inside.post("/quan-tri/password_change/", form).status_code == 302
    assert Entry.objects.filter(deed="change_password", actor=administrator).exists()


def test_the_page_speaks_vietnamese(inside):
    page = inside.get("/quan-tri/").content.decode()
    assert "Danh mục và tài khoản" in page
    assert "quy định" in page.lower()
    assert not re.search(r">\s*(Add|Change|View|Log out|Home|Users|Groups)\b", page)
