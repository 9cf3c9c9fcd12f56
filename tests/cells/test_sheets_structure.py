"""Sheets `To chuc` and `Sap xep`: a history in any order of rows, and everything that contradicts it."""

import datetime as dt

import pytest

from cells.models import Kind, Post, WaitingOperation
from cells.organisations import reorganise
from cells.organisations.models import Operation, Organisation, Place, Style, Succession
from cells.organisations.reorganise.waiting import Postponement, carry_out, postpone
from cells.organisations.reorganise.works import perform
from cells.organisations.sheets.export import export_foundings, export_operations
from tests import workbooks
from tests.factories import a_user
from tests.properties.world import forgotten
from tests.workbooks import CITY, TODAY, counts, said

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PHUONG = "Đảng bộ phường Một"


@pytest.fixture
def door(tmp_path):
    return workbooks.Door(tmp_path)


def _below(code, day=TODAY):
    root = Organisation.objects.get(code=code)
    return set(Organisation.objects.below(root.pk, on=day).values_list("code", flat=True))


def test_rows_may_stand_in_any_order(door):
    report = door({"To chuc": CITY[::-1]})
    assert counts(report, "To chuc") == (5, 0, 0, 0)
    assert _below("A") == {"A", "A.1", "A.2"}


def test_a_second_import_changes_nothing(door):
    sheets = {
        "To chuc": CITY,
        "Sap xep": [
            ("01/07/2022", "chuyển ra", "A.2", None),
            ("01/07/2021", "tiếp nhận", "C", "TU", "Chi bộ C", "chi bộ cơ sở"),
        ],
    }
    door(sheets)
    again = door(sheets)
    assert counts(again, "To chuc") == (0, 0, 5, 0)
    assert counts(again, "Sap xep") == (0, 0, 2, 0)
    assert Operation.objects.count() == 2


def test_what_was_founded_under_a_unit_that_came_and_left_follows_it(door):
    """Foundings and operations are one history, whichever sheet and row they stand in."""
    report = door(
        {
            "Sap xep": [
                ("01/07/2023", "Chuyển ra", "C", "Đảng bộ tỉnh bạn"),
                ("01/07/2021", "tiếp nhận", "C", "TU", "Đảng bộ công ty C", "đảng bộ cơ sở"),
            ],
            "To chuc": [("C.1", "Chi bộ phân xưởng", "C", "chi bộ", None, dt.date(2022, 1, 5), "05-QĐ"), *CITY],
        }
    )
    assert said(report) == []
    assert _below("TU", dt.date(2022, 6, 1)) == {"TU", "A", "A.1", "A.2", "B", "C", "C.1"}
    assert _below("TU", dt.date(2023, 7, 1)) == {"TU", "A", "A.1", "A.2", "B"}
    assert Place.objects.get(organisation__code="C.1").to_day == dt.date(2023, 7, 1)
    assert Operation.objects.get(work="leave").destination == "Đảng bộ tỉnh bạn"


