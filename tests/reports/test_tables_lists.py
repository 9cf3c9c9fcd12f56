"""The tables that look for something: missed years, no admission, cohorts, thresholds; and who sees a unit."""

import datetime as dt
import io
import json
from dataclasses import dataclass, field

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.organisations import reorganise
from cells.organisations.models import Organisation
from cells.people.models import Office, Role
from cells.rules.models import ExitReason, Rule
from membership import admission, register
from membership.models import Candidacy, Spell, Stage
from reports import output, period, reference_city
from reports.figures import FIGURES, Scope
from reports.figures.cohort import OUTCOMES
from reports.tables import LISTS, TABLES, Question
from targets import enter
from targets.quotas import take_over
from tests import factories
from tests.pages import text_of
from tests.reference_city import load_city

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
YEAR_END = dt.date(2023, 12, 31)


def answer(key, unit, *, year=2024, on=TODAY, **more):
    return TABLES[key].answer(Question(unit, period.of_year(year, on, today=TODAY), on, **more))


def row_of(found, code):
    return next((row for row in found.rows if row["code"] == code), None)


@pytest.fixture
def units():
    """TU > A > (U, V), and the base branch W under TU."""
    top = factories.a_unit("TU", "city")
    a = factories.a_unit("A", "base_committee", top)
    below = {code: factories.a_unit(code, "branch", a) for code in "UV"}
    return {"TU": top, "A": a, **below, "W": factories.a_unit("W", "base_branch", top)}


def quotas(unit, by_year):
    lines = [take_over.QuotaLine(unit, year, admission=number) for year, number in by_year.items()]
    take_over.issue_quotas(lines, actor=None, today=TODAY)


def declare(unit, by_year):
    lines = [enter.ResultLine(unit, year, None, {"admitted": number}) for year, number in by_year.items()]
    enter.declare_results(lines, actor=None, today=TODAY)


# ---- years missed in a row -----------------------------------------------------------------------
@dataclass
class Years:
    """Quotas and declared admissions of U by year; how many years in a row it has missed on TODAY."""

    missed: int
    quotas: dict
    admitted: dict = field(default_factory=dict)


