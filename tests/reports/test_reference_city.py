"""The reference city is what the resolution says a city was, to the person, and every run makes the same one."""

import datetime as dt
import functools
import io
from collections import Counter, defaultdict
from fractions import Fraction

import openpyxl
import pytest

from cells import vietnamese
from reports import reference_city
from reports.reference_city.candidates import DECIDED, DROPPED, EXAMINED, ORDER, RESOLVED
from reports.reference_city.records import GONE, PAST_YEARS, START, TODAY, YEARS
from reports.reference_city.units import JOINED_ON, JOINER, LEAVER, LEFT_ON, RESIDENTIAL, SHOWN_BRANCH, TOP

CITY = reference_city.build()
UNITS = {unit.code: unit for unit in CITY.units} | {
    row.unit.code: row.unit for row in CITY.operations if row.work == "tiếp nhận"
}


def base_of(code: str) -> str:
    return code.partition(".")[0]


#: Standing on 1/1/2024: everything but the enterprise that left.
THERE = {code: unit for code, unit in UNITS.items() if base_of(code) != LEAVER}
BASES = {code: unit for code, unit in THERE.items() if unit.parent == TOP or code == JOINER}
BRANCHES = {code: unit for code, unit in THERE.items() if unit.is_branch}
COUNTS = {(row.code, row.year): row for row in CITY.start_counts}
QUOTAS = {(row.code, row.year): row for row in CITY.quotas}
FLOWS = {(row.code, row.year): row for row in CITY.flows}
ADMITTED_2024 = Counter(member.unit for member in CITY.members if member.decided.year == 2024) + Counter(
    row.unit for row in CITY.candidates if row.stage == DECIDED
)


def city_base(year: int) -> int:
    """Members of the whole city on 1/1 of `year`, added up from the lowest units that have a count."""
    return sum(row.total for row in CITY.start_counts if row.year == year)


def city_admitted(year: int) -> int:
    return sum(row.admitted for row in CITY.flows if row.year == year)


# --- the tree ---------------------------------------------------------------------------------------


def test_41_base_organisations_24_committees_17_branches_and_304_branches_below():
    kinds = Counter(unit.kind for unit in THERE.values())
    assert kinds == {"đảng bộ thành phố": 1, "đảng bộ cơ sở": 24, "chi bộ cơ sở": 17, "chi bộ": 304}
    assert len(BASES) == 41
    assert all(THERE[unit.parent].is_committee for unit in BRANCHES.values() if unit.kind == "chi bộ")


def test_codes_and_names_are_each_used_once_and_parents_come_first():
    codes = [unit.code for unit in CITY.units]
    assert len(set(codes)) == len(codes)
    assert len({unit.name for unit in UNITS.values()}) == len(UNITS)
    for place, unit in enumerate(CITY.units):
        assert unit.parent in codes[:place] or unit.code == TOP


def test_sectors_are_those_the_resolution_names():
    sectors = Counter(unit.sector for unit in BRANCHES.values())
    assert sectors[RESIDENTIAL] > 100
    assert {
        "đơn vị kinh tế tư nhân", "doanh nghiệp nhà nước", "doanh nghiệp có vốn nước ngoài", "hợp tác xã", "cơ quan",
        "đơn vị sự nghiệp", "trường học", "y tế", "quân sự", "công an",
    } <= set(sectors)  # fmt: skip
    wards = [code for code, unit in BASES.items() if unit.sector == "xã, phường"]
    assert len(wards) == 10
    for ward in wards:
        inside = Counter(unit.sector for unit in BRANCHES.values() if unit.parent == ward)
        assert inside["công an"] == inside["quân sự"] == 1


def test_a_large_enterprise_left_in_2022_and_a_firm_came_in_before():
    (join, leave) = sorted(CITY.operations, key=lambda row: row.day)
    assert (leave.work, leave.unit.code, leave.day) == ("chuyển ra", LEAVER, LEFT_ON)
    assert leave.day.year == 2022
    assert leave.decision
    assert (join.work, join.unit.code, join.day) == ("tiếp nhận", JOINER, JOINED_ON)
    assert COUNTS[LEAVER, 2022].total > 850
    assert FLOWS[LEAVER, 2022].left > 850
    assert (LEAVER, 2023) not in COUNTS
    assert FLOWS[JOINER, 2021].joined > 0


# --- the register -----------------------------------------------------------------------------------


def test_7894_members_on_1_1_2024_and_the_declared_counts_say_the_same_of_every_branch():
    present = [member for member in CITY.members if member.in_register_on(START)]
    assert len(present) == city_base(2024) == 7_894
    for code in BRANCHES:
        here = [member for member in present if member.unit == code]
        full = sum(member.full_on(START) for member in here)
        women = sum(member.sex == "Nữ" for member in here)
        row = COUNTS[code, 2024]
        assert (row.total, row.full, row.probationary, row.female) == (len(here), full, len(here) - full, women)


