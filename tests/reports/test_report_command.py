"""`manage.py report` keeps the promise of `workbooks.md`, "Commands"."""

import datetime as dt
import io
import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from openpyxl import load_workbook

from targets import enter
from targets.quotas import take_over
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]

COLUMNS = {
    "admission-rate": "code name base base_missing not_reported source quota admitted rate quota_percent required "
    "remaining met quota_met",
    "quota-progress": "code name admission_quota admission_done admission_percent fostering_quota fostering_done "
    "fostering_percent",
    "pace": "code name quota done percent required remaining state ahead_evenly ahead_usually due_evenly due_usually "
    "not_reported",
    "pace-fostering": "code name quota done percent required remaining state ahead_evenly ahead_usually due_evenly "
    "due_usually not_reported",
    "years": "year base admitted rate quota met quota_met",
    "ledger": "code name opening admitted readmitted transferred_in joined transferred_out deceased struck_off "
    "resigned expelled left closing declared_closing residual",
    "worklist": "code name overdue oldest soon running expired next secretary deputy in_charge phone",
    "in-time": "code name quota admitted remaining certain possible too_late at_risk lacking blocked saving secretary "
    "deputy in_charge phone",
    "missed-years": "code name years_missed secretary deputy in_charge phone last_admission reasons",
    "no-admission": "code name quota candidates secretary deputy in_charge phone last_admission reasons",
    "no-candidates": "code name quota admitted secretary deputy in_charge phone last_admission",
    "sources": "code name units declared_out accepted share waiting refused secretary deputy in_charge phone",
    "sector-minimums": "sector branches branches_with_sources admission_met_each admission_met_each_with_sources "
    "admission_average admission_average_with_sources fostering_met_each fostering_met_each_with_sources "
    "fostering_average fostering_average_with_sources not_reported",
    "cohort": "year admitted recognised on_probation struck_off resigned expelled deceased transferred_out "
    "lost_percent",
    "strata": "stratum followed fostered admitted",
    "thresholds": "code name finding members full groups secretary deputy in_charge phone",
    "structure": "code name kind sector parent_code branches members base from founded secretary deputy in_charge "
    "phone",
}
MORE_OF_TOTAL = {
    "admission-rate": set(),
    "quota-progress": {"children_admission_quota", "admission_difference"},
    "pace": {"quotas_below", "quota_difference"},
    "pace-fostering": {"quotas_below", "quota_difference"},
    "years": {"mean_rate", "pooled_rate"},
    "ledger": set(),
    "worklist": set(),
    "in-time": {"units_at_risk"},
    "missed-years": {"units_missed", "units_missed_twice"},
    "no-admission": {"units_without_admission", "units_without_candidates"},
    "no-candidates": {"units_following_nobody"},
    "sector-minimums": set(),
    "cohort": {"lost"},
    "strata": set(),
    "sources": set(),
    "thresholds": {
        f"units_{finding}" for finding in ("cannot_vote", "to_upgrade", "too_small", "to_divide", "divided")
    },
    "structure": set(),
}


@pytest.fixture
def city():
    """TU has 160 members and a quota of 10; DU1 admitted 7 (declared), CS1 two in the register, of a quota of 1."""
    city = factories.a_city(committees=1, branches=1)
    lines = [enter.BaseLine(city.branch, 2024, 121), enter.BaseLine(city.base_branch, 2024, 39)]
    enter.declare_bases(lines, actor=None, today=factories.TODAY)
    quotas = [(city.top, 10), (city.committee, 9), (city.base_branch, 1)]
    take_over.issue_quotas(
        [take_over.QuotaLine(unit, 2024, quota) for unit, quota in quotas], actor=None, today=factories.TODAY
    )
    months = [
        enter.ResultLine(city.branch, 2024, month, {"admitted": 7 if month == 3 else 0}) for month in range(1, 10)
    ]
    enter.declare_results(months, actor=None, today=factories.TODAY)
    for day in (dt.date(2020, 5, 10), dt.date(2024, 3, 31), dt.date(2024, 4, 1)):
        factories.a_member(city.base_branch, decided_on=day)
    return city


def _text(*arguments) -> str:
    out = io.StringIO()
    call_command("report", *arguments, stdout=out)
    return out.getvalue()


def _report(*arguments) -> dict:
    return json.loads(_text(*arguments))