FOUR = {2020: 2, 2021: 2, 2022: 2, 2023: 2}
MISSED = {
    "every year": Years(4, FOUR, {2020: 0, 2021: 1, 2022: 1, 2023: 0}),
    "the last two": Years(2, FOUR, {2020: 0, 2021: 2, 2022: 1, 2023: 0}),
    "a year met ends the row": Years(1, FOUR, {2020: 0, 2021: 0, 2022: 3, 2023: 1}),
    "the last one met": Years(0, FOUR, {2020: 0, 2021: 0, 2022: 0, 2023: 2}),
    "a year without a quota breaks nothing": Years(2, {2021: 2, 2023: 2}, {2021: 1, 2022: 0, 2023: 1}),
    "a quota of 0 breaks nothing": Years(2, {2021: 2, 2022: 0, 2023: 2}, {2021: 1, 2022: 0, 2023: 1}),
    "a year not reported breaks nothing and counts nothing": Years(2, FOUR, {2021: 2, 2022: 1, 2023: 0} | {2020: 0}),
    "not reported between": Years(2, FOUR, {2020: 2, 2021: 1, 2023: 1}),
    "the last one not reported": Years(1, FOUR, {2021: 2, 2022: 1}),
    "never reported": Years(0, FOUR),
    "no quota at all": Years(0, {}, {2022: 0, 2023: 0}),
    "the running year does not count": Years(1, FOUR | {2024: 9}, {2022: 2, 2023: 1, 2024: 0}),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("case", MISSED.values(), ids=MISSED)
def test_years_missed_in_a_row(units, case):
    declare(units["V"], dict.fromkeys((2020, 2021, 2022, 2023), 5))  # others declare: silence is not zero
    quotas(units["U"], case.quotas)
    declare(units["U"], case.admitted)
    found = answer("missed-years", units["A"])
    row = row_of(found, "U")
    assert (row["years_missed"] if row else 0) == case.missed
    assert found.total["units_missed"] == len(found.rows) == bool(case.missed)
    assert found.total["units_missed_twice"] == (case.missed > 1)
    branches = answer("missed-years", units["TU"], rows="branches")
    assert [(line["code"], line["years_missed"]) for line in branches.rows] == [("U", case.missed)] * bool(case.missed)


def test_the_list_is_of_the_last_closed_year_asked(units):
    quotas(units["U"], FOUR)
    for year, count in ((2022, 0), (2023, 1), (2024, 2)):
        (row,) = answer("missed-years", units["A"], year=year, on=dt.date(year, 9, 30)).rows
        assert row["years_missed"] == count + 2
    assert answer("missed-years", units["A"], year=2023, on=YEAR_END).rows[0]["years_missed"] == 4


def test_rows_are_the_direct_children_with_the_longest_row_first(units):
    for code, by_year in (("W", {2022: 1, 2023: 1}), ("A", {2023: 1}), ("U", FOUR)):
        quotas(units[code], by_year)
    factories.a_user(Role.BRANCH, units["W"], office=Office.SECRETARY, name="Lê Thị Thử")
    found = answer("missed-years", units["TU"])
    assert [(row["code"], row["years_missed"]) for row in found.rows] == [("W", 2), ("A", 1)]
    assert (found.rows[0]["secretary"], found.rows[1]["secretary"]) == ("Lê Thị Thử", None)
    assert (found.total["code"], found.total["units_missed"], found.total["units_missed_twice"]) == ("TU", 2, 1)


# ---- last admission ------------------------------------------------------------------------------
# register of U (days), declared by U (year, month, number), the last admission of A on TODAY
LAST = {
    "nothing known": ([], [], None),
    "the register": ([dt.date(2019, 3, 4), dt.date(2020, 5, 6)], [], dt.date(2020, 5, 6)),
    "a declared year": ([], [(2022, None, 3), (2023, None, 0)], dt.date(2022, 12, 31)),
    "a declared month": ([], [(2022, 4, 1), (2022, 5, 0)], dt.date(2022, 4, 30)),
    "a day known within the declared year": ([dt.date(2022, 3, 4)], [(2022, None, 3)], dt.date(2022, 3, 4)),
    "declared after the register": ([dt.date(2021, 3, 4)], [(2022, None, 3)], dt.date(2022, 12, 31)),
    "the running year, at most today": ([], [(2024, None, 3)], TODAY),
}


@pytest.mark.both_databases
@pytest.mark.parametrize(("days", "declared", "last"), LAST.values(), ids=LAST)
def test_last_admission(units, days, declared, last):
    quotas(units["A"], {2023: 9})
    for day in days:
        factories.a_member(units["U"], decided_on=day)
    lines = [enter.ResultLine(units["U"], year, month, {"admitted": number}) for year, month, number in declared]
    enter.declare_results(lines, actor=None, today=TODAY)
    assert answer("missed-years", units["TU"]).total["last_admission"] == last


def test_a_day_leaves_as_a_day(units):
    quotas(units["U"], {2023: 9})
    factories.a_member(units["U"], decided_on=dt.date(2022, 3, 4))
    found = answer("missed-years", units["A"])
    question = Question(units["A"], period.of_year(2024, TODAY, today=TODAY), TODAY)
    written = {
        form: output.write(TABLES["missed-years"], question, found, form=form) for form in ("xlsx", "json", "csv")
    }
    sheet = openpyxl.load_workbook(io.BytesIO(written["xlsx"])).active
    assert dt.datetime.combine(dt.date(2022, 3, 4), dt.time()) in [
        cell for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert json.loads(written["json"])["rows"][0]["last_admission"] == "2022-03-04"
    assert "04/03/2022" in written["csv"].decode()


# ---- no admission --------------------------------------------------------------------------------
@pytest.mark.both_databases
def test_who_admitted_nobody_is_who_says_so(units):
    factories.a_member(units["U"], decided_on=dt.date(2024, 3, 4))
    factories.a_member(units["V"], decided_on=dt.date(2020, 3, 4))
    found = answer("no-admission", units["A"])
    assert [row["code"] for row in found.rows] == ["V"]
    assert (found.rows[0]["candidates"], found.rows[0]["last_admission"]) == (0, dt.date(2020, 3, 4))
    assert (found.total["units_without_admission"], found.total["units_without_candidates"]) == (1, 1)
    assert found.total["last_admission"] == dt.date(2024, 3, 4)
    declare(units["U"], {2024: 2})  # now there are declared figures: W, without a register, has not reported
    assert [row["code"] for row in answer("no-admission", units["TU"]).rows] == []
    assert answer("no-admission", units["TU"]).notes
    assert [row["code"] for row in answer("no-admission", units["TU"], rows="branches").rows] == ["V"]


def test_candidates_are_those_followed_on_the_day(units):
    case = factories.a_case(units["V"], listed_on=dt.date(2024, 1, 5))
    factories.a_case(units["V"], listed_on=dt.date(2024, 3, 5))
    gone = ExitReason.objects.get(code="withdrew")
    move = admission.Move(case.pk, Stage.DROPPED, dt.date(2024, 6, 1), exit_reason=gone)
    admission.drop([move], actor=None, today=TODAY)
    for on, number in (
        (dt.date(2024, 1, 5), 1),
        (dt.date(2024, 5, 31), 2),
        (dt.date(2024, 6, 1), 1),
        (TODAY, 1),
    ):
        assert row_of(answer("no-admission", units["A"], on=on), "V")["candidates"] == number, on
    open_cases = set(Candidacy.objects.open().values_list("pk", flat=True))
    assert set(Candidacy.objects.followed_on(TODAY).values_list("pk", flat=True)) == open_cases
    assert row_of(answer("no-admission", units["A"]), "U")["candidates"] is None, "no register kept: not zero"


# ---- cohorts -------------------------------------------------------------------------------------
def _leaves(unit, cause, day=dt.date(2023, 2, 1), **more):
    spell = factories.a_member(unit, decided_on=dt.date(2022, 3, 4), **more)
    register.depart([register.Change(spell.pk, day, cause=cause)], actor=None, today=TODAY)


@pytest.fixture
def cohort(units):
    """Admitted in 2022 by U: one of each outcome, two recognised; in 2024 one on probation by V."""
    factories.a_member(units["U"], decided_on=dt.date(2022, 3, 4), recognised_on=dt.date(2023, 4, 5))
    moved = factories.a_member(units["U"], decided_on=dt.date(2022, 3, 4), recognised_on=dt.date(2023, 4, 5))
    change = register.Change(moved.pk, dt.date(2023, 6, 1), destination=units["W"])
    register.transfer([change], actor=None, today=TODAY)
    factories.a_member(units["U"], decided_on=dt.date(2022, 3, 4))
    for cause in (Spell.End.STRUCK_OFF, Spell.End.RESIGNED, Spell.End.DECEASED):
        _leaves(units["U"], cause)
    _leaves(units["U"], Spell.End.EXPELLED, dt.date(2023, 4, 1), recognised_on=dt.date(2023, 3, 5))
    away = factories.a_member(units["U"], decided_on=dt.date(2022, 3, 4))
    change = register.Change(away.pk, dt.date(2023, 2, 1), elsewhere="Đảng bộ nơi khác")
    register.transfer([change], actor=None, today=TODAY)
    factories.a_member(units["V"], decided_on=dt.date(2024, 3, 4))
    return units


ONE_OF_EACH = dict.fromkeys(OUTCOMES, 1) | {"recognised": 2}


@pytest.mark.both_databases
def test_a_cohort_says_where_each_stands(cohort):
    found = answer("cohort", cohort["A"])
    assert [row["year"] for row in found.rows] == [2020, 2021, 2022, 2023, 2024]
    rows = {row["year"]: row for row in found.rows}
    assert {key: rows[2022][key] for key in OUTCOMES} == ONE_OF_EACH
    assert (rows[2022]["admitted"], rows[2022]["lost_percent"].as_integer_ratio()) == (8, (3, 8))
    assert (rows[2024]["admitted"], rows[2024]["on_probation"], rows[2023]["admitted"]) == (1, 1, 0)
    assert (found.total["admitted"], found.total["on_probation"]) == (9, 2)
    assert answer("cohort", cohort["W"]).total["admitted"] == 0, "the admitting unit keeps who moved on"
    before = {row["year"]: row for row in answer("cohort", cohort["A"], on=dt.date(2023, 1, 31), year=2023).rows}
    assert (before[2022]["admitted"], before[2022]["on_probation"]) == (8, 8)


@pytest.mark.parametrize("on", [TODAY, dt.date(2023, 2, 1), dt.date(2022, 12, 31)], ids=str)
@pytest.mark.parametrize("scope", ["opening", "current"])
def test_each_number_of_a_cohort_is_the_length_of_its_list(cohort, on, scope):
    for unit in cohort.values():
        for row in answer("cohort", unit, year=on.year, on=on, scope=scope).rows:
            asked = period.of_year(row["year"], on)
            at = Scope(unit, on, scope)
            listed = {key: FIGURES[f"cohort-{key}"].items(at, asked).number for key in ("admitted", *OUTCOMES)}
            assert listed == {key: row[key] for key in listed}, (unit.code, row["year"])
            assert row["admitted"] == sum(row[key] for key in OUTCOMES)


@pytest.mark.both_databases
def test_a_cohort_goes_with_the_unit_that_carries_on(units):
    """U admits one on 4/3/2022 and is merged into W on 1/7: signed where U stood, current where W stands."""
    factories.a_member(units["U"], decided_on=dt.date(2022, 3, 4))
    merging = reorganise.Merging("U", dt.date(2022, 7, 1), "W")
    reorganise.merge([merging], actor=None, today=TODAY)
    asked = period.of_year(2022, TODAY)
    for scope, numbers in (("opening", {"A": 1, "W": 0, "TU": 1}), ("current", {"A": 0, "W": 1, "TU": 1})):
        for code, number in numbers.items():
            row = next(row for row in answer("cohort", units[code], scope=scope).rows if row["year"] == 2022)
            assert (row["admitted"], row["on_probation"]) == (number, number), (scope, code)
            items = FIGURES["cohort-on_probation"].items(Scope(units[code], TODAY, scope), asked)
            assert items.number == number, (scope, code)


# ---- thresholds ----------------------------------------------------------------------------------
@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("full", "probationary", "findings"),
    [
        (2, 0, {"cannot_vote"}),
        (2, 4, {"cannot_vote", "to_upgrade", "to_divide"}),
        (3, 0, set()),
        (3, 1, {"to_upgrade"}),
        (5, 0, {"to_upgrade"}),
        (6, 0, {"to_upgrade", "to_divide"}),
    ],
)
def test_thresholds_come_from_the_rules_of_the_day(units, full, probationary, findings):
    """3 official members to vote as seeded; 4 for a committee, 6 for groups."""
    for key, value in (("committee_minimum", "4"), ("group_threshold", "6")):
        Rule.objects.filter(key=key).update(value=value)
    for _ in range(full):
        factories.a_full_member(units["W"])
    for _ in range(probationary):
        factories.a_member(units["W"], decided_on=dt.date(2024, 3, 4))
    found = answer("thresholds", units["TU"])
    assert {row["finding"] for row in found.rows if row["code"] == "W"} == findings
    for finding in findings:
        assert found.total[f"units_{finding}"] == 1
    assert {(row["members"], row["full"]) for row in found.rows} <= {(full + probationary, full)}
    assert any("chưa có sổ" in note for note in found.notes), "U and V keep no register and are in no list"
    assert [rule.count("Điều lệ Đảng, Điều 21") for rule in found.rules] == [1, 1, 0]


@pytest.mark.both_databases
def test_a_committee_counts_all_below_and_only_when_all_keep_a_register(units):
    Rule.objects.filter(key="committee_minimum").update(value="4")
    for _ in range(3):
        factories.a_full_member(units["U"])
    assert row_of(answer("thresholds", units["TU"]), "A") is None, "V has not told"
    last = factories.a_full_member(units["V"])
    assert row_of(answer("thresholds", units["TU"]), "A") is None
    change = register.Change(last.pk, dt.date(2024, 6, 1), cause=Spell.End.DECEASED)
    register.depart([change], actor=None, today=TODAY)
    row = row_of(answer("thresholds", units["TU"]), "A")
    assert (row["finding"], row["members"]) == ("too_small", 3)
    assert row_of(answer("thresholds", units["TU"], on=dt.date(2024, 6, 1)), "A") is None, "counted on the last day"
    assert row_of(answer("thresholds", units["A"]), "V")["finding"] == "cannot_vote"


def test_without_a_rule_nothing_is_found(units):
    factories.a_member(units["W"])
    Rule.objects.filter(key="vote_minimum").delete()
    assert answer("thresholds", units["TU"]).rows == []


# ---- the reference city --------------------------------------------------------------------------
def _missed_by_the_generator(code):
    city = reference_city.build()
    wanted = {row.year: row.admission for row in city.quotas if row.code == code and row.year < 2024}
    admitted = {row.year: row.admitted for row in city.flows if row.code == code}
    count = 0
    for year in sorted(wanted, reverse=True):
        if wanted[year] and year in admitted:
            if admitted[year] >= wanted[year]:
                break
            count += 1
    return count


@pytest.mark.everywhere
def test_the_reference_city(client):
    load_city()
    top = Organisation.objects.get(code="TU")
    bases = Organisation.objects.filter(places__parent=top, places__to_day=None).values_list("code", flat=True)
    expected = {code: count for code in bases if (count := _missed_by_the_generator(code))}
    assert {row["code"]: row["years_missed"] for row in answer("missed-years", top).rows} == expected
    assert 4 in expected.values()
    assert 10 < len(expected) < 30
    by_branch = answer("no-admission", top, rows="branches")
    assert len(by_branch.rows) == by_branch.total["units_without_admission"] > len(answer("no-admission", top).rows) > 0
    assert {row["finding"] for row in answer("thresholds", top).rows} >= {"to_upgrade", "to_divide"}
    assert answer("cohort", top).rows[-1]["admitted"] == 247

    client.force_login(factories.a_user(Role.BOARD, top))
    for code in ("TU", "01", "01.03"):
        for key in LISTS:
            assert client.get(reverse("table", args=[code, key])).status_code == 200, (code, key)
    page = client.get(reverse("table", args=["TU", "cohort"]))
    cells = [cell for cell in _counts_that_lead_on(page) if cell["value"]]
    assert len(cells) > 10
    for cell in cells:
        assert client.get(cell["url"]).context["number"] == cell["value"], cell["url"]
    for code, key in (("TU", "no-admission"), ("01", "thresholds")):
        cells = _counts_that_lead_on(client.get(reverse("table", args=[code, key])))
        assert cells
        for cell in cells:
            assert client.get(cell["url"]).context["page"].paginator.count == cell["value"], cell["url"]


def _counts_that_lead_on(page):
    cells = [cell for line in page.context["lines"] for cell in line["cells"]]
    return [cell for cell in cells if cell["kind"] == "count" and cell["url"]]


# ---- the pages -----------------------------------------------------------------------------------
PAGES = [
    *(reverse("table", args=["TU", key]) for key in LISTS),
    reverse("table", args=["TU", "no-admission"]) + "?rows=branches",
    "/don-vi/TU/danh-sach/cohort-admitted/",
    "/don-vi/TU/danh-sach/",
    "/don-vi/TU/ai-xem-duoc/",
]


def _asked(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200, url
    return len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_lists_ask_the_same_for_two_units_and_for_five(client):
    counts = []
    for number in (2, 5):
        savepoint = transaction.savepoint()
        city = factories.a_city(committees=number, branches=1, base_branches=number)
        for unit in (*city.committees, *city.base_branches):
            quotas(unit, {2022: 1, 2023: 1, 2024: 1})
        for branch in city.branches:
            factories.a_case(branch)
            factories.a_full_member(branch)
        client.force_login(factories.a_user(Role.BOARD, city.top))
        client.get("/don-vi/TU/")
        counts.append({url: _asked(client, url) for url in PAGES})
        transaction.savepoint_rollback(savepoint)
    assert counts[0] == counts[1]
    of_lists = "/don-vi/TU/danh-sach/"  # asks what every list finds
    assert max(number for url, number in counts[1].items() if url != of_lists) <= 22
    assert counts[1][of_lists] <= 48


def test_a_reader_below_sees_the_figure_of_the_unit_but_not_its_parts(client):
    city = factories.a_city()
    quotas(city.base_branch, {2023: 1})
    client.force_login(factories.a_user(Role.BRANCH, city.branch))
    page = client.get(reverse("table", args=["TU", "missed-years"]))
    assert page.context["lines"] == []
    assert client.get(reverse("table", args=["TU", "missed-years"]) + "?file=csv").status_code == 403
    page = client.get(reverse("table", args=["TU", "cohort"]))
    assert len(page.context["lines"]) == 5
    assert not [cell for line in page.context["lines"] for cell in line["cells"] if cell["url"]]


def test_who_sees_a_unit_is_told_in_words(client):
    city = factories.a_city()
    factories.a_user(Role.COMMITTEE, city.committee, office=Office.SECRETARY, name="Lê Thị Cấp")
    factories.a_user(Role.BODY, city.top, name="Trần Văn Đoàn")
    factories.a_user(Role.BRANCH, city.sibling, name="Hoàng Văn Bên")
    old = factories.a_user(Role.BRANCH, city.branch, name="Vũ Thị Cũ", to_day=dt.date(2024, 10, 1))
    reader = factories.a_user(Role.BRANCH, city.branch, name="Bùi Văn Chi")
    client.force_login(reader)
    page = client.get(reverse("who_sees", args=[city.branch.code]))
    holders = {holder.post.person.name: holder for holder in page.context["holders"]}
    assert list(holders) == ["Bùi Văn Chi", "Lê Thị Cấp", "Trần Văn Đoàn"], "the unit first, then upwards"
    assert (holders["Trần Văn Đoàn"].names, list(holders["Trần Văn Đoàn"].deeds)) == (False, [])
    assert "ghi quyết định kết nạp, công nhận" in holders["Lê Thị Cấp"].deeds
    assert "ghi quyết định kết nạp, công nhận" not in holders["Bùi Văn Chi"].deeds
    text = text_of(page)
    assert "Cấp ủy cơ sở" in text
    assert old.person.name not in text
    assert client.get(reverse("who_sees", args=[city.committee.code])).status_code == 403
    assert client.get(reverse("who_sees", args=[city.sibling.code])).status_code == 404
    past = client.get(reverse("who_sees", args=[city.branch.code]) + "?on=2024-09-30")
    assert "Vũ Thị Cũ" in [holder.post.person.name for holder in past.context["holders"]], "the posts of that day"
    client.force_login(factories.a_user(Role.BOARD, city.top))
    assert client.get(reverse("who_sees", args=[city.committee.code])).context["people_below"] == 2


def test_the_lists_stand_under_one_tab(client):
    city = factories.a_city()
    client.force_login(factories.a_user(Role.BOARD, city.top))
    for name, *more in (("lists",), ("table", "cohort"), ("who_sees",)):
        url = reverse(name, args=["TU", *more])
        active = [tab["label"] for tab in client.get(url).context["tabs"] if tab["active"]]
        assert active == ["Danh sách"], url
    page = text_of(client.get(reverse("lists", args=["TU"])))
    assert all(table.title in page for table in LISTS.values())