def test_branches_are_as_large_as_branches_are():
    sizes = {code: COUNTS[code, 2024].total for code in BRANCHES}
    assert max(sizes.values()) <= 70
    assert sum(size < 5 for size in sizes.values()) == 2
    assert sum(size >= 50 for size in sizes.values()) >= 5
    assert sum(12 <= size <= 40 for size in sizes.values()) > len(sizes) / 2
    assert sum(COUNTS[code, 2024].full < 3 for code in BRANCHES) == 3
    assert sum(sizes[code] >= 30 for code, unit in BRANCHES.items() if unit.kind == "chi bộ cơ sở") >= 3


def test_nobody_shares_name_and_birth_with_somebody_else():
    people = [(vietnamese.fold(person.name), person.born) for person in (*CITY.members, *CITY.candidates)]
    assert len(set(people)) == len(people)


def test_days_of_a_member_follow_one_another():
    for member in CITY.members:
        days = [member.born, member.decided, member.ceremony, member.recognised, member.changed]
        given = [day for day in days if day is not None]
        assert given == sorted(given), member
        assert given[-1] <= TODAY, member
        assert vietnamese.age_on(member.born, "day", member.decided)[0] >= 18, member
        assert member.decided.year >= 1970


def test_whoever_was_admitted_in_2023_was_on_probation_at_the_start_of_2024():
    for member in CITY.members:
        if member.decided.year == 2023 and member.in_register_on(START):
            assert not member.full_on(START)


def test_the_register_and_the_declared_figures_of_2023_agree_in_every_base_organisation():
    register = Counter(base_of(member.unit) for member in CITY.members if member.decided.year == 2023)
    for code in BASES:
        assert register[code] == FLOWS[code, 2023].admitted


def test_things_happened_in_2024_to_the_reference_day():
    moved = Counter(member.state for member in CITY.members if member.changed and member.changed >= START)
    assert set(moved) == {*GONE, "miễn sinh hoạt"}
    assert moved["khai trừ"] == 1
    inside = [member for member in CITY.members if member.destination in BRANCHES]
    assert len(inside) > 40
    assert all(member.destination != member.unit for member in inside)
    assert sum(member.state == "chuyển đi" and member.destination not in BRANCHES for member in CITY.members) > 40
    assert all(member.full_on(member.changed) for member in CITY.members if member.state == "khai trừ")


# --- the years --------------------------------------------------------------------------------------


def test_the_mean_of_the_yearly_rates_prints_2_40():
    rates = [Fraction(city_admitted(year), city_base(year)) for year in PAST_YEARS]
    mean = sum(rates) / len(rates)
    assert f"{vietnamese.percent(mean)}".startswith("2,40")
    assert all(rate < Fraction(35, 1000) for rate in rates)


def test_2023_met_its_quota_and_no_year_before_did():
    met = {year: city_admitted(year) >= QUOTAS[TOP, year].admission for year in PAST_YEARS}
    assert met == {2020: False, 2021: False, 2022: False, 2023: True}


def test_every_ledger_leads_from_base_to_base():
    for row in CITY.flows:
        assert row.base >= 0
        if (row.code, row.year) in COUNTS:
            assert COUNTS[row.code, row.year].total == row.base
        else:
            assert row.base == 0, "a unit without a base was not there"
            assert row.joined
        after = sum(
            count.total for count in CITY.start_counts if count.year == row.year + 1 and base_of(count.code) == row.code
        )
        assert row.next_base == after
    counted = [COUNTS[key] for key in COUNTS]
    assert all(row.full + row.probationary == row.total and row.female <= row.total for row in counted)


def test_every_base_organisation_reports_every_year_it_was_there():
    for year in PAST_YEARS:
        there = {row.code for row in CITY.flows if row.year == year}
        expected = set(BASES) | ({LEAVER} if year <= 2022 else set())
        assert there == expected - ({JOINER} if year < 2021 else set())


def test_some_miss_their_quota_years_in_a_row_and_some_admit_nobody():
    missed, barren = [], []
    for code in BASES:
        years = [year for year in PAST_YEARS if QUOTAS.get((code, year)) and QUOTAS[code, year].admission]
        if len(years) == 4 and all(FLOWS[code, year].admitted < QUOTAS[code, year].admission for year in years):
            missed.append(code)
        if len(years) == 4 and not any(FLOWS[code, year].admitted for year in years):
            barren.append(code)
    assert len(missed) >= 6
    assert len(barren) >= 2
    assert len(missed) < len(BASES) / 2


