"""Sample data for `components/gallery.html`, the page that shows every component once.

Invented people and figures; nothing here reads the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

from cells.charts import Bar, Point, Series, bar_chart, line_chart
from cells.people.heads import Heads

TODAY = date(2024, 10, 15)
HERE = "#main"


@dataclass(frozen=True)
class Step:
    """A unit of the path."""

    name: str

    def get_absolute_url(self) -> str:
        return HERE


class SampleForm(forms.Form):
    """The kinds of field the product uses; the sample leaves two of them wrong."""

    version = forms.CharField(widget=forms.HiddenInput, initial="1")
    name = forms.CharField(label="Họ và tên")
    born = forms.DateField(
        label="Ngày sinh",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Nếu chỉ biết năm, ghi ngày 1 tháng 1 và chọn “chỉ biết năm”.",
    )
    only_year = forms.BooleanField(label="Chỉ biết năm sinh", required=False)
    body = forms.ChoiceField(
        label="Tổ chức giới thiệu",
        choices=[("", "Chọn một tổ chức"), ("doan", "Đoàn Thanh niên"), ("cd", "Công đoàn")],
    )
    sex = forms.ChoiceField(label="Giới tính", widget=forms.RadioSelect, choices=[("f", "Nữ"), ("m", "Nam")])
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea(attrs={"rows": 3}), required=False)


class SampleFilter(forms.Form):
    """A filter bar's fields."""

    state = forms.ChoiceField(label="Tình trạng", choices=[("", "Tất cả"), ("behind", "Chậm")], required=False)
    sector = forms.ChoiceField(
        label="Loại hình", choices=[("", "Tất cả"), ("kp", "Thôn, khu phố"), ("tn", "Kinh tế tư nhân")], required=False
    )
    words = forms.CharField(label="Tên tổ chức", required=False)


def sample() -> dict[str, Any]:
    """The context of the gallery: the frame's variables and one value for each component."""
    wrong = SampleForm({"version": "1", "name": "", "born": "", "body": "doan", "sex": "f"}, auto_id="wrong_%s")
    return (
        _frame()
        | _figures()
        | _case()
        | {
            "form": wrong,
            "filter_form": SampleFilter(auto_id="filter_%s"),
            "page_of_many": _page_of_many(),
            "columns": [
                {"label": "Tổ chức", "sort": "name"},
                {"label": "Đầu năm", "sort": "base", "number": True},
                {"label": "Chỉ tiêu", "sort": "quota", "number": True},
                {"label": "Đã kết nạp", "sort": "admitted", "number": True},
                {"label": "Tỷ lệ", "sort": "rate", "number": True},
                {"label": "Còn thiếu", "sort": "needed", "number": True},
                {"label": "Tình trạng"},
            ],
            "units": _units(),
        }
    )


def _frame() -> dict[str, Any]:
    labels = [("Việc cần làm", "tasks"), ("Hồ sơ", "folder"), ("Chi bộ", "people"), ("Báo cáo", "report")]
    more = [("Nhập tệp Excel", "upload"), ("Chỉ tiêu", "check")]
    return {
        "office": "Ban Tổ chức Thành ủy",
        "today": TODAY,
        "day_is_moved": True,
        "can_choose_day": True,
        "reader_name": "Nguyễn Thị Minh",
        "reader_post": "Chuyên viên Ban Tổ chức",
        "idle_seconds": 1800,
        "path": [Step("Thành phố"), Step("Đảng bộ phường Bình An"), Step("Chi bộ khu phố 3")],
        "menu": [
            {"label": label, "icon": icon, "url": HERE, "active": i == 0}
            for i, (label, icon) in enumerate(labels + more)
        ],
        "heads": Heads("Trần Văn Hòa", ("Lê Thị Thu", "Ngô Đức An"), phone="0200 000 001"),
        "tabs": [
            {"label": label, "url": HERE, "active": i == 0}
            for i, label in enumerate(["Tổng quan", "Chi bộ", "Chỉ tiêu", "Sinh hoạt", "Lịch sử"])
        ],
    }


def _figures() -> dict[str, Any]:
    bare = {"target": None, "state": None}
    rates = [(2020, "2,21"), (2021, "2,35"), (2022, None), (2023, "2,62"), (2024, "3,13")]
    years = [
        Point(str(year), None if text is None else Fraction(text.replace(",", ".")), text or "", HERE)
        for year, text in rates
    ]
    done = [4, 11, 30, 52, 71, 96, 120, 141, 190, 230, None, None]
    months = [str(month) for month in range(1, 13)]
    now = [
        Point(month, value, "" if value is None or i != 9 else str(value))
        for i, (month, value) in enumerate(zip(months, done, strict=True))
    ]
    even = [Point(month, Fraction(280 * (i + 1), 12), str(round(280 * (i + 1) / 12))) for i, month in enumerate(months)]
    return {
        "tiles": [
            {
                "label": "Tỷ lệ kết nạp",
                "value": "3,13%",
                "target": "của 3,50%",
                "url": HERE,
                "state": "behind",
                "sentence": "còn thiếu 30 người",
            },
            {
                "label": "Chỉ tiêu kết nạp",
                "value": "247",
                "target": "của 280",
                "url": HERE,
                "state": "on_track",
                "sentence": "88,21% chỉ tiêu năm",
            },
            {"label": "Chờ quyết định", "value": "12", "url": HERE, "sentence": "hồ sơ lâu nhất: 41 ngày"} | bare,
            {"label": "Quá hạn", "value": "3", "url": HERE, "sentence": "ở 2 đảng bộ cơ sở"} | bare,
        ],
        "strip": [
            {"label": "chỉ tiêu", "value": "2", "url": HERE},
            {"label": "đã kết nạp", "value": "1", "url": HERE},
            {"label": "còn", "value": "1", "url": HERE},
        ],
        "rate_chart": line_chart([Series("Tỷ lệ (%)", years)], target=Fraction(7, 2), target_text="mức 3,50%"),
        "pace_chart": line_chart([Series("Năm nay", now), Series("Đều từng tháng", even, "even")], whole=True),
        "funnel": bar_chart(
            [
                Bar("Quần chúng ưu tú", 412, "412", HERE),
                Bar("Cảm tình Đảng", 361, "361", HERE, "51 người rút"),
                Bar("Đã học lớp nhận thức", 298, "298", HERE, "63 người chờ lớp"),
                Bar("Đã kết nạp", 247, "247", HERE),
                Bar("Chi bộ chưa gửi số liệu", None, ""),
            ],
            target=280,
            target_text="vạch: chỉ tiêu 280",
        ),
    }