def test_the_json_of_a_rate(city):
    report = _report("admission-rate", "--organisation", "TU", "--year", "2024", "--on", "2024-09-30")
    assert {key: report[key] for key in ("key", "title", "organisation", "from", "to", "on", "scope")} == {
        "key": "admission-rate",
        "title": "Tỷ lệ kết nạp so với đảng viên đầu năm",
        "organisation": "TU",
        "from": "2024-01-01",
        "to": "2024-09-30",
        "on": "2024-09-30",
        "scope": "opening",
    }
    assert report["columns"] == COLUMNS["admission-rate"].split()
    assert report["total"] == {
        "code": "TU",
        "name": "Đảng bộ thành phố",
        "base": 160,
        "base_missing": 0,
        "not_reported": 0,
        "source": "sum",
        "quota": 10,
        "admitted": 9,
        "rate": {"exact": "9/160", "printed": "5,63"},
        "quota_percent": {"exact": "9/10", "printed": "90,00"},
        "required": 6,
        "remaining": 0,
        "met": True,
        "quota_met": False,
    }
    rows = {row["code"]: row for row in report["rows"]}
    assert list(rows) == ["CS1", "DU1"]
    assert rows["DU1"]["rate"] == {"exact": "7/121", "printed": "5,79"}
    assert (rows["DU1"]["required"], rows["DU1"]["met"]) == (None, None)
    assert rows["CS1"]["quota_percent"] == {"exact": "2/1", "printed": "200,00"}


@pytest.mark.parametrize("unit", ["TU", "DU1", "DU1-01", "CS1"])
def test_every_table_has_its_columns_and_plain_values(city, unit):
    for key in COLUMNS:
        report = _report(key, "--organisation", unit, "--year", "2024")
        columns = set(COLUMNS[key].split())
        assert set(report["columns"]) == columns, key
        assert set(report["total"]) == columns | MORE_OF_TOTAL[key], key
        for row in [*report["rows"], report["total"]]:
            assert set(row) >= columns, key
            _plain(row)


def _plain(row):
    for value in row.values():
        if isinstance(value, dict):
            assert set(value) == {"exact", "printed"}
            assert Fraction(value["exact"]) >= 0
        else:
            assert value is None or isinstance(value, bool | int | str)


# the days asked, inclusive; admitted in CS1
SPANS = [
    (("--from", "01/04/2024", "--to", "30/04/2024"), 1),
    (("--from", "2024-03-31", "--to", "2024-03-31"), 1),
    (("--from", "2024-04-01", "--to", "2024-04-01"), 1),
    (("--from", "2024-03-31", "--to", "2024-04-01"), 2),
    (("--from", "2024-04-02", "--to", "2024-10-15"), 0),
    (("--year", "2024", "--on", "2024-03-30"), 0),
    (("--year", "2024", "--on", "2024-03-31"), 1),
    (("--year", "2024"), 2),
    ((), 2),
    (("--year", "2023"), 0),
]


@pytest.mark.parametrize(("span", "admitted"), SPANS)
def test_the_days_are_inclusive(city, span, admitted):
    assert _report("admission-rate", "--organisation", "CS1", *span)["total"]["admitted"] == admitted


def test_today_cuts_and_the_last_day_is_at_most_the_end_of_the_period(city):
    now = _report("admission-rate", "--year", "2024")
    assert (now["organisation"], now["to"], now["on"]) == ("TU", "2024-10-15", "2024-10-15")
    past = _report("admission-rate", "--year", "2023", "--on", "2024-05-05")
    assert (past["to"], past["on"]) == ("2023-12-31", "2023-12-31")


@pytest.mark.parametrize(("rounding", "printed"), [("half-up", "5,63"), ("truncate", "5,62")])
def test_rounding_changes_the_print_only(city, rounding, printed):
    total = _report("admission-rate", "--rounding", rounding, "--year", "2024", "--on", "2024-09-30")["total"]
    assert total["rate"] == {"exact": "9/160", "printed": printed}


def test_quota_progress_tells_the_difference_of_the_children(city):
    total = _report("quota-progress", "--year", "2024")["total"]
    assert (total["children_admission_quota"], total["admission_difference"]) == (10, 0)
    assert (total["fostering_quota"], total["fostering_percent"]) == (None, None)


