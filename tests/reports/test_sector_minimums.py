"""The branches of each sector that reach the minimum, in number and on average; on screen, in files, of the city."""

import datetime as dt
import io
import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.models import Organisation, Place, Sector, Style
from cells.organisations import reorganise
from cells.people.models import Role
from membership.models import Spell, StageEvent
from reports import period
from reports.figures.standing import CURRENT, OPENING
from reports.tables import TABLES, Question
from targets import enter
from targets.models import Programme, Sources, Target
from targets.sources.say import SourcesLine, declare_sources
from tests import factories
from tests.pages import text_of
from tests.reference_city import load_city

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
CELLS = (
    "branches",
    "branches_with_sources",
    "admission_met_each",
    "admission_met_each_with_sources",
    "admission_average",
    "admission_average_with_sources",
    "fostering_met_each",
    "fostering_met_each_with_sources",
    "fostering_average",
    "fostering_average_with_sources",
    "not_reported",
)


def answer(unit, *, year=2024, on=TODAY, scope=OPENING):
    return TABLES["sector-minimums"].answer(Question(unit, period.of_year(year, on, today=TODAY), on, scope))


def cells(row):
    return tuple(row[key] for key in CELLS)


def told(**rows):
    lines = [
        enter.ResultLine(Organisation.objects.get(code=code), 2024, None, {"admitted": admitted, "fostered": fostered})
        for code, (admitted, fostered) in rows.items()
    ]
    enter.declare_results(lines, actor=None, today=TODAY)


@pytest.fixture
def units():
    """TU over DU1 with five village branches, two firms, a school, a company of the State that no programme names.

    V1 admitted 2 and fostered 1, V2 1 and 0, V3 0 and 3, V4 0 and 0; V5 told nothing. F1 1 and 1, F2 0 and 1.
    S1 0 and 0. V4 and S1 are out of sources, and so is V2, which admitted all the same.
    """
    top = factories.a_unit("TU", "city")
    found = {"TU": top, "DU1": factories.a_unit("DU1", "base_committee", top)}
    sectors = {"V": "village", "F": "private_economy", "S": "school", "E": "state_enterprise"}
    for code in ("V1", "V2", "V3", "V4", "V5", "F1", "F2", "S1", "E1"):
        found[code] = factories.a_unit(code, "branch", found["DU1"], sector=sectors[code[0]])
    told(V1=(2, 1), V2=(1, 0), V3=(0, 3), V4=(0, 0), F1=(1, 1), F2=(0, 1), S1=(0, 0), E1=(7, 7))
    words = [SourcesLine(found[code], 2024, False, "không còn ai") for code in ("V2", "V4", "S1")]
    declare_sources(words, actor=None, today=TODAY)
    return found


VILLAGES = (5, 3, 2, 1, Fraction(3, 5), Fraction(2, 3), 2, 2, Fraction(4, 5), Fraction(4, 3), 1)
FIRMS = (2, 2, 1, 1, Fraction(1, 2), Fraction(1, 2), 2, 2, Fraction(1), Fraction(1), 0)
SCHOOLS = (1, 0, 0, 0, Fraction(0), None, 0, 0, Fraction(0), None, 0)
NOBODY = (0, 0, 0, 0, None, None, 0, 0, None, None, 0)


@pytest.mark.both_databases
def test_each_sector_that_a_programme_names(units):
    found = answer(units["TU"])
    assert {row["row"]: cells(row) for row in found.rows} == {
        "village": VILLAGES,
        "private_economy": FIRMS,
        "school": SCHOOLS,
        "agency": NOBODY,
        "public_service": NOBODY,
        "health": NOBODY,
        "military": NOBODY,
        "police": NOBODY,
    }
    assert cells(found.total) == (8, 5, 3, 2, Fraction(4, 8), Fraction(3, 5), 4, 4, Fraction(6, 8), Fraction(6, 5), 1)
    assert answer(units["DU1"]).total["branches"] == 8
    assert [cells(row) for row in answer(units["F1"]).rows if row["row"] == "private_economy"] == [
        (1, 1, 1, 1, Fraction(1), Fraction(1), 1, 1, Fraction(1), Fraction(1), 0)
    ]
    assert "1 chi bộ chưa báo cáo đủ cho kỳ này; chưa tính là đạt." in found.notes


def test_the_minimum_is_what_the_programme_asks_of_each(units):
    Target.objects.filter(sector__code="private_economy", line="fostering").update(value=Decimal(2))
    programme = Programme.objects.get(from_year=2024)
    village = Sector.objects.get(code="village")
    each = Target.objects.create(
        programme=programme, line="admission", kind="minimum_each", value=2, where="sector", sector=village
    )
    rows = {row["row"]: row for row in answer(units["TU"]).rows}
    assert rows["private_economy"]["fostering_met_each"] == 0
    assert rows["village"]["admission_met_each"] == 1
    each.delete()
    Target.objects.filter(sector=village, line="admission").update(value=3)  # on average: of each still one
    assert {row["row"]: row for row in answer(units["TU"]).rows}["village"]["admission_met_each"] == 2


