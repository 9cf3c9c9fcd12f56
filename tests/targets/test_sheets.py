"""Sheets `So lieu dau nam`, `Chi tieu`, `Ket qua`, and what goes out coming back in."""

import datetime as dt

import pytest
from django.db import transaction

from cells.sheets.load import import_workbook
from cells.sheets.sheet import sheets
from cells.sheets.write import export_rows, write_template, write_workbook
from targets.models import Base, DeclaredResult, Quota, Sources
from tests import workbooks
from tests.workbooks import CITY, TODAY, counts, said

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def door(tmp_path):
    door = workbooks.Door(tmp_path)
    door.city()
    return door


def test_bases_come_in_once_and_never_move(door):
    rows = [("TU", 2024, "7.894"), ("A", "2024", 50.0, 45, 5, 20)]
    assert counts(door({"So lieu dau nam": rows}), "So lieu dau nam") == (2, 0, 0, 0)
    assert counts(door({"So lieu dau nam": rows}), "So lieu dau nam") == (0, 0, 2, 0)
    moved = said(door({"So lieu dau nam": [("TU", 2024, 7895)]}))
    assert len(moved) == 1
    assert moved[0].startswith("So lieu dau nam!C2: ")
    assert "7895" in moved[0]
    assert "Số đầu năm đã chốt: «7894»; dùng chức năng đính chính." in moved[0]
    assert set(Base.objects.values_list("total", flat=True)) == {7894, 50}