def _case() -> dict[str, Any]:
    names = ["Quần chúng ưu tú", "Cảm tình Đảng", "Lớp nhận thức", "Hồ sơ", "Chi bộ", "Cấp trên", "Lễ kết nạp"]
    days = [date(2023, 11, 5), date(2024, 1, 12), None, date(2024, 8, 20), date(2024, 10, 3)]
    states = ["done", "done", "done", "done", "current", "ahead", "ahead"]
    return {
        "stages": [
            {"name": name, "day": days[i] if i < len(days) else None, "state": states[i]}
            for i, name in enumerate(names)
        ],
        "board": [
            {"name": name, "count": 2 - i % 3, "url": HERE, "people": _people(2 - i % 3)}
            for i, name in enumerate(names)
        ],
        "tasks": [
            {
                "person": "Phạm Quốc Đạt",
                "unit": "Chi bộ khu phố 3",
                "person_url": HERE,
                "url": HERE,
                "what": "Ghi nghị quyết chi bộ về việc xét kết nạp.",
                "deed": "Ghi nghị quyết chi bộ",
                "days_left": 12,
                "deadline": date(2024, 10, 27),
            },
            {
                "person": "Hoàng Thị Yến",
                "unit": "Chi bộ khu phố 3",
                "person_url": HERE,
                "url": HERE,
                "what": "Nộp giấy chứng nhận lớp nhận thức về Đảng.",
                "deed": "Ghi giấy chứng nhận",
                "days_left": -3,
                "deadline": date(2024, 10, 12),
            },
            {
                "person": "Đỗ Minh Châu",
                "what": "Tổ chức lễ kết nạp.",
                "deed": "Ghi lễ kết nạp",
                "url": HERE,
                "days_left": None,
            },
        ],
        "events": [
            {
                "day": date(2024, 10, 3),
                "title": "Chi bộ ra nghị quyết đề nghị kết nạp",
                "text": "Số 12-NQ/CB.",
                "who": "Trần Văn Hòa, bí thư chi bộ",
                "url": HERE,
            },
            {"day": date(2024, 8, 20), "title": "Đủ hồ sơ", "who": "Lê Thị Thu, phó bí thư"},
            {"day": date(2023, 11, 5), "title": "Được giới thiệu là quần chúng ưu tú"},
        ],
        "facts": [
            {"name": "Ngày sinh", "value": "05/03/1999 (25 tuổi)"},
            {"name": "Nơi sinh hoạt", "value": "Chi bộ khu phố 3", "url": HERE},
            {"name": "Người giúp đỡ", "value": ""},
        ],
        "papers": [
            {"text": "Đơn xin vào Đảng", "done": True},
            {"text": "Lý lịch của người xin vào Đảng", "done": True},
            {"text": "Giấy chứng nhận lớp nhận thức", "done": False, "url": HERE},
        ],
    }


def _people(count: int) -> list[dict[str, Any]]:
    people = [
        {"name": "Vũ Thị Hạnh", "url": HERE, "note": "từ 12/01/2024", "state": "behind"},
        {"name": "Bùi Đức Anh", "url": HERE, "note": "từ 03/10/2024"},
    ]
    return people[:count]


def _units() -> list[dict[str, Any]]:
    rows = [
        (
            "Đảng bộ phường Bình An",
            Heads("Trần Văn Hòa", in_charge=("Lê Thị Thu",), phone="0200 000 001"),
            "1.204",
            "43",
            "39",
            "3,24%",
            "4",
            "on_track",
        ),
        ("Đảng bộ xã Tân Phú", Heads("Lê Thị Thu"), "486", "17", "18", "3,70%", "0", "met"),
        ("Chi bộ Công ty Sao Mai", Heads(phone="0200 000 003"), "32", "2", "0", "0,00%", "2", "behind"),
        ("Đảng bộ Bệnh viện khu vực", Heads("Đinh Thị Lan"), "–", "9", "6", "–", "–", "no_data"),
    ]
    keys = ("name", "heads", "base", "quota", "admitted", "rate", "needed", "state")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _page_of_many() -> Page[int]:
    return Paginator(range(304), 25).page(4)