def test_a_sector_that_only_another_programme_names_has_a_row_in_its_years(units):
    later = Programme.objects.create(title="sau", document="thử", from_year=2025, to_year=2030)
    company = Sector.objects.get(code="state_enterprise")
    Target.objects.create(programme=later, line="admission", kind="coverage", value=80, where="sector", sector=company)
    assert "state_enterprise" not in {row["row"] for row in answer(units["TU"]).rows}
    later.from_year = 2024
    later.save()
    rows = {row["row"]: row for row in answer(units["TU"]).rows}
    assert rows["state_enterprise"]["admission_met_each"] == 1
    assert answer(units["TU"], year=2023, on=dt.date(2023, 12, 31)).rows == []


def test_a_branch_counts_in_the_sector_of_the_day(units):
    Style.objects.filter(organisation=units["V1"]).update(to_day=dt.date(2024, 7, 1))
    old = Style.objects.get(organisation=units["V1"])
    Style.objects.create(
        organisation=units["V1"], name=old.name, kind=old.kind, sector=Sector.objects.get(code="private_economy"),
        from_day=dt.date(2024, 7, 1),
    )  # fmt: skip
    for on, villages in ((dt.date(2024, 6, 30), 5), (dt.date(2024, 7, 1), 4)):
        rows = {row["row"]: row for row in answer(units["TU"], on=on).rows}
        assert (rows["village"]["branches"], rows["private_economy"]["branches"]) == (villages, 7 - villages)


def test_on_the_command_line(units):
    out = io.StringIO()
    call_command("report", "sector-minimums", "--organisation", "TU", "--year", "2024", stdout=out)
    report = json.loads(out.getvalue())
    (village,) = [row for row in report["rows"] if row["sector"] == "thôn, khu phố"]
    assert village["admission_average"] == {"exact": "3/5", "printed": "0,60"}
    assert report["total"]["admission_average"] == {"exact": "1/2", "printed": "0,50"}
    assert report["rows"][-1]["branches"] in (0, 1)
    assert any("bồi dưỡng tạo nguồn cho: cơ quan" in note for note in report["notes"])


@pytest.fixture
def board(client, units):
    client.force_login(factories.a_user(Role.BOARD, units["TU"]))
    return client


TABLE = "/don-vi/TU/bang/sector-minimums/"


def test_in_excel_an_average_is_a_number(board):
    book = openpyxl.load_workbook(io.BytesIO(board.get(f"{TABLE}?file=xlsx").content))
    rows = {row[0].value: row for row in book.active.iter_rows(min_row=4)}
    average = rows["thôn, khu phố"][CELLS.index("admission_average") + 1]
    assert (average.value, average.number_format) == (0.6, "#,##0.00")
    for form in ("csv", "docx"):
        assert board.get(f"{TABLE}?file={form}").status_code == 200
    assert "0,60" in board.get(f"{TABLE}?file=csv").content.decode()


def _links(page, word):
    """The links of the row that begins with `word`: text → address."""
    (line,) = [line for line in page.context["lines"] if line["cells"][0]["text"] == word]
    return [(cell["text"], cell["url"]) for cell in line["cells"][1:]]


def test_every_number_opens_the_branches_it_counts(board, units):
    page = board.get(TABLE)
    for word, row in (("thôn, khu phố", VILLAGES), ("đơn vị kinh tế tư nhân", FIRMS)):
        for (text, url), number, key in zip(_links(page, word), row[:-1], CELLS, strict=False):
            listed = board.get(url).context["page_of_units"].paginator.count
            of_all = row[1] if key.endswith("with_sources") else row[0]
            assert listed == (of_all if isinstance(number, Fraction) else number), (word, text, url)
    (_, url) = _links(page, "thôn, khu phố")[2]
    missed = board.get(url.replace("state=reached", "state=missed"))
    assert [row["judged"].unit for row in missed.context["page_of_units"]] == [units["V3"].pk, units["V4"].pk]
    silent = text_of(board.get(url.replace("state=reached", "state=silent")))
    assert "chưa đủ số liệu" in silent


def test_the_branches_of_the_total_stand_sector_by_sector(board):
    page = board.get(reverse("sector_branches", args=["TU", "fostering"]) + "?state=missed")
    rows = [(row["sector"], row["judged"].done) for row in page.context["page_of_units"]]
    assert rows == [("thôn, khu phố", 0), ("thôn, khu phố", 0), ("trường học", 0)]
    assert "Loại hình" in text_of(page)


