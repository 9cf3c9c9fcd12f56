"""Progress and pace: the share of a year that is due by a day, evenly and usually, and what the table makes of it.

The tree is always TU > A > (U, V) and B > (W), branches below; everything is counted by hand.
"""

import datetime as dt
import io
import json
from dataclasses import dataclass, field
from fractions import Fraction

import openpyxl
import pytest

from cells.organisations import reorganise
from cells.organisations.models import Organisation
from cells.people.models import Role
from cells.rules.models import Sector
from membership.models import Stage
from reports import output, period, states
from reports.figures import FIGURES, Scope
from reports.figures.book import open_book
from reports.figures.pace import Pace, Usual, year_gone
from reports.figures.sectors import SECTORS
from reports.figures.standing import CURRENT, OPENING
from reports.period import Period
from reports.tables import TABLES, Question
from targets import enter
from targets.models import Programme, Target
from targets.quotas import take_over
from tests import factories
from tests.pages import rest_of, text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
MID_YEAR = dt.date(2024, 7, 1)

GONE = {
    dt.date(2023, 1, 1): Fraction(1, 365),
    dt.date(2024, 1, 1): Fraction(1, 366),
    dt.date(2024, 2, 29): Fraction(60, 366),
    dt.date(2023, 2, 28): Fraction(59, 365),
    MID_YEAR: Fraction(1, 2),
    dt.date(2023, 12, 31): Fraction(1),
    dt.date(2024, 12, 31): Fraction(1),
}


@pytest.mark.parametrize(("day", "share"), GONE.items())
def test_the_share_of_the_year_that_is_over_at_the_end_of_a_day(day, share):
    assert year_gone(day) == share


HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
# asked, done, missing, usual share (half the year is over) → remaining, due and ahead evenly, due and ahead usually
PACES = {
    "behind evenly, ahead usually": ((8, 3, 0, QUARTER), (5, Fraction(4), -1, Fraction(2), 1)),
    "more than asked": ((1, 3, 0, QUARTER), (0, HALF, Fraction(5, 2), QUARTER, Fraction(11, 4))),
    "exactly due": ((8, 4, 0, HALF), (4, Fraction(4), 0, Fraction(4), 0)),
    "due is not rounded": ((3, 1, 0, QUARTER), (2, Fraction(3, 2), -HALF, Fraction(3, 4), QUARTER)),
    "the usual course is not known": ((8, 3, 0, None), (5, Fraction(4), -1, None, None)),
    "no quota": ((None, 3, 0, QUARTER), (None, None, None, None, None)),
    "a quota of 0 asks nothing": ((0, 3, 0, QUARTER), (0, None, None, None, None)),
    "nothing is known": ((8, None, 1, QUARTER), (None, Fraction(4), None, Fraction(2), None)),
    "more may be done than is told": ((8, 3, 1, QUARTER), (5, Fraction(4), None, Fraction(2), 1)),
}


@pytest.mark.parametrize(("asked", "told"), PACES.values(), ids=PACES)
def test_what_is_due_and_what_is_ahead(asked, told):
    of, done, missing, usual = asked
    pace = Pace(of, done, missing, HALF, usual)
    assert told == (pace.remaining, pace.due_evenly, pace.ahead_evenly, pace.due_usually, pace.ahead_usually)


# ---- the usual course of a year ------------------------------------------------------------------
@pytest.fixture
def units():
    top = factories.a_unit("TU", "city")
    a, b = (factories.a_unit(code, "base_committee", top) for code in "AB")
    below = {"U": a, "V": a, "W": b}
    return {"TU": top, "A": a, "B": b} | {code: factories.a_unit(code, "branch", up) for code, up in below.items()}


def admit(unit, days):
    """Day (dd/mm/yyyy) → how many the unit admits on it."""
    for day, number in days.items():
        for _ in range(number):
            factories.a_member(unit, decided_on=dt.date(*map(int, reversed(day.split("/")))))


def declare(unit, year, numbers):
    """Month (null: the whole year) → how many the unit declares."""
    lines = [enter.ResultLine(unit, year, month, {"admitted": number}) for month, number in numbers.items()]
    enter.declare_results(lines, actor=None, today=TODAY)