@pytest.mark.parametrize(
    ("sheet", "row", "cell", "words"),
    [
        ("So lieu dau nam", ("A", 2024, 50, 45, 6), "C2", "không bằng tổng"),
        ("So lieu dau nam", ("A", 2024, -5), "C2", "số âm"),
        ("So lieu dau nam", ("A", 2024, 10**9), "C2", "quá lớn"),
        ("So lieu dau nam", ("A", 2024, "nhiều"), "C2", "nhiều"),
        ("So lieu dau nam", ("A", 2024, 12.5), "C2", "12.5"),
        ("So lieu dau nam", ("A", 2024, 50, None, None, 51), "F2", "51"),
        ("So lieu dau nam", ("A", 2025, 50), "B2", "2025"),
        ("So lieu dau nam", ("A", 24, 50), "B2", "24"),
        ("So lieu dau nam", ("KHONG", 2024, 50), "A2", "KHONG"),
        ("Chi tieu", ("A", 2024, "4 người"), "C2", "4 người"),
        ("Chi tieu", ("A", 2024), "C2", "ghi chỉ tiêu"),
        ("Chi tieu", ("A", 2024, 4, 6, "có lẽ"), "E2", "có lẽ"),
        ("Chi tieu", ("A", 2024, 4, 6, "Không"), "F2", "lý do hết nguồn"),
        ("Chi tieu", ("A", 2024, 4, 6, None, None, None, "01/01/2025"), "H2", "01/01/2025"),
        ("Ket qua", ("A", 2024, 13, 1), "C2", "13"),
        ("Ket qua", ("A", 2024, 11, 1), "C2", "chưa đến"),
        ("Ket qua", ("A", 2024, None), "A2", "không có số nào"),
        ("Ket qua", ("A", 2024, 3, 1.5), "D2", "1.5"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_at_its_cell(door, sheet, row, cell, words):
    report = door({sheet: [row]})
    assert len(said(report)) == 1
    assert said(report)[0].startswith(f"{sheet}!{cell}: ")
    assert words.lower() in said(report)[0].lower()
    assert not report.written


def test_an_import_over_an_issued_quota_makes_an_adjusted_version(door):
    door({"Chi tieu": [("A", 2024, 4, 6, "Có", None, "12-QĐ", "05/01/2024")]})
    assert counts(door({"Chi tieu": [("A", 2024, 4, 6, "Có", None, "12-QĐ", "05/01/2024")]}), "Chi tieu") == (
        0,
        0,
        1,
        0,
    )
    adjusted = ("A", 2024, 3, None, "Không", "đã kết nạp hết", "31-QĐ", "01/07/2024", "thiếu nguồn")
    assert counts(door({"Chi tieu": [adjusted]}), "Chi tieu") == (0, 1, 0, 0)
    assert list(Quota.objects.order_by("issue__number").values_list("admission", "fostering", "in_force")) == [
        (4, 6, False),
        (3, 6, True),
    ]
    assert list(Sources.objects.in_force().values_list("has_sources", flat=True)) == [False]


def test_a_row_of_results_replaces_what_is_there_and_empty_is_not_zero(door):
    door({"Ket qua": [("A", 2023, None, 3, None, 5)]})
    assert counts(door({"Ket qua": [("A", 2023, None, 4, 0, None)]}), "Ket qua") == (0, 1, 0, 0)
    row = DeclaredResult.objects.get()
    assert (row.admitted, row.readmitted, row.fostered, row.deceased) == (4, 0, None, None)


def test_months_and_the_years_row_must_agree(door):
    report = door({"Ket qua": [("A", 2023, None, 3), ("A", 2023, 1, 2), ("A", 2023, 2, 2)]})
    assert any("hai số phải khớp" in line for line in said(report))
    assert not DeclaredResult.objects.exists()


@pytest.mark.parametrize("sheet", ["So lieu dau nam", "Chi tieu", "Ket qua"])
def test_two_rows_of_one_unit_and_period_are_refused(door, sheet):
    report = door({sheet: [("A", 2023, 3, 2), ("A", 2023, 3, 2)]})
    assert said(report) == [
        f"{sheet}!A2: «A»: Trùng với dòng 3; giữ lại một dòng.",
        f"{sheet}!A3: «A»: Trùng với dòng 2; giữ lại một dòng.",
    ]


HISTORY = {
    "To chuc": [*CITY, ("D", "-chi bộ @", "TU", "chi bộ cơ sở", "trường học", "05/06/2018", "9-QĐ")],
    "Sap xep": [
        ("01/07/2021", "tiếp nhận", "C", "TU", "Chi bộ C", "chi bộ cơ sở", "y tế", "8-QĐ"),
        ("01/07/2022", "chuyển ra", "A.2", "Tỉnh bạn"),
    ],
    "So lieu dau nam": [("TU", 2024, 100, 95, 5, 40), ("A", 2024, 50)],
    "Chi tieu": [("A", 2024, 4, 6, "Không", "hết người", "12-QĐ", "05/01/2024"), ("B", 2024, None, None, "Có")],
    "Ket qua": [("A", 2023, None, 3, 0, 5, 1, 2, 3), ("B", 2023, 4, 1)],
    "Dang vien": [
        (
            "@Lê Văn Công",
            "1960",
            "Nam",
            "Kinh",
            "Không",
            "A.1",
            "01/02/1990",
            "05/02/1990",
            None,
            "chuyển đi",
            "01/06/1990",
            "D",
        ),
        (
            "@Lê Văn Công",
            "1960",
            "Nam",
            "Kinh",
            "Không",
            "D",
            "01/02/1990",
            "05/02/1990",
            "05/02/1991",
            "xóa tên",
            "01/01/2000",
        ),
        (
            "@Lê Văn Công",
            "1960",
            "Nam",
            "Kinh",
            "Không",
            "B",
            "01/02/2010",
            "05/02/2010",
            "05/02/2011",
            "miễn sinh hoạt",
            "05/03/2020",
        ),
        ("Trần Thị Dự", "05/1999", "Nữ", "Tày", None, "A.1", "01/02/2024", "05/02/2024", None, "dự bị"),
        (
            "Trần Thị Ra",
            "05/05/1999",
            "Nữ",
            None,
            None,
            "A.1",
            "01/02/2020",
            None,
            None,
            "chuyển đi",
            "01/02/2021",
            "Tỉnh bạn",
        ),
    ],
    "Quan chung": [
        (
            "Trần Thị Dự",
            "05/1999",
            "Nữ",
            "Tày",
            None,
            "A.1",
            "01/02/2022",
            "Đoàn",
            "sinh viên",
            "ĐH",
            "GV",
            "đảng viên dự bị",
            "05/02/2024",
        ),
        (
            "Hà Mới",
            "2001",
            None,
            None,
            None,
            "B",
            "01/02/2024",
            None,
            "công nhân; đoàn viên",
            None,
            None,
            None,
            None,
            "77",
            "01/03/2024",
            "Ông A",
            "Bà B",
            "Bà C",
        ),
        (
            "Hà Mới",
            "2001",
            None,
            None,
            None,
            "A.1",
            "01/02/2021",
            None,
            None,
            None,
            None,
            "dừng theo dõi",
            "01/03/2022",
        ),
        (
            "Hà Quyết",
            "2001",
            "Nam",
            None,
            None,
            "B",
            "01/02/2023",
            None,
            None,
            None,
            None,
            "đã có quyết định",
            "01/10/2024",
        ),
    ],
}


def _out():
    return {name: [tuple(row) for row in rows] for name, rows in export_rows().items()}


def test_what_goes_out_comes_back_in_as_the_same(tmp_path):
    first = workbooks.write(tmp_path / "first.xlsx", HISTORY)
    with transaction.atomic():
        assert said(import_workbook(first, actor=None, today=TODAY)) == []
        told = _out()
        write_workbook(tmp_path / "out.xlsx", told)
        again = import_workbook(tmp_path / "out.xlsx", actor=None, today=TODAY)
        assert [str(tally).split(", ")[:2] for tally in again.tallies] == [["0 mới", "0 thay đổi"]] * 7
        transaction.set_rollback(True)
    assert not Base.objects.exists()
    assert said(import_workbook(tmp_path / "out.xlsx", actor=None, today=TODAY)) == []
    assert _out() == told
    assert {name: len(rows) for name, rows in told.items()} == {
        "To chuc": 6, "Sap xep": 2, "So lieu dau nam": 2, "Chi tieu": 2, "Ket qua": 2, "Dang vien": 6, "Quan chung": 4,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "+84", "-5", "@SUM(A1)", "{=1}", "0012", "1/2"])
def test_text_that_looks_like_something_else_stays_text(tmp_path, name):
    write_workbook(tmp_path / "out.xlsx", {"To chuc": [("TU", name, "", "đảng bộ thành phố")]})
    assert said(import_workbook(tmp_path / "out.xlsx", actor=None, today=TODAY)) == []
    assert next(iter(export_rows(["To chuc"])["To chuc"]))[1] == name


def test_empty_templates_come_back_in_and_offer_what_the_product_knows(tmp_path):
    write_template(tmp_path / "mau.xlsx", [sheet.name for sheet in sheets()], day=TODAY)
    report = import_workbook(tmp_path / "mau.xlsx", actor=None, today=TODAY)
    assert (said(report), report.notes) == ([], [])
    assert len(report.tallies) == 7
    assert all(
        str(tally) == "0 mới, 0 thay đổi, 0 không đổi, 0 bị từ chối" and not tally.notes for tally in report.tallies
    )


def test_the_examples_of_the_templates_can_be_read(tmp_path):
    """A row of the examples, in every sheet, is understood cell by cell."""
    examples = {sheet.name: [[column.example for column in sheet.columns]] for sheet in sheets()}
    write_workbook(tmp_path / "vi-du.xlsx", examples)
    complaints = said(import_workbook(tmp_path / "vi-du.xlsx", actor=None, today=dt.date(2026, 1, 1)))
    assert all("Không có tổ chức mã" in line or "cao nhất" in line for line in complaints), complaints
