"""Entering, changing and taking away programmes and targets: what is refused, what is written, what the log keeps."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from cells.log.models import Entry
from cells.models import Sector
from cells.people.models import Role
from cells.verdict import Refused
from targets.models import Programme, Target
from targets.programmes import (
    ProgrammeLine,
    TargetLine,
    enter_programmes,
    enter_targets,
    may_set,
    remove_programmes,
    remove_targets,
)
from targets.words import in_words
from tests import factories
from tests.pages import form_of, problem_at, text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
GOOD = ProgrammeLine("Chương trình thử", "Nghị quyết số 1", 2026, 2030)


def refused(deed, *arguments, **more):
    with pytest.raises(Refused) as caught:
        deed(*arguments, **more)
    return {problem.field: problem.message for problem in caught.value.problems}


def logged(deed):
    entry = Entry.objects.filter(deed=deed).latest("pk")
    return {value.field: (value.old, value.new) for value in entry.values.all()}


@pytest.fixture
def programme():
    return enter_programmes([GOOD], actor=None, today=TODAY)[0]


@pytest.fixture
def resolution():
    return Programme.objects.get(from_year=2024)


def a_line(programme, **more):
    line = TargetLine(programme, "admission", "rate", Decimal("3.5"), "top", primary=True)
    return replace(line, **more)


def enter(line, reason=""):
    return enter_targets([line], actor=None, today=TODAY, reason=reason)[0]


# ---- programmes ------------------------------------------------------------------------------------
@pytest.mark.both_databases
def test_a_programme_is_entered_and_changed_and_the_log_keeps_what_it_said(programme):
    changed = replace(GOOD, title="  Chương trình   mới ", to_year=2035, confirmed=False, programme=programme)
    enter_programmes([changed], actor=None, today=TODAY)
    programme.refresh_from_db()
    assert (programme.title, programme.from_year, programme.to_year) == ("Chương trình mới", 2026, 2035)
    assert logged("enter_programmes") == {
        "title": ("Chương trình thử", "Chương trình mới"),
        "to_year": ("2030", "2035"),
        "confirmed": ("có", "không"),
    }
    before = Entry.objects.count()
    enter_programmes([replace(changed, title="Chương trình mới")], actor=None, today=TODAY)
    assert Entry.objects.count() == before, "nothing changed, nothing is told"


# what is changed in a good one → the field, a word of the reason
WRONG_PROGRAMMES = [
    ({"title": " "}, "title", "Ghi tên"),
    ({"document": ""}, "document", "Ghi văn bản"),
    ({"to_year": 2025}, "to_year", "2025 ở trước năm bắt đầu 2026"),
    ({"from_year": 26}, "from_year", "từ 1930 đến 2100"),
    ({"to_year": 20300}, "to_year", "từ 1930 đến 2100"),
    ({"from_year": -1}, "from_year", "từ 1930 đến 2100"),
]


@pytest.mark.parametrize(("change", "field", "says"), WRONG_PROGRAMMES)
def test_a_programme_that_cannot_be(change, field, says):
    before = Programme.objects.count()
    assert says in refused(enter_programmes, [replace(GOOD, **change)], actor=None, today=TODAY)[field]
    assert Programme.objects.count() == before


def test_the_same_programme_twice(programme):
    assert "Đã có chương trình" in refused(enter_programmes, [GOOD], actor=None, today=TODAY)["title"]
    enter_programmes([replace(GOOD, from_year=2027)], actor=None, today=TODAY)


def test_of_a_list_with_one_that_cannot_be_none_is_written():
    before = Programme.objects.count()
    refused(enter_programmes, [GOOD, replace(GOOD, title="")], actor=None, today=TODAY)
    assert Programme.objects.count() == before


# ---- targets ---------------------------------------------------------------------------------------
@pytest.mark.both_databases
def test_a_target_of_every_kind_is_entered(programme):
    school = Sector.objects.get(code="school")
    lines = [
        a_line(programme),
        a_line(programme, kind="number", value=Decimal(300), span="whole", primary=False),
        a_line(programme, kind="minimum_each", value=Decimal(1), where="branch", with_sources_only=True, primary=False),
        a_line(programme, line="fostering", kind="minimum_average", value=Decimal(1), upper=Decimal(2), where="sector",
               sector=school, primary=False),
        a_line(programme, kind="coverage", value=Decimal(80), where="base", primary=False),
    ]  # fmt: skip
    rows = enter_targets(lines, actor=None, today=TODAY)
    assert [in_words(row) for row in rows] == [
        "Mỗi năm, toàn đảng bộ kết nạp ít nhất 3,5% so với đảng viên đầu năm.",
        "Cả giai đoạn, toàn đảng bộ kết nạp ít nhất 300 người.",
        "Mỗi năm, mỗi chi bộ kết nạp ít nhất 1 người (nơi còn nguồn).",
        "Mỗi năm, bình quân mỗi chi bộ thuộc loại hình trường học bồi dưỡng tạo nguồn từ 1 đến 2 người.",
        "Mỗi năm, ít nhất 80% tổ chức cơ sở đảng có kết nạp.",
    ]
    assert Entry.objects.filter(deed="enter_targets").latest("pk").count == 5


def test_a_change_keeps_the_old_value_in_the_log(resolution):
    target = resolution.targets.get(where="top")
    line = TargetLine(resolution, "admission", "rate", Decimal(4), "top", primary=True, text=target.text, target=target)
    enter(line)
    assert Target.objects.get(pk=target.pk).value == 4
    assert logged("enter_targets") == {"value": ("3,5", "4")}


# what is changed in a good one → the field, a word of the reason
WRONG_TARGETS = {
    "no value": ({"value": None}, "value", "Ghi giá trị"),
    "a rate of 350": ({"value": Decimal(350)}, "value", "không quá 100%"),
    "a rate of 100,0001": ({"value": Decimal("100.0001")}, "value", "không quá 100%"),
    "below zero": ({"value": Decimal(-1)}, "value", "nhỏ hơn 0"),
    "nothing asked": ({"value": Decimal(0)}, "value", "không đòi hỏi gì"),
    "half a person": ({"kind": "number", "value": Decimal("1.5")}, "value", "số nguyên"),
    "more than there are": ({"kind": "number", "value": Decimal(10**8)}, "value", "quá lớn"),
    "an upper end below": ({"upper": Decimal(3)}, "upper", "từ 3,5 trở lên"),
    "an upper end of 350": ({"upper": Decimal(350)}, "upper", "không quá 100%"),
    "a sector that is not named": ({"where": "sector"}, "sector", "Chọn loại hình"),
    "each, of the one at the top": ({"kind": "minimum_each", "value": Decimal(1)}, "where", "nhiều đơn vị"),
    "a coverage of the top": ({"kind": "coverage"}, "where", "nhiều đơn vị"),
    "sources of the top": ({"with_sources_only": True}, "with_sources_only", "bỏ đánh dấu"),
    "a primary one that decides nothing": ({"span": "whole"}, "primary", "quyết định"),
    "a primary minimum": (
        {"kind": "minimum_each", "value": Decimal(1), "where": "branch"},
        "primary",
        "quyết định",
    ),
}


@pytest.mark.parametrize(("change", "field", "says"), WRONG_TARGETS.values(), ids=WRONG_TARGETS)
def test_a_target_that_cannot_be(programme, change, field, says):
    assert says in refused(enter, a_line(programme, **change))[field]
    assert not programme.targets.exists()


def test_a_sector_where_none_is_asked(programme):
    line = a_line(programme, where="branch", sector=Sector.objects.get(code="school"))
    assert "bỏ chọn" in refused(enter, line)["sector"]


@pytest.mark.parametrize(("to_year", "may"), [(2023, False), (2024, True)])
def test_a_programme_that_has_ended_takes_no_target(to_year, may):
    row = Programme.objects.create(title="cũ", document="thử", from_year=2019, to_year=to_year)
    if may:
        enter(a_line(row), "thử")
    else:
        assert "đã hết năm 2023" in refused(enter, a_line(row))[""]


@pytest.mark.both_databases
def test_two_primary_targets_that_would_decide_the_same_are_refused_by_name(resolution):
    """A programme that begins later decides; of one first year both would."""
    later = enter_programmes([replace(GOOD, from_year=2025)], actor=None, today=TODAY)[0]
    enter(a_line(later, value=Decimal(4)))
    rival = enter_programmes([replace(GOOD, title="Chương trình khác", from_year=2025)], actor=None, today=TODAY)[0]
    said = refused(enter, a_line(rival))["primary"]
    assert "«Chương trình thử»" in said
    assert "ít nhất 4%" in said
    base = enter(a_line(rival, where="base"))  # another level is another matter
    enter(a_line(rival, primary=False))
    assert "«Chương trình thử»" in refused(enter, a_line(rival, target=base))["primary"]
    moved = replace(GOOD, title="Chương trình khác", from_year=2024, programme=rival)
    enter_programmes([moved], actor=None, today=TODAY)
    enter(a_line(rival, where="branch", kind="number", value=Decimal(1)))
    Target.objects.filter(programme=resolution, where="sector", kind="minimum_average", line="admission").update(
        where="branch", sector=None, kind="number", primary=True
    )
    assert "«Nghị quyết về tăng cường" in refused(enter_programmes, [moved], actor=None, today=TODAY)[""]


def test_the_same_target_twice_in_a_programme(programme):
    enter(a_line(programme, primary=False))
    assert "đã có chỉ tiêu như thế" in refused(enter, a_line(programme, value=Decimal(5), primary=False))[""]
    two = [a_line(programme, line="fostering"), a_line(programme, line="fostering", value=Decimal(2))]
    assert "đã có chỉ tiêu như thế" in refused(enter_targets, two, actor=None, today=TODAY)[""]


# ---- years that are over ---------------------------------------------------------------------------
# the first year of a programme to 2025, what changes in its target → what is asked on 15/10/2024, "" nothing
SHOWING_BACK = [
    (2024, {"value": Decimal(4)}, ""),
    (2023, {"value": Decimal(4)}, "năm 2023:"),
    (2020, {"where": "base"}, "các năm 2020 - 2023:"),
    (2020, {"primary": False}, "từ năm 2024"),
    (2020, {"with_sources_only": True, "where": "branch"}, "hết năm 2023"),
    (2020, {"text": "nguyên văn khác"}, ""),
    (2020, {}, ""),
]
# a new target of a programme 2020 - 2025 → whether it says why: those that other tables take their verdict from
ADDED = [
    ({}, True),
    ({"kind": "number", "value": Decimal(5)}, True),
    ({"kind": "minimum_each", "value": Decimal(1), "where": "branch", "primary": False}, True),
    ({"kind": "coverage", "where": "branch", "primary": False}, False),
    ({"kind": "minimum_average", "where": "branch", "primary": False}, False),
    ({"kind": "number", "value": Decimal(5), "span": "whole", "primary": False}, False),
]


def a_programme(from_year=2020, to_year=2025):
    return Programme.objects.create(title="thử", document="thử", from_year=from_year, to_year=to_year)


@pytest.mark.parametrize(("from_year", "change", "asked"), SHOWING_BACK)
def test_another_figure_of_years_that_are_over_wants_a_reason(from_year, change, asked):
    row = a_programme(from_year)
    target = enter(a_line(row, line="fostering"), "chương trình đang thực hiện")
    changed = a_line(row, target=target, **{"line": "fostering"} | change)
    if not asked:
        enter(changed)
        return
    for reason in ("", "  "):
        assert asked in refused(enter, changed, reason)["reason"]
    assert Target.objects.get(pk=target.pk).where == "top"
    enter(changed, " ghi nhầm ")
    assert Entry.objects.filter(deed="enter_targets").latest("pk").note == "ghi nhầm"


@pytest.mark.parametrize(("change", "asked"), ADDED)
def test_a_target_that_judges_years_that_are_over_is_added_with_a_reason(change, asked):
    line = a_line(a_programme(), **{"line": "fostering"} | change)
    if asked:
        assert "các năm 2020 - 2023" in refused(enter, line)["reason"]
    enter(line, "chương trình đang thực hiện" if asked else "")


# the span of a target, other years of its programme 2020 - 2025 → whether a reason is asked
OTHER_YEARS = [
    ("year", {"to_year": 2026}, False),
    ("year", {"to_year": 2024}, False),
    ("year", {"to_year": 2023}, False),  # ends with the last year that is over: how a new document takes over
    ("year", {"to_year": 2022}, True),
    ("year", {"from_year": 2021}, True),
    ("year", {"from_year": 2019}, True),
    ("year", {"title": "Tên khác"}, False),
    ("whole", {"to_year": 2023}, True),  # every year is told by how long it all is
    ("whole", {"to_year": 2026}, True),
    ("whole", {"title": "Tên khác"}, False),
    (None, {"from_year": 2018}, False),  # without targets it says nothing
]


@pytest.mark.parametrize(("span", "change", "asked"), OTHER_YEARS)
def test_other_years_that_are_over_want_a_reason(span, change, asked):
    row = a_programme()
    if span:
        Target.objects.create(programme=row, line="fostering", kind="rate", value=3, where="top", span=span)
    line = replace(ProgrammeLine("thử", "thử", 2020, 2025, programme=row), **change)
    if asked:
        assert "ghi lý do sửa" in refused(enter_programmes, [line], actor=None, today=TODAY)["reason"]
    enter_programmes([line], actor=None, today=TODAY, reason="ghi nhầm năm" if asked else "")


def test_what_was_told_of_years_that_are_over_goes_with_a_reason_only():
    row, empty = a_programme(), Programme.objects.create(title="x", document="x", from_year=2019, to_year=2025)
    target = enter(a_line(row, line="fostering"), "thử")
    assert "các năm 2020 - 2023: ghi lý do xóa" in refused(remove_targets, [target], actor=None, today=TODAY)["reason"]
    with pytest.raises(Refused) as caught:
        remove_programmes([empty, row], actor=None, today=TODAY)
    assert [problem.index for problem in caught.value.problems] == [1]
    remove_targets([target], actor=None, today=TODAY, reason="ghi nhầm")
    assert Entry.objects.filter(deed="remove_targets").latest("pk").note == "ghi nhầm"
    remove_programmes([row, empty], actor=None, today=TODAY)  # nothing left that they told


def test_a_row_changed_or_gone_since_it_was_read_is_told(programme):
    target = enter(a_line(programme))
    Target.objects.filter(pk=target.pk).update(value=Decimal(4))
    assert "vừa sửa" in refused(enter, a_line(programme, target=target, text="x"))[""]
    Target.objects.filter(pk=target.pk).delete()
    assert "vừa xóa" in refused(enter, a_line(programme, target=target))[""]
    Programme.objects.filter(pk=programme.pk).update(to_year=2029)
    changed = replace(GOOD, title="khác", programme=programme)
    assert "vừa sửa" in refused(enter_programmes, [changed], actor=None, today=TODAY)[""]
    assert "vừa sửa" in refused(enter, a_line(programme))[""]


# ---- taking away -----------------------------------------------------------------------------------
@pytest.mark.both_databases
def test_what_is_taken_away_stays_in_the_log(programme):
    target = enter(a_line(programme, text="từ 3,5% trở lên"))
    remove_targets([target], actor=None, today=TODAY)
    assert logged("remove_targets")["value"] == ("3,5", "")
    assert logged("remove_targets")["text"] == ("từ 3,5% trở lên", "")
    other = enter(a_line(programme, value=Decimal(4)))
    remove_programmes([programme], actor=None, today=TODAY)
    assert not Programme.objects.filter(title=GOOD.title).exists()
    kept = logged("remove_programmes")
    assert kept["title"] == (GOOD.title, "")
    assert kept[f"{other.pk} target"] == ("Mỗi năm, toàn đảng bộ kết nạp ít nhất 4% so với đảng viên đầu năm.", "")


# ---- who may ---------------------------------------------------------------------------------------
@pytest.fixture
def city():
    return factories.a_city()


@pytest.mark.parametrize(
    ("role", "at_the_top", "may"),
    [
        (Role.BOARD, True, True),
        (Role.ADMINISTRATOR, True, True),
        (Role.BOARD, False, False),
        (Role.COMMITTEE, True, False),
        (Role.STANDING, True, False),
        (Role.AUDITOR, True, False),
    ],
)
def test_programmes_bind_all_and_are_set_at_the_top(client, city, role, at_the_top, may):
    user = factories.a_user(role, city.top if at_the_top else city.committee)
    assert may_set(user, on=TODAY) is may
    client.force_login(user)
    page = client.get(reverse("programmes"))
    assert ("Thêm chương trình" in text_of(page)) is may
    assert ("Sửa chỉ tiêu" in text_of(page)) is may
    answer = client.get(reverse("programme_new"))
    assert answer.status_code == (200 if may else 403)
    if not may:
        assert "Ban Tổ chức; Quản trị hệ thống" in text_of(answer)
    before = Programme.objects.count()
    client.post(reverse("programme_new"), {"title": "x", "document": "y", "from_year": "2026", "to_year": "2027"})
    assert Programme.objects.count() == before + may


# ---- the pages -------------------------------------------------------------------------------------
@pytest.fixture
def board(client, city):
    client.force_login(factories.a_user(Role.BOARD, city.top))
    return client


TYPED = {
    "line": "admission",
    "kind": "rate",
    "value": "3,5",
    "span": "year",
    "where": "top",
    "primary": "on",
    "seen": "",
}


def test_a_programme_and_its_targets_are_entered_one_after_the_other(board):
    typed = {"title": "Nghị quyết mới", "document": "Số 5-NQ/TU", "from_year": "2026", "to_year": "2030"}
    made = board.post(reverse("programme_new"), typed)
    programme = Programme.objects.get(title="Nghị quyết mới")
    assert programme.confirmed is False
    assert made["Location"] == reverse("target_new", args=[programme.pk])
    again = board.post(made["Location"], TYPED | {"another": "yes", "text": "đạt từ\n3,5% trở lên"})
    assert again["Location"] == made["Location"]
    assert programme.targets.get().text == "đạt từ 3,5% trở lên"
    page = text_of(board.get(reverse("programmes")))
    assert "Nghị quyết mới" in page
    assert "“đạt từ 3,5% trở lên”" in page


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"value": "350"}, "value", "không quá 100%"),
        ({"value": "-3"}, "value", "số âm"),
        ({"value": "ba rưỡi"}, "value", "không phải là số"),
        ({"value": "3.500"}, "value", "không quá 100%"),
        ({"value": ""}, "value", "Ghi một số"),
        ({"upper": "2"}, "upper", "từ 3,5 trở lên"),
        ({"kind": "khac"}, "kind", "khac"),
        ({"where": "sector"}, "sector", "Chọn loại hình"),
        ({"line": ""}, "line", "Chọn một mục"),
        ({"sector": "999999"}, "sector", ""),
    ],
)
def test_what_is_refused_stands_at_its_field_and_nothing_typed_is_lost(board, programme, change, field, says):
    answer = board.post(reverse("target_new", args=[programme.pk]), TYPED | {"text": "nguyên văn"} | change)
    assert answer.status_code == 200
    assert says in problem_at(answer, field)
    assert problem_at(answer, field)
    assert "nguyên văn" in answer.content.decode()
    assert not programme.targets.exists()


@pytest.mark.parametrize(
    ("typed", "value"), [("3,5", "3.5"), ("3.5", "3.5"), ("4", "4"), ("3,25 %", "3.25"), ("0,5", "0.5")]
)
def test_a_value_as_people_type_it(board, programme, typed, value):
    board.post(reverse("target_new", args=[programme.pk]), TYPED | {"value": typed})
    assert programme.targets.get().value == Decimal(value)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"to_year": "2023"}, "to_year", "trước năm bắt đầu"),
        ({"from_year": "hai nghìn"}, "from_year", "không phải là số"),
        ({"from_year": "-2024"}, "from_year", "số âm"),
        ({"title": ""}, "title", "Ghi mục này"),
        ({"title": "dài " * 80}, "title", "200"),
        ({"document": "\x00"}, "document", "ký tự"),
    ],
)
def test_a_wrong_programme_on_its_page(board, resolution, change, field, says):
    url = reverse("programme_edit", args=[resolution.pk])
    answer = board.post(url, form_of(board.get(url)) | change)
    assert says in problem_at(answer, field)
    assert Programme.objects.get(pk=resolution.pk).to_year == 2025


def test_a_target_is_changed_on_its_page(board, resolution):
    target = resolution.targets.get(where="top")
    url = reverse("target_edit", args=[target.pk])
    page = board.get(url)
    assert 'value="3,5"' in page.content.decode()
    answer = board.post(url, form_of(page) | {"value": "4", "text": target.text, "primary": "on"}, follow=True)
    assert "kết nạp ít nhất 4% so với đảng viên đầu năm" in text_of(answer)
    assert logged("enter_targets") == {"value": ("3,5", "4")}


def test_somebody_was_faster(board, resolution):
    target = resolution.targets.get(where="top")
    url = reverse("target_edit", args=[target.pk])
    opened = form_of(board.get(url)) | {"value": "4", "text": target.text, "primary": "on"}
    Target.objects.filter(pk=target.pk).update(value=Decimal("3.8"))
    answer = board.post(url, opened)
    assert answer.status_code == 409
    assert "Giá trị 3,8" in text_of(answer)
    assert Target.objects.get(pk=target.pk).value == Decimal("3.8")
    again = form_of(answer) | {"text": target.text, "primary": "on"}
    assert again["value"] == "4"
    assert board.post(url, again).status_code == 302
    assert Target.objects.get(pk=target.pk).value == 4


def test_taking_away_is_confirmed(board, resolution):
    target = resolution.targets.get(where="top")
    url = reverse("target_remove", args=[target.pk])
    opened = board.get(url)
    assert "Mỗi năm, toàn đảng bộ kết nạp ít nhất 3,5%" in text_of(opened)
    board.post(url, {"nothing": "1"})
    assert Target.objects.filter(pk=target.pk).exists()
    board.post(url, form_of(opened) | {"confirm": "yes"})
    assert not Target.objects.filter(pk=target.pk).exists()
    url = reverse("programme_remove", args=[Programme.objects.get(from_year=2020).pk])
    opened = board.get(url)
    assert "các năm 2020 - 2023, đã tính xong" in text_of(opened)
    typed = form_of(opened) | {"confirm": "yes"}
    assert "ghi lý do xóa" in problem_at(board.post(url, typed | {"reason": " "}), "reason")
    assert Programme.objects.filter(from_year=2020).exists()
    board.post(url, typed | {"reason": "ghi nhầm nghị quyết"})
    assert not Programme.objects.filter(from_year=2020).exists()
    assert Entry.objects.filter(deed="remove_programmes").latest("pk").note == "ghi nhầm nghị quyết"


def test_what_goes_is_what_was_seen(board, programme):
    url = reverse("programme_remove", args=[programme.pk])
    opened = form_of(board.get(url)) | {"confirm": "yes"}
    enter(a_line(programme))
    told = board.post(url, opened)
    assert told.status_code == 409
    assert "ít nhất 3,5%" in text_of(told)
    assert Programme.objects.filter(pk=programme.pk).exists()
    assert board.post(url, form_of(told) | {"confirm": "yes"}).status_code == 302


def test_the_page_has_a_place_for_the_reason(board):
    target = Programme.objects.get(from_year=2020).targets.get()
    url = reverse("target_edit", args=[target.pk])
    typed = form_of(board.get(url)) | {"value": "3,6", "text": "", "primary": "on"}
    assert "ghi lý do sửa" in problem_at(board.post(url, typed), "reason")
    assert board.post(url, typed | {"reason": "ghi nhầm"}).status_code == 302
    url = reverse("programme_edit", args=[Programme.objects.get(from_year=2024).pk])
    typed = form_of(board.get(url)) | {"from_year": "2023"}  # nothing of it is over yet, and 2023 would be
    assert "năm 2023, đã tính xong" in problem_at(board.post(url, typed), "reason")
    assert board.post(url, typed | {"reason": "ghi nhầm năm"}).status_code == 302
    url = reverse("target_new", args=[target.programme_id])
    typed = TYPED | {"line": "fostering", "where": "base"}
    assert "ghi lý do thêm" in problem_at(board.post(url, typed), "reason")


@pytest.mark.parametrize("name", ["programme_edit", "target_edit"])
def test_a_row_that_went_while_its_form_was_open(board, resolution, name):
    row = resolution if name == "programme_edit" else resolution.targets.get(where="top")
    url = reverse(name, args=[row.pk])
    typed = form_of(board.get(url)) | {"title": "Tên đang gõ", "text": "nguyên văn đang gõ"}
    row.delete()
    told = board.post(url, typed)
    assert told.status_code == 409
    assert "vừa xóa mục này" in text_of(told)
    assert ("Tên đang gõ" if name == "programme_edit" else "nguyên văn đang gõ") in told.content.decode()


def test_a_programme_that_ended_offers_no_form(board):
    row = Programme.objects.create(title="cũ", document="thử", from_year=2015, to_year=2019)
    page = board.get(reverse("target_new", args=[row.pk]))
    assert "đã hết năm 2019" in text_of(page)
    assert "Ghi chỉ tiêu" not in text_of(page)
    told = board.post(reverse("target_new", args=[row.pk]), TYPED)
    assert "đã hết năm 2019" in text_of(told)
    assert form_of(told)["value"] == TYPED["value"], "nothing typed is lost"
    assert not row.targets.exists()


@pytest.mark.parametrize("name", ["programme_edit", "programme_remove", "target_new", "target_edit", "target_remove"])
def test_what_is_not_there(board, name):
    assert board.get(reverse(name, args=[987654321])).status_code == 404