@pytest.mark.parametrize(
    ("rows", "cell", "words"),
    [
        ([("X", "Chi bộ X", "KHONG", "chi bộ")], "C2", "KHONG"),
        ([("X", "X", "Y", "chi bộ"), ("Y", "Y", "X", "chi bộ")], "C2", "vòng"),
        ([("T2", "Đảng bộ thứ hai", None, "đảng bộ thành phố")], "C2", "cao nhất"),
        ([("X", "X", "TU", "chi bộ"), ("X", "X lần nữa", "TU", "chi bộ")], "A2", "Trùng với dòng 3"),
        ([("X", "X", "TU", "chi hội")], "D2", "chi hội"),
        ([("X", "X", "TU", "chi bộ", "nhà máy")], "E2", "nhà máy"),
        ([("X", "X", "TU", "chi bộ", None, "30/02/2020")], "F2", "30/02/2020"),
        ([("X", "X", "TU", "chi bộ", None, "05/02/20")], "F2", "05/02/20"),
        ([("X", "X", "TU", "chi bộ", None, "01/01/2025")], "F2", "01/01/2025"),
        ([("X", None, "TU", "chi bộ")], "B2", "tên tổ chức"),
        ([("X", "X" * 201, "TU", "chi bộ")], "B2", "dài quá"),
        ([(3.5, "X", "TU", "chi bộ")], "A2", "3.5"),
        ([("A", "Đảng bộ phường Hai", "TU", "đảng bộ cơ sở", "xã, phường")], "B2", "Sắp xếp"),
        ([("A", PHUONG, "B", "đảng bộ cơ sở", "xã, phường")], "C2", "Sắp xếp"),
        ([("A", PHUONG, "TU", "chi bộ cơ sở", "xã, phường")], "D2", "Sắp xếp"),
        ([("A", PHUONG, "TU", "đảng bộ cơ sở", "cơ quan")], "E2", "Sắp xếp"),
        ([("X", "X", "TU", "đảng bộ cơ sở", None, "01/02/2020"), ("X.1", "X.1", "X", "chi bộ")], "F3", "01/02/2020"),
    ],
    ids=[
        "unknown parent", "cycle", "two tops", "code twice", "unknown kind", "unknown sector", "30/02",
        "two-digit year", "future", "empty cell", "too long", "code as fraction", "name differs", "parent differs",
        "kind differs",
        "sector differs", "founded before its parent",
    ],
)  # fmt: skip
def test_a_founding_that_cannot_be_is_refused_at_its_cell(door, rows, cell, words):
    door.city()
    before = Place.objects.count()
    report = door({"To chuc": rows})
    first = said(report)[0]
    assert first.startswith(f"To chuc!{cell}: ")
    assert words in first
    assert Place.objects.count() == before


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (("01/07/2022", "đổi tên", "A"), "E2", "tên mới"),
        (("01/07/2022", "đổi tên", "A", None, "Tên mới", "chi bộ"), "F2", "đổi loại"),
        (("01/07/2022", "đổi loại", "A"), "F2", "loại mới"),
        (("01/07/2022", "thành lập", "MOI", "TU", "Chi bộ"), "F2", "loại tổ chức"),
        (("01/07/2022", "chuyển", "A", "A.1"), "D2", "ở dưới"),
        (("01/07/2022", "sáp nhập", "A", "A"), "D2", "chính nó"),
        (("01/07/2022", "sáp nhập", "A", "B", "Tên mới"), "E2", "đổi tên"),
        (("01/07/2022", "chia tách", "B", "A"), "D2", "hai tổ chức"),
        (("01/07/2022", "giải thể", "A"), "C2", "trực thuộc"),
        (("01/07/2022", "đi chơi", "A"), "B2", "đi chơi"),
        (("01/07/2022", "chuyển ra", "KHONG"), "C2", "KHONG"),
        (("01/07/2022", "chuyển ra", "TU"), "C2", "cao nhất"),
        (("01/07/2025", "chuyển ra", "KHONG"), "C2", "KHONG"),
        (("01/07/2025", "chuyển", "A", "A.1"), "D2", "ở dưới"),
        (("01/07/2022", "tiếp nhận", "A", "TU"), "C2", "đang ở trong đảng bộ"),
        (("01/07/2022", "tiếp nhận", "MOI", "TU"), "E2", "tên"),
        (("01/07/2022", "tiếp nhận", "MOI", "KHONG", "Chi bộ", "chi bộ"), "D2", "KHONG"),
        (("2022", "chuyển ra", "A"), "A2", "thiếu ngày"),
    ],
)
def test_an_operation_that_cannot_be_is_refused_at_its_cell(door, row, cell, words):
    door.city()
    report = door({"Sap xep": [row]})
    first = said(report)[0]
    assert first.startswith(f"Sap xep!{cell}: ")
    assert words in first
    assert not Operation.objects.exists()
    assert not WaitingOperation.objects.exists()


def test_good_rows_are_kept_without_those_that_depend_on_refused_ones(door):
    rows = [
        *CITY,
        ("X", "X", "TU", "loại lạ"),
        ("X.1", "Dưới X", "X", "chi bộ"),
        ("X.1.1", "Dưới nữa", "X.1", "tổ đảng"),
    ]
    refused = door({"To chuc": rows})
    assert not refused.written
    assert not Organisation.objects.exists()
    report = door({"To chuc": rows}, good_rows_only=True)
    assert report.written
    assert counts(report, "To chuc") == (5, 0, 0, 3)
    assert [line.split(":")[0] for line in said(report)] == ["To chuc!D7", "To chuc!C8", "To chuc!C9"]
    assert set(Organisation.objects.values_list("code", flat=True)) == {row[0] for row in CITY}


