"""The people around a case on screen: each deed by its form, what is refused at its field, who sees what."""

import datetime as dt

import pytest
from django.urls import reverse

from membership.around.helpers import Assignment, assign_helper
from membership.around.models import Helper, Introducer, Opinion, Verification
from membership.models import Spell, Stage
from tests.around import HOW, MET, ask, introduce
from tests.factories import TODAY, a_case, a_full_member, a_user
from tests.pages import ballots_of, form_of, text_of

pytestmark = pytest.mark.django_db

D = dt.date
Relation = Verification.Relation


@pytest.fixture
def secretary(city, client):
    client.force_login(a_user("branch", city.branch))
    return client


def test_the_whole_way_on_screen(case, members, secretary):
    """Helper, introducers, verification and opinion, each by its form; every deed ends with a sentence."""

    def send(name, sent, says, *more):
        url = reverse(name, args=[case.pk, *more])
        shown = form_of(secretary.get(url)) | sent
        done = secretary.post(url, shown, follow=True)
        assert says in text_of(done), done.context["form"].errors if "form" in done.context else text_of(done)

    who = members[0]
    send(
        "case_helper",
        {"person": str(who.pk), "day": "01/09/2024"},
        f"Đã phân công {who.name} giúp đỡ từ ngày 01/09/2024.",
    )
    assert f"{who.name} (đang giúp 1 người)" in text_of(secretary.get(reverse("case_helper", args=[case.pk])))
    since = {"together_since": "01/09/2023", "day": "01/09/2024", "kind": "member"}
    for person in members:
        send("case_introducer", since | {"person": str(person.pk)}, f"Đã ghi người giới thiệu: {person.name}.")
    new = a_full_member(case.organisation).person
    first = Introducer.objects.earliest("pk")
    replaced = {"cause": "moved", "person": str(new.pk), "day": "20/09/2024"}
    send("case_introducer_replace", replaced, f"{new.name} giới thiệu thay {who.name} từ ngày 20/09/2024.", first.pk)
    asked = {"relation": "father", "exempt": "", "place": "Đảng ủy xã A", "asked_on": "01/09/2024"}
    send("case_verification", asked, "Đã ghi thẩm tra về cha đẻ.")
    row = Verification.objects.get()
    assert "chờ trả lời 44 ngày" in text_of(secretary.get(case.get_absolute_url()))
    send("case_verification_answer", {"day": "10/09/2024", "result": "clear"}, "về cha đẻ: đạt.", row.pk)
    opinion = {"source": "work", "asked_of": "Công đoàn A", "asked_on": "01/09/2024"}
    send("case_opinion", opinion, "Đã ghi việc lấy ý kiến của Công đoàn A.")
    send("case_opinion_receive", {"day": "11/09/2024"}, "ngày 11/09/2024.", Opinion.objects.get().pk)
    helper = Helper.objects.get()
    send("case_helper_end", {"day": "30/09/2024"}, "thôi giúp đỡ từ sau ngày 30/09/2024.", helper.pk)
    send("case_around_take_back", {"reason": "nhầm"}, "Đã hủy nội dung ghi nhầm", "nhan-xet", Opinion.objects.get().pk)
    page = text_of(secretary.get(case.get_absolute_url()))
    assert "Giấy tờ đã đủ" in page
    assert f"thay {who.name}" in page
    assert "Công đoàn A" not in page


def test_the_second_clerk_gets_409_and_keeps_what_was_typed(case, members, secretary):
    url = reverse("case_opinion", args=[case.pk])
    sent = {"source": "work", "asked_of": "Công đoàn A", "asked_on": "01/09/2024", "version": str(case.version)}
    assert secretary.post(url, sent).status_code == 302
    told = secretary.post(url, sent | {"asked_of": "Hội Phụ nữ"})
    assert told.status_code == 409
    assert form_of(told)["asked_of"] == "Hội Phụ nữ"
    assert secretary.post(url, form_of(told)).status_code == 302
    assert Opinion.objects.count() == 2


