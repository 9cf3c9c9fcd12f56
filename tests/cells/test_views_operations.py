"""The works on the structure on screen: asked, shown before they are done, done once, waiting, put right."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse

from cells.log.models import Entry
from cells.models import Kind, Operation, OperationCorrection, Place, Post, WaitingOperation
from cells.organisations import reorganise
from cells.organisations.reorganise.waiting import carry_out
from membership.models import Spell
from tests.factories import TODAY, a_case, a_city, a_full_member, a_unit, a_user
from tests.pages import form_of, problem_at, text_of

pytestmark = pytest.mark.django_db
D = dt.date
Work = Operation.Work
DAY, LATER = "01/09/2024", "01/12/2024"


@pytest.fixture
def city():
    """TU over DU1 (DU1-01, DU1-02), DU2 (DU2-01, DU2-02), CS1."""
    return a_city()


@pytest.fixture
def board(city, client):
    client.force_login(a_user("board", city.top, name="Trần Thu Hà"))
    return client


def address(work, unit):
    return reverse("operation", args=[unit, work])


def kind(code):
    return Kind.objects.get(code=code).pk


def whole(work, **typed):
    """A form of this work as the browser sends it, with what the test is about."""
    new = {"kind": kind("branch"), "sector": ""}
    asked = {
        Work.FOUND: new | {"code": "DU1-09", "name": "Chi bộ khu phố 9"},
        Work.JOIN: new | {"code": "VAO", "name": "Chi bộ Điện lực", "origin": "Đảng bộ Khối"},
        Work.RENAME: {"name": "Đảng bộ phường Mới"},
        Work.CHANGE_KIND: {"kind": kind("section_committee"), "sector": "", "name": ""},
        Work.MOVE: {"parent_code": "DU2"},
        Work.SPLIT: new | {"stands_on": "on", "code_1": "DU1-08", "name_1": "Chi bộ khu phố 8"},
        Work.MERGE: {"into_code": "DU1-02"},
        Work.DISSOLVE: {"receiver_code": "DU1-02"},
        Work.LEAVE: {"destination": "Đảng bộ Khối"},
    }[work]
    return asked | {"day": DAY, "decision_number": "5-QĐ/TU", "reason": "Theo đề án"} | typed


#: work → the unit of the page, the sentence before and after it is done
TOLD = {
    Work.FOUND: ("DU1", "Thành lập Chi bộ khu phố 9, trực thuộc Đảng bộ phường 1"),
    Work.JOIN: ("TU", "Tiếp nhận Chi bộ Điện lực từ Đảng bộ Khối"),
    Work.RENAME: ("DU1", "Đổi tên Đảng bộ phường 1 thành Đảng bộ phường Mới"),
    Work.CHANGE_KIND: ("DU1", "Đổi loại Đảng bộ phường 1 thành đảng bộ bộ phận"),
    Work.MOVE: ("DU1-01", "Chuyển Chi bộ khu phố 1 về trực thuộc Đảng bộ phường 2"),
    Work.SPLIT: ("DU1-01", "Chia tách Chi bộ khu phố 1 thành Chi bộ khu phố 8"),
    Work.MERGE: ("DU1-01", "Sáp nhập Chi bộ khu phố 1 vào Chi bộ khu phố 2"),
    Work.DISSOLVE: ("DU1-01", "Giải thể Chi bộ khu phố 1, chuyển về Chi bộ khu phố 2"),
    Work.LEAVE: ("DU1", "Chuyển ra Đảng bộ phường 1 đến Đảng bộ Khối"),
}


@pytest.mark.parametrize("work", TOLD)
def test_a_work_is_shown_before_it_is_done_and_done_once(board, city, work):
    unit, said = TOLD[work]
    url, typed = address(work, unit), whole(work)
    opened = board.get(url)
    assert set(typed) - {"stands_on"} <= set(form_of(opened))
    entries = Entry.objects.filter(deed=work).count()
    preview = board.post(url, typed)
    assert f"{said}, từ ngày {DAY}" in text_of(preview)
    assert "Quyết định số 5-QĐ/TU. Lý do: Theo đề án." in text_of(preview)
    assert not Operation.objects.filter(work=work).exists()
    assert Entry.objects.filter(deed=work).count() == entries

    back = board.post(url, form_of(preview) | {"edit": "yes"})
    assert form_of(back)["decision_number"] == "5-QĐ/TU"

    sent = form_of(preview) | {"confirm": "yes"}
    done = text_of(board.post(url, sent, follow=True))
    assert f"Đã ghi, từ ngày {DAY}: {said}." in done
    operation = Operation.objects.get(work=work)
    assert (operation.day, operation.decision_number, operation.reason) == (D(2024, 9, 1), "5-QĐ/TU", "Theo đề án")
    board.post(url, sent)
    assert Operation.objects.filter(work=work).count() == 1
    assert not Entry.objects.filter(sort="denied").exists()


def test_who_ends_a_unit_twice_is_told_that_it_is_done(board, city):
    preview = board.post(address(Work.LEAVE, "DU1"), whole(Work.LEAVE))
    sent = form_of(preview) | {"confirm": "yes"}
    board.post(address(Work.LEAVE, "DU1"), sent)
    again = text_of(board.post(address(Work.LEAVE, "DU1"), sent, follow=True))
    assert "Việc này đã được ghi." in again


WRONG = {
    "found: no code": (Work.FOUND, "DU1", {"code": ""}, "code", "Ghi mục này."),
    "found: code taken": (Work.FOUND, "DU1", {"code": "DU1-01"}, "code", "đã có tổ chức khác dùng"),
    "found: control character": (Work.FOUND, "DU1", {"name": "a\x00b"}, "name", "ký tự"),
    "found: no kind": (Work.FOUND, "DU1", {"kind": ""}, "kind", "Chọn một mục."),
    "found: no day": (Work.FOUND, "DU1", {"day": ""}, "day", "Ghi ngày"),
    "found: no such day": (Work.FOUND, "DU1", {"day": "30/02/2024"}, "day", "30/02/2024"),
    "found: two digits of a year": (Work.FOUND, "DU1", {"day": "01/09/24"}, "day", "năm"),
    "found: code too long": (Work.FOUND, "DU1", {"code": "x" * 41}, "code", "40"),
    "join: here already": (Work.JOIN, "TU", {"code": "CS1"}, "code", "đang ở trong đảng bộ"),
    "join: no name": (Work.JOIN, "TU", {"name": ""}, "name", "ghi tên và loại tổ chức"),
    "rename: the same": (Work.RENAME, "DU1", {"name": "Đảng bộ phường 1"}, "name", "trùng với tên hiện nay"),
    "kind: the same": (Work.CHANGE_KIND, "DU1", {"kind": "base_committee"}, "kind", "trùng với hiện nay"),
    "kind: units below": (Work.CHANGE_KIND, "DU1", {"kind": "base_branch"}, "kind", "Còn tổ chức trực thuộc"),
    "move: nowhere": (Work.MOVE, "DU1", {"parent_code": ""}, "parent_code", "Ghi mục này."),
    "move: unknown": (Work.MOVE, "DU1", {"parent_code": "XX"}, "parent_code", "Không có tổ chức mã «XX»"),
    "move: several fit": (Work.MOVE, "CS1", {"parent_code": "phuong"}, "parent_code", "khớp với nhiều tổ chức"),
    "move: under its own branch": (Work.MOVE, "DU1", {"parent_code": "DU1-01"}, "parent_code", "ở dưới"),
    "merge: with itself": (Work.MERGE, "DU1-01", {"into_code": "DU1-01"}, "into_code", "chính nó"),
    "dissolve: members left": (Work.DISSOLVE, "DU1-01", {"receiver_code": ""}, "receiver_code", "chưa có tổ chức mới"),
    "split: into itself": (Work.SPLIT, "DU1-01", {"code_1": "DU1-01", "name_1": ""}, "", "ít nhất hai tổ chức"),
    "split: an unknown unit": (Work.SPLIT, "DU1-01", {"name_1": ""}, "", "Không có tổ chức mã «DU1-08»"),
    "leave: the top": (Work.LEAVE, "TU", {}, "code", "Tổ chức cao nhất không thể chuyển ra."),
    "leave: something later below": (Work.LEAVE, "DU2", {"day": "01/02/2024"}, "day", "Có tổ chức bên dưới"),
}


@pytest.mark.parametrize(("work", "unit", "typed", "field", "says"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_told_at_the_field_and_nothing_typed_is_lost(board, city, work, unit, typed, field, says):
    a_full_member(city.branch)
    a_unit("DU2-09", "branch", city.committees[1], day=D(2024, 3, 1))
    if typed.get("kind"):
        typed = typed | {"kind": kind(typed["kind"])}
    before = list(Place.objects.order_by("pk").values_list())
    sent = whole(work, **typed)
    page = board.post(address(work, unit), sent | {"confirm": "yes"})
    shown = problem_at(page, field) if field in page.context["form"].fields else text_of(page)
    assert says in shown
    assert form_of(page)["day"] == sent["day"]
    assert list(Place.objects.order_by("pk").values_list()) == before
    assert not WaitingOperation.objects.exists()


@pytest.mark.parametrize("typed", ["DU2", "DU2 · Đảng bộ phường 2", "phuong 2", "Đảng bộ phường 2"])
def test_a_unit_is_found_by_code_and_by_name(board, city, typed):
    preview = board.post(address(Work.MOVE, "DU1-01"), whole(Work.MOVE, parent_code=typed))
    assert "về trực thuộc Đảng bộ phường 2" in text_of(preview)


# ---- what moves, and what blocks ---------------------------------------------------------------------


def test_a_preview_counts_what_goes_along(board, city):
    a_full_member(city.branch)
    a_case(city.branch)
    page = text_of(board.post(address(Work.LEAVE, "DU1"), whole(Work.LEAVE)))
    assert "Tổ chức bên dưới: 2" in page
    assert "Đảng viên: 1" in page
    assert "Hồ sơ đang theo dõi: 1" in page
    moved = text_of(board.post(address(Work.MOVE, "DU1"), whole(Work.MOVE)))
    assert "Đảng viên: 1 đi theo tổ chức, không thay đổi" in moved


def test_nobody_is_left_nowhere_by_a_split(board, city):
    goes, stays = a_full_member(city.branch), a_full_member(city.branch)
    case = a_case(city.branch)
    url = address(Work.SPLIT, "DU1-01")
    preview = board.post(url, whole(Work.SPLIT, stands_on="", code_2="DU1-02"))
    sent = form_of(preview) | {"confirm": "yes"}
    page = board.post(url, sent)
    assert text_of(page).count("Chọn một mục.") >= 3
    assert not Operation.objects.filter(work=Work.SPLIT).exists()

    sent |= {f"person_{goes.person_id}": "DU1-08", f"person_{stays.person_id}": "DU1-02", "rest": "DU1-08"}
    board.post(url, sent)
    held = dict(Spell.objects.filter(to_day=None).values_list("person_id", "organisation__code"))
    assert held == {goes.person_id: "DU1-08", stays.person_id: "DU1-02"}
    case.refresh_from_db()
    assert case.organisation.code == "DU1-08"
    assert Entry.objects.filter(sort="read", subject="list", organisation__code="DU1-01").exists()


def test_a_committee_shares_its_branches(board, city):
    url = address(Work.SPLIT, "DU1")
    typed = whole(Work.SPLIT, code_1="DU3", name_1="Đảng bộ phường 3", kind=kind("base_committee"))
    preview = board.post(url, typed)
    sent = form_of(preview)
    assert sent["unit_DU1-01"] == "DU1"
    board.post(url, sent | {"unit_DU1-01": "DU3", "confirm": "yes"})
    parents = dict(Place.objects.on(TODAY).values_list("organisation__code", "parent__code"))
    assert (parents["DU1-01"], parents["DU1-02"], parents["DU3"]) == ("DU3", "DU1", "TU")


def test_a_post_without_a_successor_blocks(board, city):
    a_full_member(city.branch)
    holder = a_user("branch", city.branch, office="secretary")
    post = Post.objects.get(person=holder.person)
    url = address(Work.MERGE, "DU1-01")
    preview = board.post(url, whole(Work.MERGE))
    sent = form_of(preview) | {"confirm": "yes"}
    assert "Chọn một mục." in text_of(board.post(url, sent))
    assert not Operation.objects.exists()
    board.post(url, sent | {f"post_{post.pk}": "DU1-02:deputy"})
    held = Post.objects.filter(person=holder.person).order_by("from_day")
    assert [(row.organisation.code, row.office, row.to_day) for row in held] == [
        ("DU1-01", "secretary", D(2024, 9, 1)),
        ("DU1-02", "deputy", None),
    ]


def test_a_second_secretary_is_refused_among_the_posts(board, city):
    a_user("branch", city.sibling, office="secretary")
    holder = a_user("branch", city.branch, office="secretary")
    post = Post.objects.get(person=holder.person)
    url = address(Work.MERGE, "DU1-01")
    sent = form_of(board.post(url, whole(Work.MERGE))) | {"confirm": "yes", f"post_{post.pk}": "DU1-02:secretary"}
    page = text_of(board.post(url, sent))
    assert "đang có bí thư" in page
    assert not Operation.objects.exists()


# ---- waiting for the day -----------------------------------------------------------------------------


def waiting(board, work=Work.MOVE, unit="DU1-01", **typed):
    url = address(work, unit)
    preview = board.post(url, whole(work, day=LATER, **typed))
    assert "việc sẽ chờ" in text_of(preview)
    return board.post(url, form_of(preview) | {"confirm": "yes"}, follow=True)


def test_what_is_for_a_day_to_come_waits_and_is_done_on_it(board, city, settings):
    page = text_of(waiting(board))
    assert "Đã ghi để chờ đến ngày 01/12/2024" in page
    assert not Operation.objects.exists()
    hub = text_of(board.get(reverse("reorganisation", args=["TU"])))
    assert "Chuyển Chi bộ khu phố 1 về trực thuộc Đảng bộ phường 2 từ ngày 01/12/2024; Trần Thu Hà ghi" in hub
    call_command("carry_out_operations")
    assert not Operation.objects.exists()
    settings.TODAY = D(2024, 12, 1)
    call_command("carry_out_operations")
    operation = Operation.objects.get()
    assert (operation.work, operation.day, operation.related.code) == ("move", D(2024, 12, 1), "DU2")
    assert WaitingOperation.objects.get().state == "done"
    assert Entry.objects.get(deed="move").actor.person.name == "Trần Thu Hà"


def test_the_first_who_signs_in_on_the_day_carries_it_out(board, city, client, settings):
    waiting(board)
    settings.TODAY = D(2024, 12, 2)
    reader = a_user("standing", city.top)
    client.logout()
    client.post(reverse("login"), {"username": reader.username, "password": "password"})
    assert Operation.objects.get().work == "move"


def test_nobody_is_kept_out_because_what_waits_cannot_be_read(board, city, client, settings, caplog):
    waiting(board)
    WaitingOperation.objects.update(item={"a_field_of_an_older_version": 1})
    settings.TODAY = D(2024, 12, 2)
    reader = a_user("standing", city.top)
    client.logout()
    entered = client.post(reverse("login"), {"username": reader.username, "password": "password"})
    assert entered.status_code == 302
    assert client.get("/don-vi/TU/").status_code == 200
    assert WaitingOperation.objects.get().state == "waiting"
    assert "were not carried out" in caplog.text


def test_what_cannot_be_done_on_its_day_says_why_and_waits_on(board, city, settings):
    waiting(board)
    reorganise.merge([reorganise.Merging("DU2", D(2024, 10, 1), "DU1")], actor=None, today=TODAY)
    settings.TODAY = D(2024, 12, 1)
    page = text_of(board.post(reverse("reorganisation", args=["TU"]), {"deed": "carry_out"}, follow=True))
    assert "Đã thực hiện 0 việc đến ngày. 1 việc chưa làm được" in page
    assert "không còn trong đảng bộ" in page
    assert WaitingOperation.objects.get().state == "waiting"


def test_what_waits_of_a_unit_that_is_gone_stands_above_and_can_be_called_off(board, city, settings):
    waiting(board)
    (row,) = WaitingOperation.objects.all()
    reorganise.merge([reorganise.Merging(row.organisation.code, D(2024, 10, 1), "DU1-02")], actor=None, today=TODAY)
    settings.TODAY = D(2024, 12, 1)
    hub = reverse("reorganisation", args=["DU1"])
    page = board.post(hub, {"deed": "carry_out"}, follow=True)
    assert [line["row"].pk for line in page.context["waiting"]] == [row.pk]
    assert "Đã thôi việc này" in text_of(board.post(hub, {"deed": "call_off", "row": row.pk}, follow=True))


@pytest.mark.parametrize("had", ["nobody", "a post that ends"])
def test_a_post_that_came_since_stands_against_what_waits(board, city, settings, had):
    if had == "nobody":
        waiting(board, Work.MERGE)
    else:
        post = Post.objects.get(person=a_user("branch", city.branch, office="secretary").person)
        sent = form_of(board.post(address(Work.MERGE, "DU1-01"), whole(Work.MERGE, day=LATER)))
        board.post(address(Work.MERGE, "DU1-01"), sent | {f"post_{post.pk}": "end", "confirm": "yes"})
    a_user("branch", city.branch, office="deputy")
    settings.TODAY = D(2024, 12, 1)
    page = text_of(board.post(reverse("reorganisation", args=["DU1"]), {"deed": "carry_out"}, follow=True))
    assert "1 chức vụ có từ sau khi chọn" in page
    assert not Operation.objects.exists()
    assert Post.objects.filter(organisation=city.branch).exclude(to_day=None).count() == 0


def test_one_thing_that_waits_may_need_another(board, city):
    """A unit founded on the day, and another moved under it that same day."""
    waiting(board, Work.FOUND, "TU", code="DU9", name="Đảng bộ phường 9", kind=kind("base_committee"))
    waiting(board, Work.MOVE, "DU1-01", parent_code="DU9")
    assert [row.problem for row in carry_out(today=D(2024, 12, 1))] == ["", ""]
    assert Place.objects.get(organisation__code="DU1-01", to_day=None).parent.code == "DU9"


def test_what_waits_can_be_called_off_once(board, city):
    waiting(board)
    row, hub = WaitingOperation.objects.get(), reverse("reorganisation", args=["DU1"])
    assert "Đã thôi việc này" in text_of(board.post(hub, {"deed": "call_off", "row": row.pk}, follow=True))
    assert "không còn chờ" in text_of(board.post(hub, {"deed": "call_off", "row": row.pk}, follow=True))
    again = board.post(hub, {"deed": "call_off", "row": "9" * 30}, follow=True)
    assert "không còn chờ" in text_of(again)


def test_the_same_does_not_wait_twice(board, city):
    waiting(board)
    page = board.post(address(Work.MOVE, "DU1-01"), whole(Work.MOVE, day=LATER) | {"confirm": "yes"})
    assert "đang chờ đến ngày" in problem_at(page, "day")


# ---- putting right -----------------------------------------------------------------------------------


def recorded(city):
    reorganise.move([reorganise.Moving("DU1-01", D(2024, 9, 1), "DU2", "5-QĐ/TU")], actor=None, today=TODAY)
    return Operation.objects.get()


def correcting(operation, unit="TU"):
    return reverse("correct_operation", args=[unit, operation.pk])


def test_a_correction_needs_a_second_person(board, city, client):
    operation = recorded(city)
    opened = board.get(correcting(operation))
    assert form_of(opened)["day"] == "01/09/2024"
    sent = form_of(opened) | {"day": "01/08/2024", "correction_reason": "ghi nhầm tháng", "send": "yes"}
    hub = text_of(board.post(correcting(operation), sent, follow=True))
    assert "Ngày có hiệu lực: từ «01/09/2024» thành «01/08/2024»" in hub
    assert "người khác phải duyệt" in hub
    correction = OperationCorrection.objects.get()
    answer = {"deed": "approve", "row": correction.pk}
    page = text_of(board.post(reverse("reorganisation", args=["TU"]), answer, follow=True))
    assert "Bạn là người đề nghị đính chính này" in page
    assert Place.objects.get(organisation__code="DU1-01", to_day=None).from_day == D(2024, 9, 1)

    client.force_login(a_user("board", city.top))
    page = text_of(client.post(reverse("reorganisation", args=["TU"]), answer, follow=True))
    assert "Đã duyệt đính chính" in page
    assert Place.objects.get(organisation__code="DU1-01", to_day=None).from_day == D(2024, 8, 1)
    assert Operation.objects.get().day == D(2024, 8, 1)
    assert Operation.with_void.get(void=True).day == D(2024, 9, 1)
    assert client.get(correcting(operation)).status_code == 404


def test_what_is_not_approved_changes_nothing(board, city, client):
    operation = recorded(city)
    board.post(
        correcting(operation), form_of(board.get(correcting(operation))) | {"void": "yes", "correction_reason": "x"}
    )
    client.force_login(a_user("board", city.top))
    hub, row = reverse("reorganisation", args=["TU"]), OperationCorrection.objects.get()
    assert "Đề nghị hủy: việc này không xảy ra." in text_of(client.get(hub))
    assert "Ghi lý do không duyệt." in text_of(client.post(hub, {"deed": "refuse", "row": row.pk}, follow=True))
    page = client.post(hub, {"deed": "refuse", "row": row.pk, "answer": "đúng rồi"}, follow=True)
    assert "việc giữ nguyên như đã ghi" in text_of(page)
    assert Operation.objects.get().pk == operation.pk


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"correction_reason": ""}, "Ghi mục này."),
        ({}, "Chưa sửa gì so với việc đã ghi."),
        ({"day": "16/10/2024"}, "sau ngày hôm nay"),
        ({"parent_code": "DU1"}, "đang trực thuộc"),
        ({"parent_code": "DU1-01"}, "chính nó"),
        ({"day": "31/04/2024"}, "31/04/2024"),
    ],
)
def test_wrong_corrections(board, city, typed, says):
    operation = recorded(city)
    sent = form_of(board.get(correcting(operation))) | {"correction_reason": "nhầm", "send": "yes"} | typed
    page = board.post(correcting(operation), sent)
    assert says in text_of(page)
    assert not OperationCorrection.objects.exists()


def test_an_operation_out_of_reach_is_not_found(client, city):
    operation = recorded(city)
    client.force_login(a_user("board", city.committees[1]))
    reorganise.found(
        [reorganise.Founding("NGOAI", "Chi bộ", Kind.objects.get(code="branch"), None, "TU", D(2024, 3, 1))],
        actor=None,
        today=TODAY,
    )
    other = Operation.objects.get(organisation__code="NGOAI")
    assert client.get(correcting(operation, "DU2")).status_code == 200
    assert client.get(correcting(other, "DU2")).status_code == 404
