"""The pages of awareness classes: who announces, who reads, what a form refuses; and the same in Django admin."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.log.models import Entry
from cells.people.models import Role
from membership.models import AwarenessClass
from tests.factories import a_class, a_user
from tests.pages import form_of, text_of

pytestmark = pytest.mark.django_db

D = dt.date
GOOD = {"name": "Lớp tối 5", "held_by": "Trung tâm Chính trị", "opens_on": "11/11/2024", "closes_on": "15/11/2024"}
BAD = [
    ({"name": ""}, "name", "Ghi mục này."),
    ({"held_by": ""}, "held_by", "Ghi mục này."),
    ({"opens_on": "31/02/2024"}, "opens_on", "không có ngày 31"),
    ({"opens_on": "11/2024"}, "opens_on", "chưa đủ ngày"),
    ({"closes_on": "10/11/2024"}, "closes_on", "ở trước ngày khai giảng (11/11/2024)"),
    ({"closes_on": "15/11/2026"}, "closes_on", "hơn một năm"),
]


@pytest.fixture
def trainer(city):
    return a_user(Role.TRAINING, city.top)


def test_a_training_centre_announces_a_class(city, as_user, trainer):
    client = as_user(trainer)
    page = client.post(reverse("class_new", args=["TU"]), GOOD, follow=True)
    assert "Đã báo lớp «Lớp tối 5»." in text_of(page)
    row = AwarenessClass.objects.get()
    assert (row.organisation, row.opens_on, row.closes_on) == (city.top, D(2024, 11, 11), D(2024, 11, 15))
    assert Entry.objects.filter(deed="announce_class", subject_id=row.pk, actor=trainer).exists()


@pytest.mark.parametrize(("values", "field", "words"), BAD)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(city, as_user, trainer, values, field, words):
    page = as_user(trainer).post(reverse("class_new", args=["TU"]), GOOD | values)
    assert words in " ".join(page.context["form"].errors[field])
    assert 'value="Trung tâm Chính trị"' in page.content.decode() or field == "held_by"
    assert not AwarenessClass.objects.exists()


def test_a_class_is_put_right_and_called_off_with_a_reason(city, as_user, trainer):
    row, client = a_class(city.top), as_user(trainer)
    address = reverse("class_correct", args=["TU", row.pk])
    opened = client.get(address)
    assert opened.context["form"]["opens_on"].value() == "04/11/2024"
    typed = form_of(opened) | GOOD
    assert "reason" in client.post(address, typed).context["form"].errors
    client.post(address, typed | {"reason": "dời một tuần"})
    row.refresh_from_db()
    assert (row.name, row.opens_on) == ("Lớp tối 5", D(2024, 11, 11))
    away = reverse("class_call_off", args=["TU", row.pk])
    assert "reason" in client.post(away, {}).context["form"].errors
    assert "Đã hủy lớp «Lớp tối 5»." in text_of(client.post(away, {"reason": "chưa đủ người"}, follow=True))
    assert client.get(away).status_code == 404
    assert list(Entry.objects.filter(deed__in=("correct_class", "call_off_class")).values_list("note", flat=True))


def test_of_two_who_put_a_class_right_the_second_is_told_and_keeps_what_was_typed(city, as_user, trainer):
    row, client = a_class(city.top), as_user(trainer)
    address = reverse("class_correct", args=["TU", row.pk])
    typed = form_of(client.get(address)) | GOOD | {"reason": "dời một tuần"}
    AwarenessClass.objects.filter(pk=row.pk).update(closes_on=D(2024, 11, 9))
    told = client.post(address, typed)
    assert told.status_code == 409
    assert "Bế giảng 09/11/2024" in text_of(told)
    assert AwarenessClass.objects.get(pk=row.pk).closes_on == D(2024, 11, 9)
    again = form_of(told)
    assert (again["opens_on"], again["reason"]) == ("11/11/2024", "dời một tuần")
    assert client.post(address, again).status_code == 302
    assert AwarenessClass.objects.get(pk=row.pk).closes_on == D(2024, 11, 15)


@pytest.mark.parametrize("name", ["class_correct", "class_call_off"])
def test_a_class_called_off_while_its_form_was_open_is_told_so(city, as_user, trainer, name):
    row, client = a_class(city.top), as_user(trainer)
    address = reverse(name, args=["TU", row.pk])
    typed = form_of(client.get(address)) | {"reason": "dời một tuần"}
    AwarenessClass.objects.filter(pk=row.pk).update(void=True)
    told = client.post(address, typed)
    assert "Lớp này đã hủy." in text_of(told)
    assert form_of(told)["reason"] == "dời một tuần"


# role, at which unit, answers of the list, of a new class at the top, and whether it offers to announce
READERS = [
    (Role.BOARD, "top", 200, 200),
    (Role.TRAINING, "top", 200, 200),
    (Role.COMMITTEE, "committee", 200, 403),
    (Role.BRANCH, "branch", 200, 403),
    (Role.PROPAGANDA, "top", 200, 403),
]


@pytest.mark.parametrize(("role", "where", "reads", "announces"), READERS)
def test_everybody_who_sees_the_unit_reads_its_classes_and_few_announce(city, as_user, role, where, reads, announces):
    a_class(city.top)
    client = as_user(a_user(role, getattr(city, where)))
    page = client.get(reverse("classes", args=["TU"]))
    assert page.status_code == reads
    assert ("Báo lớp" in text_of(page)) == (announces == 200)
    assert client.get(reverse("class_new", args=["TU"])).status_code == announces


def test_a_unit_reads_its_own_classes_and_those_above_not_its_neighbours(city, as_user):
    for place, unit in enumerate((city.top, city.committee, city.committees[1])):
        a_class(unit, name=f"Lớp {place}")
    found = as_user(a_user(Role.BRANCH, city.branch)).get(reverse("classes", args=[city.branch.code]))
    assert sorted(row.name for row in found.context["page"]) == ["Lớp 0", "Lớp 1"]
    found = as_user(a_user(Role.BOARD, city.top)).get(reverse("classes", args=["TU"]))
    assert found.context["page"].paginator.count == 3
    own = [row.name for row in found.context["page"] if row.addresses]
    assert own == ["Lớp 0"]  # of another unit on its own page


def test_few_questions_however_many_classes(city, as_user):
    client, counts = as_user(a_user(Role.BOARD, city.top)), []
    for place in range(2):
        for unit in (city.top, *city.committees):
            a_class(unit, name=f"Lớp {place}")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("classes", args=["TU"]))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


def test_administrators_announce_in_django_admin_by_the_same_deed(city, as_user):
    admin = a_user(Role.ADMINISTRATOR, city.top)
    admin.is_staff = True
    admin.save()
    client, address = as_user(admin), reverse("admin:membership_awarenessclass_add")
    values = GOOD | {"organisation": city.top.pk, "closes_on": "10/11/2024"}
    refused = client.post(address, values)
    assert "ở trước ngày khai giảng" in refused.content.decode()
    client.post(address, values | {"closes_on": "15/11/2024"})
    assert AwarenessClass.objects.get().name == "Lớp tối 5"
    assert Entry.objects.get(deed="announce_class").actor == admin
    listed = client.get(reverse("admin:membership_awarenessclass_changelist"), {"q": "lop toi"})
    assert "Lớp tối 5" in listed.content.decode()