def test_years_and_ledger_take_several_years(city):
    years = _report("years", "--from", "2022-01-01", "--to", "2024-09-30")
    assert [row["year"] for row in years["rows"]] == [2022, 2023, 2024]
    assert years["total"]["mean_rate"] is years["total"]["pooled_rate"] is None  # 2024 runs
    ledger = _report("ledger", "--organisation", "CS1", "--year", "2024")
    total = ledger["total"]
    assert (total["opening"], total["admitted"], total["closing"], total["declared_closing"]) == (39, 2, 41, None)


def test_the_ledger_sets_the_next_base_beside_its_closing(city):
    for year, base in ((2022, 30), (2023, 31)):
        enter.declare_bases([enter.BaseLine(city.base_branch, year, base)], actor=None, today=factories.TODAY)
    total = _report("ledger", "--organisation", "CS1", "--year", "2022")["total"]
    assert (total["opening"], total["closing"], total["declared_closing"], total["residual"]) == (30, 30, 31, 1)


def test_what_declared_figures_cannot_tell_is_null_with_a_note_that_names_the_units(city):
    report = _report("ledger", "--organisation", "TU", "--from", "2024-03-01", "--to", "2024-03-20")
    assert (report["total"]["admitted"], report["total"]["closing"]) == (None, None)
    silent, uncut = report["notes"]
    assert "«Đầu kỳ»" in silent
    assert silent.endswith("để trống: Chi bộ khu phố 1 chưa báo cáo.")
    assert "«Kết nạp» để trống: Chi bộ khu phố 1 khai cả tháng hoặc cả năm" in uncut
    whole_month = _report("ledger", "--from", "2024-03-01", "--to", "2024-03-31")
    assert (whole_month["total"]["admitted"], len(whole_month["notes"])) == (8, 1)


# days of a ledger of CS1, inclusive → opening, admitted, closing
LEDGERS = [
    ("2024-01-01", "2024-10-15", 39, 2, 41),  # the base of 1/1
    ("2023-12-31", "2024-03-31", 1, 1, 2),  # the register
    ("2020-05-09", "2024-10-15", 0, 3, 3),
    ("2020-05-10", "2020-05-10", 0, 1, 1),
    ("2020-05-11", "2024-03-30", 1, 0, 1),
    ("2019-01-01", "2024-03-31", 0, 2, 2),
]


@pytest.mark.parametrize(("first", "last", "opening", "admitted", "closing"), LEDGERS)
def test_a_ledger_takes_any_days(city, first, last, opening, admitted, closing):
    report = _report("ledger", "--organisation", "CS1", "--from", first, "--to", last)
    assert (report["from"], report["to"]) == (first, last)
    total = report["total"]
    assert (total["opening"], total["admitted"], total["closing"]) == (opening, admitted, closing)


def test_the_rows_of_a_cohort_may_be_chosen(city):
    span = ("--from", "2020-01-01", "--to", "2023-12-31", "--on", "2024-10-15")
    assert [row["year"] for row in _report("cohort", *span)["rows"]] == [2020, 2021, 2022, 2023]
    by_unit = _report("cohort", *span, "--rows", "unit")
    assert by_unit["columns"][:3] == ["code", "name", "admitted"]
    assert {row["code"]: row["admitted"] for row in by_unit["rows"]} == {"DU1": 0, "CS1": 1}
    assert (by_unit["on"], by_unit["total"]["admitted"]) == ("2024-10-15", 1)
    assert [(row["introducer"], row["admitted"]) for row in _report("cohort", *span, "--rows", "source")["rows"]] == [
        ("Không rõ", 1)
    ]
    assert _report("missed-years", "--rows", "branches")["key"] == "missed-years"


def test_a_unit_before_its_time_is_null_not_an_error(city):
    factories.a_unit("N", "branch", city.committee, day=dt.date(2024, 2, 1))
    report = _report("admission-rate", "--organisation", "N", "--year", "2023")
    assert (report["total"]["name"], report["total"]["admitted"]) == ("Chi bộ N", None)
    assert report["notes"]
    for key in COLUMNS:
        _report(key, "--organisation", "N", "--year", "2023")


def test_list():
    text = _text("--list")
    assert [line.split()[0] for line in text.splitlines()] == list(COLUMNS)


