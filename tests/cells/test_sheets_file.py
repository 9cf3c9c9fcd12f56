"""The file at the door: what is no usable workbook, and what a usable one may look like."""

import unicodedata
import zipfile

import openpyxl
import pytest
import xlsxwriter

from cells.organisations.models import Organisation
from cells.sheets.container import UnusableFile
from cells.sheets.load import import_workbook
from tests import workbooks
from tests.workbooks import CITY, TODAY, counts, said

pytestmark = pytest.mark.django_db

ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le")
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="To chuc" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


@pytest.fixture
def door(tmp_path):
    return workbooks.Door(tmp_path)


def _archive(path, workbook=WORKBOOK, sheet=b"<worksheet/>"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", workbook)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def _half(path):
    workbooks.write(path, {"To chuc": CITY})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _damaged(path):
    """One byte of the packed sheet is another."""
    _archive(path, sheet=b"<worksheet>" + bytes(range(32, 127)) * 50 + b"</worksheet>")
    data = bytearray(path.read_bytes())
    data[data.find(b"sheet1.xml") + 40] ^= 0xFF
    path.write_bytes(bytes(data))


def _lying(path):
    """A part that only Excel would read unpacks to more than the archive says."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + b" " * 40_000_000 + b"</sst>")
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "Không có tệp"),
        (lambda path: path.write_bytes(b""), "rỗng"),
        (lambda path: path.write_text("Họ và tên;Ngày sinh"), "không phải là Excel .xlsx"),
        (lambda path: path.write_bytes(ENCRYPTED), "mật khẩu"),
        (lambda path: path.write_bytes(ENCRYPTED[:600]), ".xls"),
        (_half, "cắt dở"),
        (_damaged, "hỏng"),
        (lambda path: zipfile.ZipFile(path, "w").writestr("word/document.xml", "x"), "không phải là Excel .xlsx"),
        (lambda path: workbooks.write(path, {"Bảng khác": [["a"]]}, headers=False), "To chuc"),
        (lambda path: _archive(path, sheet=b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>"), "quá lớn"),
        (_lying, "hỏng"),
        (lambda path: _archive(path, workbook="<!DOCTYPE x [<!ENTITY a 'b'>]>" + WORKBOOK), "hỏng"),
        (lambda path: _archive(path, sheet=b"<worksheet><sheetData><row><c r='A1'><v>1</"), "hỏng"),
    ],
    ids=[
        "absent", "empty", "text", "encrypted", "old xls", "cut in half", "damaged", "a Word file", "no known sheet",
        "zip bomb", "zip bomb that lies", "XML entities", "broken XML",
    ],
)  # fmt: skip
def test_an_unusable_file_is_refused_with_the_reason(tmp_path, make, message):
    path = tmp_path / "file.xlsx"
    archive = make(path)
    if isinstance(archive, zipfile.ZipFile):
        archive.close()
    with pytest.raises(UnusableFile, match=message):
        import_workbook(path, actor=None, today=TODAY)


def test_more_rows_than_the_limit_are_refused(door, settings):
    settings.SHEET_ROW_LIMIT = len(CITY)  # the header is a row too
    with pytest.raises(UnusableFile, match=f"hơn {len(CITY)} dòng"):
        door({"To chuc": CITY})
    assert not Organisation.objects.exists()


def test_titles_merged_headers_counters_and_totals_are_seen_through(door):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "TỔ CHỨC"
    page.append(["THÀNH ỦY VÍ DỤ"])
    page.append(["Kết nạp năm 2024"])
    page.append([])
    page.append(["STT", "MÃ  TO CHUC (*)", "Thông tin", None, None, "Ghi chú riêng"])
    page.append([None, None, "Tên tổ chức", "Loại tổ chức", "Mã cấp trên"])
    page.merge_cells("C4:E4")
    page.merge_cells("B4:B5")
    page.append(["(1)", "(2)", "(3)", "(4)", "(5)"])
    for number, row in enumerate(CITY, 1):
        page.append([number, row[0], row[1], row[3], row[2], "bỏ qua"])
        page.append([])
    page.append(["Tổng cộng", 5])
    page.append(["Người lập biểu"])
    book.save(door.path)
    report = import_workbook(door.path, actor=None, today=TODAY)
    assert said(report) == []
    assert counts(report, "To chuc") == (5, 0, 0, 0)


@pytest.mark.parametrize(
    "total", [("Tổng số: 5 tổ chức",), ("TỔNG CỘNG (5 đơn vị)",), ("Cộng chung", None, 5), (None, "Tổng số tổ chức", 5)]
)
def test_every_wording_of_a_total_ends_the_data(door, total):
    report = door({"To chuc": [*CITY, total, ("Người lập biểu",)]})
    assert said(report) == []
    assert counts(report, "To chuc") == (5, 0, 0, 0)


def test_a_unit_whose_name_begins_like_a_total_is_no_total(door):
    report = door({"To chuc": [*CITY, (None, "Tổng công ty Than", "TU", "chi bộ cơ sở")]})
    assert said(report) == ["To chuc!A7: Còn trống: ghi mã tổ chức."]


def test_an_unknown_column_is_named_once(door):
    report = door({"To chuc": [(*workbooks.TO_CHUC, "Thủ trưởng"), *CITY]}, headers=False)
    assert [note for tally in report.tallies for note in tally.notes] == ["bỏ qua cột không biết: «Thủ trưởng»"]
    assert report.written


def test_a_lacking_or_doubled_column_is_named_and_nothing_is_written(door):
    header = list(workbooks.TO_CHUC)
    lacking = door({"To chuc": [header[:3], ["TU", "Thành ủy", None]]}, headers=False)
    doubled = door({"To chuc": [[*header, "ten to chuc"], *CITY]}, headers=False)
    assert said(lacking) == ["To chuc!A1: Thiếu cột «Loại tổ chức»; thêm cột rồi nhập lại."]
    assert said(doubled) == ["To chuc!I1: Cột này có hai lần; bỏ bớt một cột."]
    assert not Organisation.objects.exists()


def test_a_formula_counts_by_its_cached_value_and_without_one_is_an_error(door):
    book = xlsxwriter.Workbook(door.path)
    page = book.add_worksheet("To chuc")
    page.write_row(0, 0, workbooks.TO_CHUC)
    page.write_row(1, 0, ["TU", "Thành ủy", "", "đảng bộ thành phố"])
    page.write_formula("B2", '="Thành "&"ủy"', None, "Thành ủy Ví Dụ")
    page.write_formula("G2", "=1/0", None, "#DIV/0!")
    book.close()
    assert said(import_workbook(door.path, actor=None, today=TODAY)) == [
        "To chuc!G2: Công thức cho kết quả lỗi (như #N/A, #REF!); sửa công thức hoặc ghi thẳng giá trị."
    ]
    plain = door({"To chuc": [("TU", '="Thành ủy"', None, "đảng bộ thành phố")]})
    assert said(plain)[0].startswith("To chuc!B2: Công thức chưa có kết quả")


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x7f"])
def test_control_characters_are_refused_at_their_cell(door, character):
    book = xlsxwriter.Workbook(door.path)
    page = book.add_worksheet("To chuc")
    page.write_row(0, 0, workbooks.TO_CHUC)
    page.write_row(1, 0, ["TU", f"Thành{character} ủy", "", "đảng bộ thành phố"])
    book.close()
    assert said(import_workbook(door.path, actor=None, today=TODAY)) == [
        "To chuc!B2: «Thành ủy»: Có ký tự điều khiển không nhìn thấy; xóa ô và gõ lại."
    ]


def test_text_is_stored_composed_and_codes_keep_their_zeros(door):
    name = "Đảng bộ phường Hoà"
    door({"To chuc": [("007", unicodedata.normalize("NFD", name), None, "đảng bộ thành phố")]})
    unit = Organisation.objects.get(code="007")
    assert unit.style(TODAY).name == unicodedata.normalize("NFC", name)


def test_a_cell_far_away_does_not_make_the_reader_fill_the_sheet(door):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "To chuc"
    page.append(workbooks.TO_CHUC)
    for row in CITY:
        page.append(row)
    page["XFD70000"] = "xa"
    page["B3"] = "_x0001_"
    book.save(door.path)
    report = import_workbook(door.path, actor=None, today=TODAY)
    assert said(report)[0].startswith("To chuc!B3: ")
    page["B3"] = CITY[1][1]
    book.save(door.path)
    assert counts(import_workbook(door.path, actor=None, today=TODAY), "To chuc") == (5, 0, 0, 0)


def test_macros_are_ignored_and_said_once(door):
    workbooks.write(door.path, {"To chuc": CITY})
    with zipfile.ZipFile(door.path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    report = import_workbook(door.path, actor=None, today=TODAY)
    assert report.notes == ["Tệp có macro; macro không được chạy và không được dùng."]
    assert report.written