def test_a_branch_that_is_gone_is_shown_on_its_last_day(board, units):
    merging = reorganise.Merging("V4", dt.date(2024, 7, 1), "V1")
    reorganise.merge([merging], actor=None, today=TODAY)
    page = board.get(reverse("sector_branches", args=["TU", "admission"]) + "?row=village&state=missed")
    urls = {row["judged"].unit: (row["url"], row["done_url"]) for row in page.context["page_of_units"]}
    url, done_url = urls[units["V4"].pk]
    assert ("on=2024-06-30" in url, done_url) == (True, "")
    assert board.get(url).status_code == 200
    assert board.get(urls[units["V3"].pk][1]).status_code == 200


def test_the_total_of_a_unit_above_is_shown_without_its_branches(client, units):
    client.force_login(factories.a_user(Role.BRANCH, units["V1"]))
    page = client.get(TABLE)
    assert (page.status_code, page.context["lines"]) == (200, [])
    assert not [cell["url"] for cell in page.context["total"]["cells"] if cell["url"]]
    url = reverse("sector_branches", args=["TU", "admission"])
    assert client.get(url).status_code == 403
    assert client.get(url.replace("/TU/", "/V1/")).status_code == 200
    assert client.get(url.replace("/TU/", "/F1/")).status_code == 404


@pytest.mark.parametrize("query", ["?row=khong_co", "?row=state_enterprise"])
def test_a_sector_that_no_programme_names_has_no_list(board, query):
    assert board.get(reverse("sector_branches", args=["TU", "admission"]) + query).status_code == 404
    assert board.get(reverse("sector_branches", args=["TU", "admitted"])).status_code == 404


def test_queries_do_not_grow_with_the_branches(board, units):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer(units["TU"])
        with CaptureQueriesContext(connection) as listed:
            board.get(reverse("sector_branches", args=["TU", "admission"]))
        counts.append((len(queries), len(listed)))
        for number in range(6):
            factories.a_unit(f"V{len(counts)}{number}", "branch", units["DU1"], sector="village")
    assert counts[0] == counts[1]
    assert counts[0][0] <= 14


# ---- the reference city, counted once more by hand -------------------------------------------------
@pytest.mark.parametrize("scope", [OPENING, CURRENT])
def test_of_the_reference_city_the_register_counted_row_by_row_says_the_same(scope):
    load_city()
    found = answer(Organisation.objects.get(code="TU"), scope=scope)
    placed = {place.organisation_id for place in Place.objects.all() if place.holds_on(TODAY)}
    branches = [
        style
        for style in Style.objects.select_related("kind", "sector")
        if style.holds_on(TODAY) and style.organisation_id in placed and style.kind.is_branch and style.sector
    ]
    out = set(
        Sources.objects.filter(year=2024, has_sources=False, in_force=True).values_list("organisation", flat=True)
    )
    year = {"from_day__gte": dt.date(2024, 1, 1), "from_day__lte": TODAY}
    admitted = Counter(Spell.objects.filter(started_by="admitted", **year).values_list("organisation", flat=True))
    listed = {}
    for event in StageEvent.objects.filter(stage="sympathiser").select_related("candidacy").order_by("-day", "-pk"):
        if event.day.year == 2024 and event.day <= TODAY:
            listed[event.candidacy.person_id] = event.organisation_id
    fostered = Counter(listed.values())
    assert len(found.rows) == 8
    for row in found.rows:
        here = [style.organisation_id for style in branches if style.sector.code == row["row"]]
        with_sources = [unit for unit in here if unit not in out]
        expected = [len(here), len(with_sources)]
        for done in (admitted, fostered):
            expected += [sum(done[unit] > 0 for unit in here), sum(done[unit] > 0 for unit in with_sources)]
            expected += [Fraction(sum(done[unit] for unit in some), len(some)) for some in (here, with_sources)]
        assert list(cells(row))[:-1] == expected, row["sector"]


def test_the_reference_city_as_it_was_counted_by_hand():
    load_city()
    found = answer(Organisation.objects.get(code="TU"))
    told = {row["row"]: cells(row)[:3] for row in found.rows}
    assert told == {
        "village": (117, 117, 91),
        "private_economy": (27, 27, 17),
        "agency": (31, 21, 18),
        "public_service": (2, 2, 2),
        "school": (47, 32, 32),
        "health": (24, 16, 13),
        "military": (14, 7, 4),
        "police": (19, 11, 10),
    }  # fmt: skip
    assert found.total["admission_average"] == Fraction(227, 281)