# arguments, what the message must say
WRONG = [
    (["admission-rate", "--organisation", "XX"], "«XX»"),
    (["nothing"], "«nothing»"),
    ([], "Các bảng"),
    (["admission-rate", "--year", "20x4"], "«20x4»"),
    (["admission-rate", "--year", "0001"], "«1»"),
    (["admission-rate", "--year", "2025"], "ở trước ngày đầu kỳ"),
    (["admission-rate", "--from", "2024-02-30", "--to", "2024-03-01"], "«2024-02-30»"),
    (["admission-rate", "--from", "2024-02-01"], "--to"),
    (["admission-rate", "--from", "2024-03-01", "--to", "2024-02-01"], "Ngày cuối kỳ"),
    (["admission-rate", "--year", "2024", "--from", "2024-03-01"], "--year"),
    (["admission-rate", "--year", "2024", "--on", "hôm nay"], "«hôm nay»"),
    (["admission-rate", "--year", "2024", "--on", "10/2024"], "thiếu ngày"),
    (["admission-rate", "--from", "2022-01-01", "--to", "2024-03-01"], "một năm"),
    (["cohort", "--rows", "đoàn"], "«đoàn»; chọn được: unit, source, stratum"),
    (["ledger", "--rows", "unit"], "không có"),
]


@pytest.mark.parametrize(("arguments", "says"), WRONG)
def test_what_cannot_be_asked_ends_with_2(city, arguments, says):
    with pytest.raises(CommandError) as refusal:
        _text(*arguments)
    assert refusal.value.returncode == 2
    assert says in str(refusal.value)


def test_without_any_organisation_it_says_so():
    with pytest.raises(CommandError) as refusal:
        _text("admission-rate")
    assert refusal.value.returncode == 2


def test_csv(city):
    text = _text("admission-rate", "--year", "2024", "--on", "2024-09-30", "--format", "csv")
    assert text.startswith("﻿Mã,Tổ chức,")
    assert text.splitlines()[-1].startswith("TU,Đảng bộ thành phố,160,0,0,cộng từ cấp dưới,10,9,")
    assert '"5,63%"' in text


def test_xlsx_holds_real_numbers(city, tmp_path):
    path = tmp_path / "rate.xlsx"
    _text("admission-rate", "--year", "2024", "--on", "2024-09-30", "--format", "xlsx", "--output", str(path))
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    head = next(row for row in rows if row[0] == "Mã")
    total = dict(zip(head, rows[-1], strict=True))
    assert (total["Mã"], total["Đảng viên đầu năm"], total["Đã kết nạp"]) == ("TU", 160, 9)
    assert total["Tỷ lệ"] == pytest.approx(9 / 160)


def test_docx_holds_the_same(city, tmp_path):
    path = tmp_path / "rate.docx"
    _text("admission-rate", "--year", "2024", "--on", "2024-09-30", "--format", "docx", "--output", str(path))
    lines = [[cell.text for cell in row.cells] for row in Document(str(path)).tables[0].rows]
    assert lines[0][0] == "Mã"
    assert {"TU", "160", "9", "5,63%", "90,00%"} <= set(lines[-1])


@pytest.mark.parametrize("form", ["xlsx", "docx", "csv"])
def test_every_table_prints_in_every_format(city, form, tmp_path):
    for key in COLUMNS:
        path = tmp_path / f"{key}.{form}"
        _text(key, "--year", "2024", "--format", form, "--output", str(path))
        assert path.stat().st_size > 80, key