REFORM = [
    ("15/05/2023", "giải thể", "A.1", "A.2", None, None, None, "09-QĐ", "Không đủ ba đảng viên"),
    ("01/07/2022", "sáp nhập", "C", "A", None, None, None, "04-QĐ"),
    ("01/07/2022", "đổi tên", "A", None, "Đảng bộ phường Một Hai", None, None, "04-QĐ"),
    ("01/07/2022", "chuyển", "C.2", "TU", None, None, None, "04-QĐ"),
    ("01/07/2022", "đổi loại", "C.2", None, "Chi bộ cơ sở C.2", "chi bộ cơ sở", None, "04-QĐ"),
    ("01/07/2021", "tiếp nhận", "C", "TU", "Đảng bộ phường Hai", "đảng bộ cơ sở", None, None, "Theo đề án sắp xếp"),
    ("01/07/2022", "thành lập", "D", "TU", "Đảng bộ phường Ba", "đảng bộ cơ sở", "xã, phường", "04-QĐ", "Theo đề án"),
    ("02/01/2022", "thành lập", "C.1", "C", "Chi bộ C.1", "chi bộ"),
    ("02/01/2022", "thành lập", "C.2", "C", "Chi bộ C.2", "chi bộ"),
    ("01/02/2023", "chia tách", "C.2", "X; Y", None, None, None, "06-QĐ", "Quá đông"),
    ("01/02/2023", "thành lập", "X", "D", "Chi bộ X", "chi bộ"),
    ("01/02/2023", "thành lập", "Y", "D", "Chi bộ Y", "chi bộ"),
    ("01/03/2024", "chia tách", "X", "X; Z", None, None, None, "08-QĐ"),
    ("01/03/2024", "thành lập", "Z", "D", "Chi bộ Z", "chi bộ"),
    ("01/09/2024", "chuyển ra", "B", "Đảng bộ tỉnh bạn"),
]


def _state():
    """What stands where, called what, and who carries on whom."""
    places = Place.objects.values_list(
        "organisation__code", "parent__code", "from_day", "to_day", "opened_as", "closed_as"
    )
    styles = Style.objects.values_list("organisation__code", "name", "kind__code", "sector__code", "from_day", "to_day")
    operations = Operation.objects.values_list(
        "day", "work", "organisation__code", "related__code", "destination", "decision_number", "reason"
    )
    successions = Succession.objects.values_list("predecessor__code", "successor__code", "day")
    return [sorted(rows, key=str) for rows in (places, styles, operations, successions)]


def test_a_whole_reform_in_one_sheet_is_applied_in_order_of_date(door):
    report = door({"To chuc": CITY, "Sap xep": REFORM})
    assert said(report) == []
    assert _below("TU", dt.date(2022, 6, 30)) == {"TU", "A", "A.1", "A.2", "B", "C", "C.1", "C.2"}
    assert _below("A", dt.date(2022, 7, 1)) == {"A", "A.1", "A.2", "C.1"}
    assert _below("TU", dt.date(2023, 2, 1)) == {"TU", "A", "A.1", "A.2", "B", "C.1", "D", "X", "Y"}
    assert _below("TU") == {"TU", "A", "A.2", "C.1", "D", "X", "Y", "Z"}
    assert Organisation.objects.get(code="A").style(dt.date(2022, 7, 1)).name == "Đảng bộ phường Một Hai"
    again = door({"To chuc": CITY, "Sap xep": REFORM})
    assert said(again) == []
    assert counts(again, "Sap xep") == (0, 0, len(REFORM), 0)


def _later(row, years):
    day, month, year = row[0].split("/")
    return (f"{day}/{month}/{int(year) + years}", *row[1:])