def usual(unit, on, scope=OPENING, figure="admitted"):
    span = Period(dt.date(on.year - 4, 1, 1), on + dt.timedelta(days=1))
    return Usual(open_book(unit.pk, span, scope=scope), figure, scope, on.year)


@dataclass
class Season:
    """What TU has by `on` of a usual year, of how many people; `register` and `declared` by unit."""

    share: Fraction | None
    dated: int
    register: dict = field(default_factory=dict)
    declared: dict = field(default_factory=dict)
    on: dt.date = dt.date(2024, 6, 30)
    years: str = ""


def months(**numbers):
    """A year of months, those not named of 0: `m3=4`."""
    return dict.fromkeys(range(1, 13), 0) | {int(month[1:]): number for month, number in numbers.items()}


SEASONS = {
    "pooled, no mean of the years": Season(
        HALF,
        20,
        {
            "U": {"30/06/2021": 2, "01/07/2021": 2, "05/01/2022": 2, "31/12/2022": 4},
            "W": {"10/05/2023": 6, "01/12/2023": 4},
        },
        years="2021–2023",
    ),
    "the fourth year back and the running one tell nothing": Season(
        QUARTER, 12, {"U": {"10/05/2020": 9, "10/05/2023": 3, "10/11/2023": 9, "10/05/2024": 5}}, years="2023"
    ),
    "29/02 is 28/02 where there is none": Season(
        QUARTER, 12, {"U": {"28/02/2023": 3, "01/03/2023": 9}}, on=dt.date(2024, 2, 29), years="2023"
    ),
    "28/02 is not 29/02": Season(
        HALF, 12, {"U": {"28/02/2020": 6, "29/02/2020": 6}}, on=dt.date(2023, 2, 28), years="2020"
    ),
    "fewer than there are months": Season(None, 11, {"U": {"10/05/2023": 6, "10/11/2023": 5}}),
    "nobody": Season(None, 0),
    "declared months, cut evenly by the day": Season(
        Fraction(6 + 4, 18), 18, declared={("U", 2023): months(m1=6, m6=12)}, on=dt.date(2024, 6, 10), years="2023"
    ),
    "a declared February, on 29/02": Season(
        Fraction(1), 14, declared={("U", 2023): months(m2=14)}, on=dt.date(2024, 2, 29), years="2023"
    ),
    "a declared leap February, on 28/02": Season(
        Fraction(28, 29), 29, declared={("U", 2020): months(m2=29)}, on=dt.date(2023, 2, 28), years="2020"
    ),
    "a month declared above replaces that month below": Season(
        HALF,
        24,
        {"U": {"10/03/2023": 5, "10/09/2023": 12}},
        {("A", 2023): {3: 12}},
        years="2023",
    ),
    "a year declared as a whole has no days": Season(None, 0, declared={("U", 2023): {None: 20}}),
    "but the register below it has": Season(
        HALF, 12, {"U": {"10/05/2023": 6, "10/11/2023": 6}}, {("A", 2023): {None: 24}}, years="2023"
    ),
    "unless that is less than half": Season(
        None, 0, {"U": {"10/05/2023": 6, "10/11/2023": 6}}, {("A", 2023): {None: 25}}
    ),
    "a year of which too little is known leaves the others": Season(
        Fraction(1, 3),
        12,
        {"U": {"10/05/2022": 4, "10/11/2022": 8, "10/05/2023": 1}},
        {("A", 2023): {None: 25}},
        years="2022",
    ),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("season", SEASONS.values(), ids=SEASONS)
def test_the_usual_course(units, season):
    for code, days in season.register.items():
        admit(units[code], days)
    for (code, year), numbers in season.declared.items():
        declare(units[code], year, numbers)
    found = usual(units["TU"], season.on)
    assert (found.share(season.on), found.dated) == (season.share, season.dated)
    if season.years:
        assert found.years == season.years
        assert found.share(dt.date(season.on.year, 12, 31)) == 1


def test_the_usual_course_is_that_of_the_unit_asked(units):
    admit(units["U"], {"10/05/2023": 3, "10/11/2023": 9})
    admit(units["W"], {"10/05/2023": 12})
    shares = {code: usual(units[code], MID_YEAR).share(MID_YEAR) for code in ("TU", "A", "B", "V")}
    assert shares == {"TU": Fraction(15, 24), "A": QUARTER, "B": 1, "V": None}


@pytest.mark.both_databases
@pytest.mark.parametrize(("scope", "shares"), [(OPENING, (QUARTER, None)), (CURRENT, (None, QUARTER))])
def test_a_moved_unit_tells_where_it_stood_by_scope(units, scope, shares):
    admit(units["U"], {"10/03/2023": 3, "10/09/2023": 9})
    reorganise.move([reorganise.Moving("U", dt.date(2023, 7, 1), "B")], actor=None, today=TODAY)
    assert tuple(usual(units[code], MID_YEAR, scope).share(MID_YEAR) for code in "AB") == shares
    assert usual(units["TU"], MID_YEAR, scope).share(MID_YEAR) == QUARTER


def test_a_unit_that_left_tells_until_it_left(units):
    admit(units["U"], {"10/03/2022": 12, "10/03/2023": 3, "10/09/2023": 9})
    reorganise.leave([reorganise.Leaving("U", dt.date(2023, 7, 1))], actor=None, today=TODAY)
    found = usual(units["TU"], MID_YEAR)
    assert (found.share(MID_YEAR), found.dated) == (1, 15)
    assert usual(units["TU"], dt.date(2024, 1, 31)).share(dt.date(2024, 1, 31)) == 0


def test_whoever_is_told_apart_the_course_is_the_same(units):
    """Steady units are counted together in the database; what the dashboard reads unit by unit adds up to it."""
    admit(units["U"], {"10/03/2023": 3})
    admit(units["V"], {"10/09/2023": 9, "10/09/2022": 4})
    reorganise.move([reorganise.Moving("U", dt.date(2023, 7, 1), "B")], actor=None, today=TODAY)
    for unit in (units["TU"], units["A"], units["B"]):
        span = Period(dt.date(2020, 1, 1), MID_YEAR)
        courses = [
            Usual(open_book(unit.pk, span, daily=daily), "admitted", OPENING, 2024) for daily in ((), ("admitted",))
        ]
        assert courses[0].share(MID_YEAR) == courses[1].share(MID_YEAR)
        assert courses[0].dated == courses[1].dated


# ---- the table -----------------------------------------------------------------------------------
def answer(unit, key="pace", on=MID_YEAR, **more):
    return TABLES[key].answer(Question(unit, period.of_year(on.year, on, today=TODAY), on, **more))


def rows_of(found, *columns, first="code"):
    return {row[first]: tuple(row[column] for column in columns) for row in found.rows}


def quotas(**by_code):
    lines = [
        take_over.QuotaLine(
            Organisation.objects.get(code=code), 2024, *(quota if isinstance(quota, tuple) else (quota,))
        )
        for code, quota in by_code.items()
    ]
    take_over.issue_quotas(lines, actor=None, today=TODAY)


@pytest.fixture
def year(units):
    """In the middle of 2024, of which a quarter is usual by then: U did 3 of 8, V 3 of 1, B is asked nothing."""
    admit(units["V"], {"10/05/2023": 3, "10/11/2023": 9, "10/02/2024": 3})
    admit(units["U"], {"10/03/2024": 3})
    admit(units["W"], {"10/03/2024": 1})
    quotas(TU=12, A=10, U=8, V=1, B=0)
    return units


PACE = ("quota", "done", "percent", "required", "remaining")
AHEAD = ("due_evenly", "ahead_evenly", "due_usually", "ahead_usually", "state")


def test_the_pace_of_units(year):
    of_a = answer(year["A"])
    assert rows_of(of_a, *PACE) == {"U": (8, 3, Fraction(3, 8), 8, 5), "V": (1, 3, 3, 1, 0)}
    assert rows_of(of_a, *AHEAD) == {
        "U": (4, -1, 2, 1, states.BEHIND),
        "V": (HALF, Fraction(5, 2), QUARTER, Fraction(11, 4), states.MET),
    }
    assert tuple(of_a.total[key] for key in (*PACE, *AHEAD)) == (
        *(10, 6, Fraction(3, 5), 10, 4),
        *(5, 1, Fraction(5, 2), Fraction(7, 2), states.ON_TRACK),
    )
    assert (of_a.total["quotas_below"], of_a.total["quota_difference"]) == (9, -1)


def test_no_quota_and_a_quota_of_0_have_no_pace(year):
    nothing = (None, None, None, None)
    of_top, of_b = answer(year["TU"]), answer(year["B"])
    assert rows_of(of_top, *PACE)["B"] == (0, 1, None, 0, 0)
    assert rows_of(of_top, *AHEAD)["B"] == (*nothing, states.NOT_ASKED)
    assert rows_of(of_b, *PACE) == {"W": (None, 1, None, None, None)}
    assert rows_of(of_b, *AHEAD) == {"W": (*nothing, states.NO_DATA)}
    assert (of_b.total["quotas_below"], of_b.total["quota_difference"]) == (None, None)


def test_at_the_end_of_the_year_all_of_it_is_due_at_either_pace(year):
    found = answer(year["A"], on=dt.date(2024, 12, 31))
    assert rows_of(found, "due_evenly", "due_usually") == {"U": (8, 8), "V": (1, 1)}
    past = TABLES["pace"].answer(Question(year["A"], period.of_year(2023, TODAY), dt.date(2023, 12, 31)))
    assert past.total["done"] == 12  # a past year is seen from its end


def test_what_the_programme_requires_goes_before_the_quota(year):
    """3,5 % of 200 members is 7, whatever quota the city has; of members not all of whom are known, nobody knows."""
    assert [answer(year["TU"]).total[key] for key in ("quota", "required", "state")] == [12, None, states.NO_DATA]
    bases = [enter.BaseLine(year[code], 2024, total) for code, total in (("U", 120), ("V", 60), ("W", 20))]
    enter.declare_bases(bases, actor=None, today=TODAY)
    total = answer(year["TU"]).total
    assert [total[key] for key in ("quota", "required", "remaining", "due_evenly")] == [12, 7, 0, Fraction(7, 2)]


def test_each_programme_asks_for_itself(year):
    """3,5 % and 3 % of 200 members, and 20 people: whoever decides, each has its own row of the same 7 people."""
    bases = [enter.BaseLine(year[code], 2024, total) for code, total in (("U", 120), ("V", 60), ("W", 20))]
    enter.declare_bases(bases, actor=None, today=TODAY)
    programme = Programme.objects.create(title="Chương trình mới", document="CTr", from_year=2024, to_year=2024)
    programme.targets.create(line="admission", kind=Target.Kind.RATE, value=3, where=Target.Where.TOP)
    programme.targets.create(line="admission", kind=Target.Kind.NUMBER, value=20, where=Target.Where.TOP)
    programme.targets.create(line="admission", kind=Target.Kind.NUMBER, value=2, where=Target.Where.BASE)
    found = answer(year["TU"], rows="programme")
    told = [tuple(row[key] for key in ("asks", "quota", "done", "required", "ahead_evenly")) for row in found.rows]
    assert told[-2:] == [
        ("3,00% số đảng viên đầu năm", None, 7, 6, 4),
        ("20 người", None, 7, 20, -3),
    ]
    assert told[0] == ("3,50% số đảng viên đầu năm", None, 7, 7, Fraction(7, 2))
    assert found.total["required"] == 7
    assert [row["percent"] for row in found.rows[-2:]] == [Fraction(7, 6), Fraction(7, 20)]
    assert [row["required"] for row in answer(year["A"], rows="programme").rows] == [2]
    nothing = answer(year["U"], rows="programme")
    assert nothing.rows == []
    assert any("không có chương trình nào" in note for note in nothing.notes)


def test_who_has_not_reported_is_not_behind(year):
    declare(year["V"], 2024, {month: int(month == 2) * 3 for month in range(1, 7)})
    fresh = factories.a_unit("S", "branch", year["A"])
    quotas(S=2)
    found = answer(year["A"], on=dt.date(2024, 6, 30))
    assert rows_of(found, "done", "not_reported", "remaining", "ahead_evenly", "state")["S"] == (
        (None, 1, None, None, states.NO_DATA)
    )
    assert [found.total[key] for key in ("done", "not_reported", "state")] == [6, 1, states.ON_TRACK]
    quotas(A=20)
    behind = answer(year["A"], on=dt.date(2024, 6, 30)).total
    assert [behind[key] for key in ("due_evenly", "ahead_evenly", "state")] == (
        [20 * Fraction(182, 366), None, states.NO_DATA]
    )
    assert behind["ahead_usually"] == 1  # 5 are usual, 6 are done at least
    assert any("1 đơn vị chưa báo cáo" in note for note in answer(year["A"], on=dt.date(2024, 6, 30)).notes)
    assert fresh.code == "S"


def test_a_committee_and_its_branches_add_up(year):
    admit(year["A"], {"10/04/2024": 2})
    found = answer(year["A"])
    assert rows_of(found, "done") == {"U": (3,), "V": (3,), "khác": (2,)}
    assert found.total["done"] == 8
    of_branches = answer(year["TU"], rows="branches")
    assert rows_of(of_branches, "done") == {"U": (3,), "V": (3,), "W": (1,), "khác": (2,)}


@pytest.mark.parametrize(("scope", "done"), [(OPENING, {"A": 6, "B": 1}), (CURRENT, {"A": 3, "B": 4})])
def test_a_moved_unit_counts_by_scope(year, scope, done):
    reorganise.move([reorganise.Moving("U", dt.date(2024, 5, 1), "B")], actor=None, today=TODAY)
    found = answer(year["TU"], scope=scope)
    assert {code: number for code, (number,) in rows_of(found, "done").items()} == done
    assert found.total["done"] == 7


def test_fostering_has_its_own_quota_programme_and_course(year):
    quotas(A=(10, 4), U=(8, 2))
    for day in (dt.date(2024, 2, 1), dt.date(2024, 3, 1), dt.date(2024, 4, 1)):
        factories.a_case(year["U"], stage=Stage.SYMPATHISER, listed_on=day, step_days=10)
    found = answer(year["A"], "pace-fostering")
    assert rows_of(found, *PACE, "ahead_evenly")["U"] == (2, 3, Fraction(3, 2), 2, 0, 2)
    assert [found.total[key] for key in ("quota", "done", "due_evenly", "due_usually")] == [4, 3, 2, None]
    programme = Programme.objects.create(title="Chương trình", document="CTr", from_year=2024, to_year=2024)
    programme.targets.create(line="fostering", kind=Target.Kind.NUMBER, value=5, where=Target.Where.BASE)
    assert [answer(year["A"], key).total["required"] for key in ("pace", "pace-fostering")] == [10, 5]


def test_an_answer_does_not_depend_on_the_period_asked(year):
    """The year is counted from its start: a pace knows no other."""
    part = period.between(dt.date(2024, 4, 1), dt.date(2024, 12, 31), MID_YEAR, today=TODAY)
    assert TABLES["pace"].answer(Question(year["A"], part, MID_YEAR)).total == answer(year["A"]).total


def test_files_hold_what_is_due_as_exact_numbers(year):
    question = Question(year["A"], period.of_year(2024, MID_YEAR, today=TODAY), MID_YEAR)
    table = TABLES["pace"]
    found = table.answer(question)
    sheet = openpyxl.load_workbook(io.BytesIO(output.write(table, question, found, form="xlsx"))).active
    titles = [cell.value for cell in sheet[4]]
    cells = {title: sheet[5][place] for place, title in enumerate(titles)}
    assert [cells[title].value for title in ("Mã", "Nhịp đều: đến nay", "Hơn, kém nhịp đều", "Tình trạng")] == (
        ["U", 4, -1, "chậm"]
    )
    assert cells["Hơn, kém nhịp đều"].number_format == "+#,##0.00;-#,##0.00;0.00"
    told = json.loads(output.write(table, question, found, form="json"))["rows"][1]
    assert (told["due_usually"], told["percent"]) == (
        {"exact": "1/4", "printed": "0,25"},
        {"exact": "3/1", "printed": "300,00"},
    )
    assert "−1,00" in output.write(table, question, found, form="csv").decode()


# ---- by sector -----------------------------------------------------------------------------------
@pytest.fixture
def by_sector(year):
    """U and W are residential, V is a school; X under B names no sector."""
    for code, sector in (("U", "village"), ("W", "village"), ("V", "school")):
        year[code].styles.update(sector=Sector.objects.get(code=sector))
    factories.a_unit("X", "branch", year["B"])
    quotas(W=2)
    return year


def test_a_sector_has_what_its_branches_have(by_sector):
    admit(by_sector["A"], {"10/04/2024": 2})
    found = answer(by_sector["TU"], rows=SECTORS)
    assert rows_of(found, "branches", *PACE, first="sector") == {
        "thôn, khu phố": (2, 10, 4, Fraction(2, 5), 10, 6),
        "trường học": (1, 1, 3, 3, 1, 0),
        "Không ghi loại hình": (1, None, 0, None, None, None),
        "khác": (None, None, 2, None, None, None),
    }
    assert rows_of(found, *AHEAD, first="sector")["thôn, khu phố"] == (5, -1, HALF * 5, Fraction(3, 2), states.BEHIND)
    assert [found.total[key] for key in ("branches", "quota", "done", "quotas_below")] == [4, 12, 9, 11]
    assert any("cộng chỉ tiêu của các chi bộ" in note for note in found.notes)


def test_the_list_of_a_sector_has_whom_its_number_counts(by_sector):
    declare(by_sector["W"], 2024, {month: int(month == 3) * 5 for month in range(1, 7)})
    span = period.of_year(2024, dt.date(2024, 6, 30), today=TODAY)
    found = answer(by_sector["TU"], on=dt.date(2024, 6, 30), rows=SECTORS)
    for row in found.rows:
        scope = Scope(by_sector["TU"], dt.date(2024, 6, 30), OPENING, SECTORS, row["row"])
        assert FIGURES["admitted"].items(scope, span).number == (row["done"] or 0), row
        assert (FIGURES["admitted"].number(scope, span).number or 0) == (row["done"] or 0), row
    listed = FIGURES["admitted"].items(Scope(by_sector["TU"], TODAY, OPENING, SECTORS, "village"), span)
    assert (listed.events.count(), listed.declared) == (3, {by_sector["W"].pk: 5})


# ---- on screen -----------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", ["", "branches", SECTORS])
def test_who_counts_at_no_row_is_listed_by_the_line_beside_them(by_sector, client, rows):
    admit(by_sector["A"], {"10/04/2024": 2})
    admit(by_sector["TU"], {"10/04/2024": 1})
    client.force_login(factories.a_user(Role.BOARD, by_sector["TU"]))
    cell = rest_of(client.get(f"/don-vi/TU/bang/pace/?rows={rows}"))["Đã kết nạp"]
    page = client.get(cell["url"])
    assert page.context["number"] == cell["value"] == (3 if rows else 1)
    units = ["Đảng bộ cơ sở A"] * (2 if rows else 0) + ["Đảng bộ thành phố TU"]
    assert sorted(row.unit for row in page.context["page_of_names"]) == units


def test_the_page_for_three_readers(by_sector, client):
    """The Board opens every list, a committee its own and the total above, a branch only what is its own."""
    page, sectors_list = "/don-vi/{}/bang/pace/", "/don-vi/TU/danh-sach/admitted/?rows=sector&row=village"
    seen = {
        Role.BOARD: ("TU", {"TU": 2, "A": 2, "U": 1}, 200),
        Role.COMMITTEE: ("A", {"TU": 0, "A": 2, "U": 1}, 403),
        Role.BRANCH: ("U", {"TU": 0, "A": 0, "U": 1}, 403),
    }
    for role, (at, rows, of_list) in seen.items():
        client.force_login(factories.a_user(role, by_sector[at]))
        for code, number in rows.items():
            found = client.get(page.format(code))
            assert len(found.context["lines"]) == number, (role, code)
            opens = "danh-sach/admitted/" in found.content.decode()
            assert opens == (at == code or role == Role.BOARD or (at, code) == ("A", "U")), (role, code)
        assert client.get(sectors_list).status_code == of_list, role


def test_the_page_says_what_the_paces_are_and_where_more_is(by_sector, client):
    client.force_login(factories.a_user(Role.BOARD, by_sector["TU"]))
    found = client.get("/don-vi/TU/bang/pace/?rows=sector&on=2024-07-01")
    text = text_of(found)
    assert "Nhịp mọi năm: các năm 2023 của toàn đơn vị, theo 12 người biết ngày, hết ngày 01/07 đã có 25,00%" in text
    for title in (
        "Chi bộ đạt mức tối thiểu",
        "Nhiều năm liền không đạt chỉ tiêu",
        "Chưa kết nạp được đảng viên",
        "Chưa theo dõi quần chúng",
    ):
        assert title in text
    assert "chậm" in text
    assert "/don-vi/TU/danh-sach/admitted/?on=2024-07-01&amp;rows=sector&amp;row=village" in found.content.decode()
    assert "−1,00" in text
    people = client.get("/don-vi/TU/danh-sach/admitted/?rows=sector&row=village&on=2024-07-01")
    assert people.context["number"] == 4
    assert "thôn, khu phố" in text_of(people)


# ---- the dashboard -------------------------------------------------------------------------------
def chart_of(client, unit, query=""):
    return client.get(f"/don-vi/{unit}/{query}").context["pace"]


def column(chart, place):
    return {row.label: row.points[place].value for row in chart.rows}


def test_the_chart_adds_the_year_up_beside_both_paces(year, client):
    client.force_login(factories.a_user(Role.BOARD, year["TU"]))
    pace = chart_of(client, "A", "?on=2024-07-01")
    assert [curve.name for curve in pace.chart.curves] == ["Năm 2024", "Nhịp đều", "Nhịp các năm 2023"]
    done = column(pace.chart, 0)
    assert [done[day] for day in ("Đầu năm", "31/01", "29/02", "31/03", "30/06", "01/07")] == [0, 0, 3, 6, 6, 6]
    assert done["31/07"] is done["31/12"] is None
    even, usually = column(pace.chart, 1), column(pace.chart, 2)
    assert (even["01/07"], even["31/12"]) == (5, 10)
    assert [usually[day] for day in ("30/04", "31/05", "01/07", "31/10", "30/11")] == [
        0,
        HALF * 5,
        HALF * 5,
        HALF * 5,
        10,
    ]
    assert pace.chart.target.text == "cần đạt 10"
    assert pace.sentence == (
        "Đến hết 01/07/2024 đã kết nạp 6, cần đạt 10. Nhịp đều là 5,00, hơn 1,00. Nhịp các năm 2023 là 2,50, hơn 3,50."
    )
    assert pace.url == "/don-vi/A/bang/pace/?on=2024-07-01"


def test_the_chart_without_a_quota_draws_the_year_alone(year, client):
    client.force_login(factories.a_user(Role.BOARD, year["TU"]))
    alone = chart_of(client, "W")
    assert [curve.name for curve in alone.chart.curves] == ["Năm 2024"]
    assert "chưa có số phải đạt nên không có nhịp để so" in alone.sentence
    assert "không giao chỉ tiêu" in chart_of(client, "B").sentence


def test_a_year_declared_as_a_whole_is_one_point(year, client):
    declare(year["V"], 2024, {None: 7})
    client.force_login(factories.a_user(Role.BOARD, year["TU"]))
    done = column(chart_of(client, "V").chart, 0)
    assert {day: number for day, number in done.items() if number is not None} == {"15/10": 7}


def test_declared_months_are_drawn_month_by_month(year, client):
    declare(year["V"], 2024, {month: int(month in (2, 10)) * 2 for month in range(1, 11)})
    client.force_login(factories.a_user(Role.BOARD, year["TU"]))
    done = column(chart_of(client, "V").chart, 0)
    assert [done[day] for day in ("31/01", "29/02", "30/09", "15/10")] == [0, 2, 2, 4]


def test_nothing_is_drawn_where_nothing_is_known(year, client):
    declare(year["V"], 2024, {None: 7})
    factories.a_unit("S", "branch", year["A"])
    client.force_login(factories.a_user(Role.BOARD, year["TU"]))
    assert chart_of(client, "S") is None
    assert "chưa vẽ được nhịp độ" in text_of(client.get("/don-vi/S/"))
    quotas(A=20)
    assert "Nhịp đều là 15,79, còn đơn vị chưa báo cáo, chưa kết luận." in chart_of(client, "A").sentence