BAD_FORMS = {
    "no member chosen": ("case_introducer", {"kind": "member", "day": "01/09/2024"}, "person", "Chọn đảng viên."),
    "somebody of no list": (
        "case_helper",
        {"person": "999999", "day": "01/09/2024"},
        "person",
        "Chọn trong danh sách.",
    ),
    "an impossible day": ("case_helper", {"day": "31/09/2024"}, "day", "31"),
    "a union without a name": ("case_introducer", {"kind": "youth_union", "day": "01/09/2024"}, "body", "Ghi tên"),
    "a question nowhere": ("case_verification", {"relation": "father", "asked_on": "01/09/2024"}, "place", "nơi hỏi"),
    "an exempt spouse": ("case_verification", {"relation": "spouse", "exempt": "on"}, "exempt", "Chỉ cha"),
    "a control character": ("case_opinion", {"asked_of": "a\x00b"}, "asked_of", "ký tự"),
}


@pytest.mark.parametrize(("name", "sent", "field", "says"), BAD_FORMS.values(), ids=BAD_FORMS)
def test_forms_with_bad_inputs(case, members, secretary, name, sent, field, says):
    page = secretary.post(reverse(name, args=[case.pk]), sent | {"version": str(case.version)})
    assert page.status_code == 200
    assert says in " ".join(page.context["form"].errors[field])


def test_only_members_of_the_branch_are_offered_by_given_name(city, case, members, secretary):
    a_full_member(city.sibling, name="Người Khác")
    a_full_member(city.branch, name="Vũ Thị An")
    form = secretary.get(reverse("case_helper", args=[case.pk])).context["form"]
    offered = [label for value, label in form.fields["person"].choices if value]
    of_branch = Spell.objects.on(TODAY).filter(organisation=city.branch, standing="full").sorted()
    names = list(of_branch.values_list("person__name", flat=True))
    assert offered == names


def test_a_row_of_another_case_is_not_found(city, case, secretary):
    other = a_case(city.branch)
    row = ask(other)
    for name, more in (("case_verification_answer", [row.pk]), ("case_around_take_back", ["tham-tra", row.pk])):
        assert secretary.get(reverse(name, args=[case.pk, *more])).status_code == 404


def test_what_the_old_book_told_is_shown_as_such(city, secretary):
    case = a_case(city.branch, helper="Lê Văn Ba", introducer_1="Trần Thị Tư", introducer_2="Đỗ Năm")
    page = text_of(secretary.get(case.get_absolute_url()))
    assert "Sổ cũ ghi: Lê Văn Ba." in page
    assert "Sổ cũ ghi: Trần Thị Tư; Đỗ Năm." in page


def test_the_meeting_shows_what_each_person_lacks(city, client):
    """At a branch where nobody else waits."""
    client.force_login(a_user("branch", city.sibling, office="secretary"))
    for _ in range(3):
        a_full_member(city.sibling)
    whole, lacks = (a_case(city.sibling, stage=Stage.DOSSIER) for _ in range(2))
    lacks.papers.filter(code="opinions").update(void=True)
    url = reverse("branch_meeting", args=[city.sibling.code])
    page = client.get(url)
    rows = {row.pk: row.missing for row in page.context["form"].rows}
    assert rows[whole.pk] == ()
    assert [name.partition(" (")[0] for name in rows[lacks.pk]] == [
        "Tổng hợp ý kiến nhận xét của tổ chức chính trị - xã hội và chi ủy nơi cư trú"
    ]
    counts = [(3, 0, 0) for _ in page.context["form"].rows]
    meeting = {"day": "10/10/2024", "form": "secret", "number": "21", "present": "3"}
    told = client.post(url, ballots_of(page, *counts) | meeting)
    assert set(told.context["form"].errors) == {f"c{lacks.pk}-yes"}


def test_the_page_asks_the_same_however_many_are_around(city, case, members, secretary, django_assert_max_num_queries):
    for relation in (Relation.FATHER, Relation.MOTHER, Relation.SELF, Relation.SPOUSE):
        ask(case, relation)
    for person in [*members, *(a_full_member(city.branch).person for _ in range(4))]:
        introduce(case, person)
        assign_helper(Assignment(case, MET, person), **HOW)
    with django_assert_max_num_queries(66):
        secretary.get(case.get_absolute_url())