def test_a_reform_of_days_to_come_waits_whole_and_is_then_as_if_it_had_been_written_down_that_day(door):
    ahead = [_later(row, 5) for row in REFORM]
    with forgotten():
        assert said(door({"To chuc": CITY, "Sap xep": ahead}, today=dt.date(2030, 1, 1))) == []
        wanted = _state()
    report = door({"To chuc": CITY, "Sap xep": ahead})
    assert said(report) == []
    assert counts(report, "Sap xep") == (len(REFORM), 0, 0, 0)
    assert not Operation.objects.exists()
    assert counts(door({"Sap xep": ahead}), "Sap xep") == (0, 0, len(REFORM), 0)
    assert counts(door({"Sap xep": list(export_operations())}), "Sap xep") == (0, 0, len(REFORM), 0)
    changed = said(door({"Sap xep": [(ahead[1][0], "sáp nhập", "C", "B"), *ahead[2:]]}))
    assert [line.split(":")[0] for line in changed] == ["Sap xep!B2"]
    rows = carry_out(today=dt.date(2030, 1, 1))
    assert [row.problem for row in rows] == [""] * len(REFORM)
    assert _state() == wanted


def test_first_states_and_operations_come_back_as_they_went_out(door):
    with forgotten():
        door({"To chuc": CITY, "Sap xep": REFORM})
        held = _state()
        out = {"To chuc": list(export_foundings()), "Sap xep": list(export_operations())}
        known = door(out)
        assert said(known) == []
        assert counts(known, "Sap xep") == (0, 0, len(out["Sap xep"]), 0)
    assert not Organisation.objects.exists()
    assert said(door(out)) == []
    assert _state() == held


@pytest.mark.parametrize("into", [("A", "N"), ("N", "B2")], ids=["stands on", "ends"])
@pytest.mark.parametrize("day", [dt.date(2024, 7, 1), dt.date(2029, 7, 1)], ids=["done", "waits"])
def test_a_committee_that_shared_out_its_branches_comes_back_as_it_went_out(door, into, day):
    """Who goes where is told as moves of that day; on a later sheet they say nothing new."""
    committee = Kind.objects.get(code="base_committee")
    founding = reorganise.Founding("N", "Đảng bộ phường Mới", committee, None, "TU", day, "06-QĐ")
    units = {"A.1": into[0], "A.2": into[1]}
    paper = {"decision_number": "06-QĐ", "posts": {}}
    works = [
        reorganise.Merging("A.3", day, "A.1", **paper),
        reorganise.Splitting("A", day, into, (founding,), units=units, **paper),
    ]
    with forgotten():
        committee_and_branch = [
            ("B2", "Đảng bộ phường Hai", "TU", "đảng bộ cơ sở"),
            ("A.3", "Chi bộ khu phố 3", "A", "chi bộ"),
        ]
        door({"To chuc": [*CITY, *committee_and_branch]})
        for item in works:
            _write(item)
        out = {"To chuc": list(export_foundings()), "Sap xep": list(export_operations())}
        known = door(out)
        assert said(known) == []
        assert counts(known, "Sap xep") == (0, 0, len(out["Sap xep"]), 0)
        carry_out(today=day)
        held = _state()
    assert said(door(out)) == []
    assert [row.problem for row in carry_out(today=day) if row.problem] == []
    assert _state() == held
    goes_to = dict(Place.objects.on(day).values_list("organisation__code", "parent__code"))
    assert (goes_to["A.1"], goes_to["A.2"]) == into


def _write(item):
    if item.day > TODAY:
        postpone([Postponement(item, Organisation.objects.get(code=item.code))], actor=None, today=TODAY)
    else:
        perform(item, actor=None, today=TODAY)


def test_posts_that_end_with_a_unit_are_told(door):
    door.city()
    branch = Organisation.objects.get(code="A.1")
    a_user("branch", branch, office="secretary")
    report = door({"Sap xep": [("15/05/2024", "giải thể", "A.1", "A.2")]})
    (sheet,) = (tally for tally in report.tallies if tally.sheet == "Sap xep")
    assert [note for note in sheet.notes if note.startswith("chức vụ kết thúc")] == [
        "chức vụ kết thúc cùng tổ chức; bổ nhiệm lại ở trang «Chức vụ» của tổ chức mới: 1"
    ]
    assert not Post.objects.filter(organisation=branch, to_day=None).exists()