# --- the current year -------------------------------------------------------------------------------


def test_2024_stands_at_247_of_277_with_a_quota_of_280():
    assert sum(ADMITTED_2024.values()) == 247
    assert vietnamese.percent(Fraction(247, 7_894)).startswith("3,13")
    assert QUOTAS[TOP, 2024].admission == 280
    assert not any(member.recognised for member in CITY.members if member.decided.year == 2024)


def test_every_branch_has_both_lines_of_a_quota_for_2024_and_committees_the_sum():
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for code in BRANCHES:
        row = QUOTAS[code, 2024]
        sums[base_of(code)][0] += row.admission
        sums[base_of(code)][1] += row.fostering
    for code in BASES:
        assert [QUOTAS[code, 2024].admission, QUOTAS[code, 2024].fostering] == sums[code]
    assert sum(admission for admission, _ in sums.values()) > QUOTAS[TOP, 2024].admission
    assert {TOP} | set(BASES) <= {code for code, year in QUOTAS if year == 2024}
    assert {year for code, year in QUOTAS if code == TOP} == set(YEARS)


def test_some_units_are_out_of_sources_and_say_why():
    out = [row for row in CITY.quotas if row.has_sources is False]
    assert len([row for row in out if row.year == 2024]) > 30
    assert all(row.reason and row.admission == 0 for row in out)
    homes = [QUOTAS[code, 2024] for code, unit in BRANCHES.items() if unit.sector == RESIDENTIAL]
    assert all(row.has_sources and row.admission >= 1 and row.fostering >= 1 for row in homes)


def test_candidates_stand_at_every_stage():
    stages = Counter(row.stage for row in CITY.candidates)
    assert set(stages) == {*ORDER, DROPPED}
    assert 400 <= len(CITY.candidates) <= 440
    assert all(row.unit in BRANCHES for row in CITY.candidates)
    shown = {row.stage for row in CITY.candidates if row.unit == SHOWN_BRANCH}
    assert shown >= set(ORDER) - {EXAMINED}, "the guided tour has something to do at each step"
    assert (QUOTAS[SHOWN_BRANCH, 2024].admission, ADMITTED_2024[SHOWN_BRANCH]) == (2, 1)
    waiting = [row.reached for row in CITY.candidates if row.stage == EXAMINED]
    assert (len(waiting), (TODAY - min(waiting)).days) == (12, 41)
    assert not [
        row for row in CITY.candidates if row.stage in (RESOLVED, EXAMINED) and UNITS[row.unit].kind == "chi bộ cơ sở"
    ]


def test_candidates_are_17_to_58_and_one_is_too_young_to_be_voted_on():
    ages = [vietnamese.age_on(row.born, "day", TODAY)[0] for row in CITY.candidates]
    assert (min(ages), ages.count(17)) == (17, 1)
    assert 50 <= max(ages) <= 58
    for row in CITY.candidates:
        assert row.introduced <= (row.certified or row.reached) <= row.reached <= TODAY
        if row.stage in ORDER[4:]:
            assert vietnamese.age_on(row.born, "day", row.reached)[0] >= 18
            assert len(row.introducers) == 2
    assert len({stratum for row in CITY.candidates for stratum in row.strata}) == 18


# --- the workbook -----------------------------------------------------------------------------------


@functools.cache
def written() -> bytes:
    stream = io.BytesIO()
    reference_city.write(stream)
    return stream.getvalue()


@pytest.mark.everywhere
def test_two_runs_write_the_same_bytes():
    first = written()
    reference_city.build.cache_clear()
    assert first == written.__wrapped__()


def test_the_workbook_holds_the_seven_sheets_with_codes_as_text_and_dates_as_dates():
    book = openpyxl.load_workbook(io.BytesIO(written()), read_only=True)
    assert book.sheetnames == [
        "Tổ chức", "Sắp xếp", "Số liệu đầu năm", "Chỉ tiêu", "Kết quả", "Đảng viên", "Quần chúng",
    ]  # fmt: skip
    rows = list(book["Tổ chức"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [unit.code for unit in CITY.units]
    members = list(book["Đảng viên"].iter_rows(values_only=True))
    assert len(members) - 1 == len(CITY.members)
    assert isinstance(members[1][6], dt.datetime)


@pytest.mark.parametrize("sheet", ["Đảng viên", "Quần chúng"])
def test_no_cell_could_be_taken_for_a_formula(sheet):
    book = openpyxl.load_workbook(io.BytesIO(written()), read_only=True)
    cells = (cell for row in book[sheet].iter_rows(values_only=True) for cell in row)
    assert not [cell for cell in cells if isinstance(cell, str) and cell[:1] in "=+-@"]