@pytest.mark.everywhere
def test_standard_output_is_the_json_alone(tmp_path):
    """As a process of its own, on a database of its own: stdout, stderr and exit codes are what a script sees."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "PYTHONWARNINGS": "error"}

    def run(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert run("migrate", "-v0").returncode == 0
    empty = run("report", "admission-rate")
    assert (empty.returncode, empty.stdout) == (2, "")
    made = run("shell", "-c", "from tests import factories; factories.a_city(committees=1, branches=1)")
    assert made.returncode == 0, made.stderr
    found = run("report", "admission-rate", "--year", "2024")
    assert json.loads(found.stdout)["organisation"] == "TU"
    unknown = run("report", "admission-rate", "--organisation", "XX")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "Không có tổ chức mã «XX»" in unknown.stderr
    assert "Traceback" not in unknown.stderr


# --- the table "Scope of a rate", built by workbooks alone --------------------------------------------

SCOPE_CITY = [
    ("TU", "Thành ủy", None, "đảng bộ thành phố"),
    ("A", "Đảng bộ A", "TU", "đảng bộ cơ sở"),
    ("B", "Đảng bộ B", "TU", "đảng bộ cơ sở"),
    *((code, f"Chi bộ {code}", above, "chi bộ") for code, above in (("U", "A"), ("V", "A"), ("W", "B"))),
]
SCOPE_BASES = [("U", 2024, 100), ("V", 2024, 200), ("W", 2024, 300)]
TOLD = {
    "Dang vien": lambda unit, number, month: (f"{unit} Văn Số{number}", "1990", *[None] * 3, unit, f"05/0{month}/2024"),
    "Quan chung": lambda unit, number, month: (
        *(f"{unit} Thị Số{number}", "1990", *[None] * 3, unit, "05/01/2023", *[None] * 4),
        *("đã có quyết định" if number % 2 else "đảng viên dự bị", f"05/0{month}/2024"),
    ),
    "Ket qua": lambda unit, number, month: (unit, 2024, month, 1),
}
# rows of the sheets `To chuc`, `Sap xep`, `So lieu dau nam`; who admits and in which months; A, B, TU in both scopes
HAPPENINGS = [
    pytest.param({}, ("U", 3, 4, 7, 8, 9), "5/300 0/300 5/600", "5/300 0/300 5/600", id="nothing"),
    pytest.param(
        {"Sap xep": [("01/07/2024", "chuyển ra", "U")]},
        ("U", 3, 4, 7, 8, 9),
        "2/300 0/300 2/600",
        "0/200 0/300 0/500",
        id="left the city",
    ),
    pytest.param(
        {"To chuc": [("N", "Chi bộ N", "B", "chi bộ", None, "01/07/2024")]},
        ("N", 7, 8, 9),
        "0/300 3/300 3/600",
        "0/300 3/300 3/600",
        id="new N under B",
    ),
    pytest.param(
        {
            "Sap xep": [("01/07/2024", "tiếp nhận", "J", "B", "Chi bộ J", "chi bộ")],
            "So lieu dau nam": [("J", 2024, 50)],
        },
        ("J", 3, 7, 8),
        "0/300 0/300 0/600",
        "0/300 3/350 3/650",
        id="J joins B",
    ),
]


@pytest.mark.parametrize("sheet", TOLD)
@pytest.mark.parametrize(("more", "admits", "opening", "current"), HAPPENINGS)
def test_the_scopes_of_what_workbooks_tell(tmp_path, sheet, more, admits, opening, current):
    unit, *months = admits
    sheets = {"To chuc": list(SCOPE_CITY), "So lieu dau nam": list(SCOPE_BASES)}
    for name, rows in more.items():
        sheets[name] = sheets.get(name, []) + rows
    sheets[sheet] = [TOLD[sheet](unit, number, month) for number, month in enumerate(months)]
    for _ in range(2):
        call_command("import_workbook", str(workbooks.write(tmp_path / "city.xlsx", sheets)), stdout=io.StringIO())
        for scope, expected in (("opening", opening), ("current", current)):
            report = _report("admission-rate", "--year", "2024", "--scope", scope)
            lines = {row["code"]: f"{row['admitted'] or 0}/{row['base']}" for row in [*report["rows"], report["total"]]}
            assert " ".join(lines[code] for code in ("A", "B", "TU")) == expected


def test_a_ledger_over_years_asks_nothing_of_a_unit_after_it_left(tmp_path):
    sheets = {
        "To chuc": SCOPE_CITY,
        "So lieu dau nam": [*((unit, year, 10) for unit in "VW" for year in (2022, 2023)), ("U", 2022, 10)],
        "Sap xep": [("01/07/2022", "chuyển ra", "U")],
        "Ket qua": [
            *((unit, year, None, *[0] * 6) for unit in "VW" for year in (2022, 2023)),
            ("U", 2022, None, 1, *[0] * 5),
        ],
    }
    call_command("import_workbook", str(workbooks.write(tmp_path / "city.xlsx", sheets)), stdout=io.StringIO())
    assert _report("ledger", "--from", "2022-01-01", "--to", "2023-12-31")["total"]["admitted"] == 1
