"""Pages that explain: rules of a day, glossary, empty sheets."""

import io

import openpyxl
import pytest
from django.urls import reverse

from cells.rules.catalogue import KEYS
from cells.rules.models import Rule
from tests.factories import a_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    """Somebody without any post: these pages are for everybody signed in."""
    client.force_login(a_user())
    return client


def test_every_rule_is_told_with_its_source(reader):
    page = text_of(reader.get(reverse("rules")))
    for key in KEYS.values():
        assert key.title in page
    assert "Thời gian dự bị: 12 tháng" in page
    assert "Kết nạp được tính vào ngày: ngày quyết định kết nạp" in page
    assert "cần xác nhận" in page
    assert "áp dụng từ 30/07/2021" in page
    assert "Từ 20/01/2025: 12 tháng" in page
    assert "10/01/2026: đi làm, làm bù ngày 02/01/2026 (Văn bản số 12729/VPCP-KGVX" in page


@pytest.mark.parametrize(
    ("day", "document"),
    [
        ("2020-01-01", "Quy định số 29-QĐ/TW"),
        ("2024-10-15", "Quy định số 24-QĐ/TW"),
        ("2025-02-01", "Quy định số 232-QĐ/TW"),
        ("nonsense", "Quy định số 24-QĐ/TW"),
    ],
)
def test_rules_of_another_day(reader, day, document):
    shown = reader.get(reverse("rules"), {"on": day}).context["shown"]
    assert document in next(one["rule"].document for one in shown if one["rule"].key == "probation_months")


def test_a_rule_that_is_missing_on_the_day_is_said(reader):
    Rule.objects.filter(key="fostering_counts").delete()
    assert "chưa có quy định cho các mục dưới đây" in text_of(reader.get(reverse("rules")))


def test_the_glossary_explains_the_words_of_the_screens(reader):
    page = text_of(reader.get(reverse("glossary")))
    for word in ("Cảm tình Đảng", "Số đảng viên đầu năm", "Hết nguồn".lower(), "Chưa báo cáo", "Nhập thay"):
        assert word in page


def test_each_sheet_is_explained_and_can_be_had_empty(reader):
    page = reader.get(reverse("sheet_templates"))
    shown = [one["slug"] for one in page.context["sheets"]]
    assert shown == ["to-chuc", "sap-xep", "so-lieu-dau-nam", "chi-tieu", "ket-qua", "dang-vien", "quan-chung"]
    for slug in shown:
        book = _book(reader.get(reverse("sheet_template", args=[slug])))
        assert slug.replace("-", " ") == book.sheetnames[0].lower()
        assert "*" in "".join(str(cell.value) for cell in book.worksheets[0][1])


def test_all_sheets_in_one_workbook(reader):
    answer = reader.get(reverse("sheet_template", args=["tat-ca"]))
    assert answer["Content-Disposition"] == 'attachment; filename="mau-tat-ca.xlsx"'
    assert len(_book(answer).sheetnames) >= 7


def test_a_sheet_that_is_none(reader):
    assert reader.get(reverse("sheet_template", args=["khong-co"])).status_code == 404


@pytest.mark.parametrize("name", ["rules", "glossary", "sheet_templates", "programmes"])
def test_nobody_reads_without_signing_in(client, name):
    assert client.get(reverse(name)).status_code == 302


def _book(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.content))
