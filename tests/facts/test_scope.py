"""The table "Scope of a rate" of `architecture.md`: U = 100, V = 200 under A, W = 300 under B; a turn on 1/7."""

import datetime as dt
from fractions import Fraction
from itertools import product

import pytest

from cells.models import Kind, Place
from cells.organisations import reorganise
from membership import register
from membership.models import Spell
from reports import period
from reports.figures import FIGURES, Scope
from reports.figures.standing import CURRENT, OPENING
from reports.tables import TABLES, Question
from targets import enter
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

BEFORE, TURN, AFTER = dt.date(2024, 3, 1), dt.date(2024, 7, 1), dt.date(2024, 9, 1)


@pytest.fixture
def units():
    top = factories.a_unit("TU", "city")
    a, b = (factories.a_unit(code, "base_committee", top) for code in "AB")
    found = {"TU": top, "A": a, "B": b}
    for code, above, base in (("U", a, 100), ("V", a, 200), ("W", b, 300)):
        found[code] = factories.a_unit(code, "branch", above)
        enter.declare_bases([enter.BaseLine(found[code], 2024, base)], actor=None, today=factories.TODAY)
    return found


def _admit(unit, before, after):
    for day in [BEFORE] * before + [AFTER] * after:
        factories.a_member(unit, decided_on=day)


def _nothing(units):
    _admit(units["U"], 2, 3)


def _left(units):
    _admit(units["U"], 2, 3)
    reorganise.leave([reorganise.Leaving("U", TURN)], actor=None, today=factories.TODAY)


def _moved(units):
    _admit(units["U"], 2, 3)
    reorganise.move([reorganise.Moving("U", TURN, "B")], actor=None, today=factories.TODAY)


def _merged(units):
    _admit(units["U"], 2, 0)
    reorganise.merge([reorganise.Merging("U", TURN, "W")], actor=None, today=factories.TODAY)
    _admit(units["W"], 0, 3)


def _dissolved(units):
    _admit(units["U"], 2, 0)
    reorganise.dissolve([reorganise.Dissolving("U", TURN, "V")], actor=None, today=factories.TODAY)


def _joins(units):
    joining = reorganise.Joining("J", TURN, "B", "Chi bộ J", Kind.objects.get(code="branch"))
    (joined,) = reorganise.join([joining], actor=None, today=factories.TODAY)
    enter.declare_bases([enter.BaseLine(joined, 2024, 50)], actor=None, today=factories.TODAY)
    _admit(joined, 1, 2)


def _new_unit_admits(units):
    members = [factories.a_full_member(units["W"]) for _ in range(2)]
    new = factories.a_unit("N", "branch", units["B"], day=TURN)
    changes = [register.Change(member.pk, TURN, destination=new) for member in members]
    register.transfer(changes, actor=None, today=factories.TODAY)
    _admit(new, 0, 3)


# what happens; admitted/base of A, B and the top by the opening scope, then by the current one
TABLE = [
    pytest.param(_nothing, "5/300 0/300 5/600", "5/300 0/300 5/600", id="nothing"),
    pytest.param(_moved, "5/300 0/300 5/600", "0/200 5/400 5/600", id="moved under B"),
    pytest.param(_merged, "2/300 3/300 5/600", "0/200 5/400 5/600", id="merged into W"),
    pytest.param(_left, "2/300 0/300 2/600", "0/200 0/300 0/500", id="left the city"),
    pytest.param(_dissolved, "2/300 0/300 2/600", "2/300 0/300 2/600", id="dissolved, members to V"),
    pytest.param(_new_unit_admits, "0/300 3/300 3/600", "0/300 3/300 3/600", id="new N under B from single transfers"),
    pytest.param(_joins, "0/300 0/300 0/600", "0/300 3/350 3/650", id="J joins B"),
]


def _ask(unit, scope, on=factories.TODAY):
    return TABLES["admission-rate"].answer(Question(unit, period.of_year(2024, on), on, scope))


def _line(units, scope):
    totals = [_ask(units[code], scope).total for code in ("A", "B", "TU")]
    return " ".join(f"{total['admitted']}/{total['base']}" for total in totals)


@pytest.mark.parametrize(("happens", "opening", "current"), TABLE)
def test_the_table_of_scopes(units, happens, opening, current):
    happens(units)
    assert _line(units, OPENING) == opening
    assert _line(units, CURRENT) == current


SAME = "Phạm vi đầu năm và phạm vi hiện tại như nhau."
#: what happens; the sentence that explains the current scope at A, B and the top
SENTENCES = [
    pytest.param(_nothing, SAME, SAME, SAME, id="nothing"),
    pytest.param(
        _moved,
        "Phạm vi hiện tại 0/200 = 0,00%: Chi bộ U (100 đảng viên đầu năm, 5 kết nạp) chuyển đến Đảng bộ cơ sở B"
        " từ ngày 01/07/2024.",
        "Phạm vi hiện tại 5/400 = 1,25%: Chi bộ U (100 đảng viên đầu năm, 5 kết nạp) chuyển từ Đảng bộ cơ sở A đến"
        " từ ngày 01/07/2024.",
        SAME,
        id="moved under B",
    ),
    pytest.param(
        _merged,
        "Phạm vi hiện tại 0/200 = 0,00%: Chi bộ U (100 đảng viên đầu năm, 2 kết nạp) sáp nhập vào Chi bộ W"
        " từ ngày 01/07/2024.",
        "Phạm vi hiện tại 5/400 = 1,25%: Chi bộ U của Đảng bộ cơ sở A (100 đảng viên đầu năm, 2 kết nạp)"
        " sáp nhập vào Chi bộ W từ ngày 01/07/2024.",
        SAME,
        id="merged into W",
    ),
    pytest.param(
        _left,
        "Phạm vi hiện tại 0/200 = 0,00%: Chi bộ U (100 đảng viên đầu năm, 2 kết nạp) chuyển ra khỏi đảng bộ"
        " từ ngày 01/07/2024.",
        SAME,
        "Phạm vi hiện tại 0/500 = 0,00%: Chi bộ U (100 đảng viên đầu năm, 2 kết nạp) chuyển ra khỏi đảng bộ"
        " từ ngày 01/07/2024.",
        id="left the city",
    ),
    pytest.param(_dissolved, SAME, SAME, SAME, id="dissolved, members to V"),
    pytest.param(_new_unit_admits, SAME, SAME, SAME, id="new N under B from single transfers"),
    pytest.param(
        _joins,
        SAME,
        "Phạm vi hiện tại 3/350 = 0,86%: Chi bộ J (50 đảng viên đầu năm, 3 kết nạp) được tiếp nhận vào đảng bộ"
        " từ ngày 01/07/2024.",
        "Phạm vi hiện tại 3/650 = 0,46%: Chi bộ J (50 đảng viên đầu năm, 3 kết nạp) được tiếp nhận vào đảng bộ"
        " từ ngày 01/07/2024.",
        id="J joins B",
    ),
]


@pytest.mark.parametrize(("happens", "a", "b", "top"), SENTENCES)
def test_the_sentence_that_explains_the_scopes(units, happens, a, b, top):
    """The same whichever scope is asked, with the rates that the table of that scope has."""
    happens(units)
    told = [("A", a), ("B", b), ("TU", top)]
    for (code, sentence), scope in product(told, (OPENING, CURRENT)):
        answer = _ask(units[code], scope)
        (both,) = answer.scopes
        assert both.sentence() == sentence
        if both.differ:
            signed, now = _ask(units[code], OPENING).total, _ask(units[code], CURRENT).total
            assert (both.opening.admitted, both.opening.base) == (signed["admitted"], signed["base"])
            assert (both.current.admitted, both.current.base) == (now["admitted"], now["base"])
            assert both.text().startswith(
                f"Tỷ lệ kết nạp năm 2024, phạm vi đầu năm (số để ký) {both.opening}. Phạm vi hiện tại"
            )


@pytest.mark.parametrize(
    ("happens", "code", "sentence"),
    [
        (_joins, "J", "Phạm vi hiện tại 3/50 = 6,00%: đơn vị này được tiếp nhận từ ngày 01/07/2024, đầu năm chưa"),
        (_left, "U", "Phạm vi hiện tại không có số: đơn vị này chuyển ra từ ngày 01/07/2024, nay không còn"),
        (_dissolved, "V", "Phạm vi hiện tại 2/300 = 0,67%: Chi bộ U của Đảng bộ cơ sở A (100 đảng viên đầu năm, 2 kết"),
        (_merged, "W", "Phạm vi hiện tại 5/400 = 1,25%: Chi bộ U của Đảng bộ cơ sở A (100 đảng viên đầu năm, 2 kết"),
    ],
)
def test_the_sentence_of_the_unit_itself_and_of_the_one_that_carries_on(units, happens, code, sentence):
    happens(units)
    unit = units.get(code) or Place.objects.get(organisation__code=code).organisation
    (both,) = _ask(unit, OPENING).scopes
    assert both.sentence().startswith(sentence)


def test_a_reader_of_the_total_alone_is_told_of_no_other_unit(units):
    _moved(units)
    (both,) = _ask(units["B"], OPENING).scopes
    assert both.sentence(inside=False) == "Phạm vi hiện tại 5/400 = 1,25%: 1 tổ chức chuyển đến trong năm."
    reorganise.leave([reorganise.Leaving("W", AFTER)], actor=None, today=factories.TODAY)
    (both,) = _ask(units["B"], OPENING).scopes
    assert "1 tổ chức chuyển đến trong năm; 1 tổ chức chuyển đi trong năm." in both.sentence(inside=False)


def test_a_committee_merged_with_its_branches_is_one_reason(units):
    _admit(units["U"], 2, 3)
    reorganise.merge([reorganise.Merging("A", TURN, "B")], actor=None, today=factories.TODAY)
    (both,) = _ask(units["B"], OPENING).scopes
    assert both.sentence() == (
        "Phạm vi hiện tại 5/600 = 0,83%: Đảng bộ cơ sở A của Đảng bộ thành phố TU"
        " (300 đảng viên đầu năm, 5 kết nạp) sáp nhập vào đơn vị này từ ngày 01/07/2024."
    )


def test_a_committee_with_a_row_of_its_own_brings_that_row_and_not_its_branches_again(units):
    enter.declare_bases([enter.BaseLine(units["A"], 2024, 310)], actor=None, today=factories.TODAY)
    _admit(units["U"], 2, 3)
    reorganise.merge([reorganise.Merging("A", TURN, "B")], actor=None, today=factories.TODAY)
    (both,) = _ask(units["B"], OPENING).scopes
    assert "(310 đảng viên đầu năm, 5 kết nạp) sáp nhập vào đơn vị này từ ngày 01/07/2024." in both.sentence()
    assert both.accounted


def test_many_reasons_are_told_by_the_largest_and_what_they_do_not_explain_is_said(units):
    for number in range(6):
        unit = factories.a_unit(f"V{number}", "branch", units["A"])
        enter.declare_bases([enter.BaseLine(unit, 2024, 10 + number)], actor=None, today=factories.TODAY)
        reorganise.move([reorganise.Moving(unit.code, TURN, "B")], actor=None, today=factories.TODAY)
    (both,) = _ask(units["B"], OPENING).scopes
    assert both.sentence().count("chuyển từ Đảng bộ cơ sở A đến") == 4
    assert "Chi bộ V5 (15 đảng viên đầu năm" in both.sentence()
    assert both.sentence().endswith("; và 2 tổ chức khác.")
    enter.declare_bases([enter.BaseLine(units["A"], 2024, 999)], actor=None, today=factories.TODAY)
    _admit(unit, 1, 0)
    (both,) = _ask(units["A"], OPENING).scopes
    assert "phần còn lại do số khai riêng" in both.sentence(), "its own row does not follow the units that went"


@pytest.mark.parametrize(("happens", "opening", "current"), TABLE)
def test_the_rows_of_the_top_add_up_to_its_total(units, happens, opening, current):
    happens(units)
    for scope in (OPENING, CURRENT):
        answer, parts = _ask(units["TU"], scope), {code: _ask(units[code], scope).total for code in "AB"}
        by_code = {row["code"]: row for row in answer.rows}
        assert by_code.keys() == parts.keys(), scope
        for column in ("base", "admitted"):
            assert sum(row[column] for row in answer.rows) == answer.total[column], scope
            assert [by_code[code][column] for code in "AB"] == [parts[code][column] for code in "AB"], scope


def test_before_the_turn_both_scopes_are_as_they_were(units):
    _left(units)
    on = dt.date(2024, 6, 30)
    assert {scope: _ask(units["TU"], scope, on).total["admitted"] for scope in (OPENING, CURRENT)} == {
        OPENING: 2,
        CURRENT: 2,
    }
    assert _ask(units["TU"], CURRENT, on).total["base"] == 600


def test_a_unit_born_in_the_year_has_no_base_and_is_not_missing(units):
    _new_unit_admits(units)
    row = next(row for row in _ask(units["B"], OPENING).rows if row["code"] == "N")
    assert (row["base"], row["base_missing"], row["admitted"], row["rate"], row["met"]) == (None, 0, 3, None, None)


def test_a_unit_that_joined_counts_nothing_of_its_own_in_the_opening_scope(units):
    _joins(units)
    joined = Place.objects.get(organisation__code="J").organisation
    _admit(factories.a_unit("J1", "branch", joined, day=AFTER), 0, 1)
    answer = _ask(joined, OPENING)
    assert (answer.total["base"], answer.total["admitted"], answer.rows) == (None, None, [])
    assert "không ở trong đảng bộ" in answer.notes[0]
    asked = period.of_year(2024, factories.TODAY)
    for key in ("base", "admitted"):
        assert FIGURES[key].number(Scope(joined, asked.last, OPENING), asked).number is None
        assert FIGURES[key].items(Scope(joined, asked.last, OPENING), asked).number == 0
    assert _ask(joined, CURRENT).total["admitted"] == 4


def test_nobody_is_lost_by_the_turn(units):
    before = Spell.objects.count()
    _left(units)
    assert Spell.objects.filter(organisation__code="U", to_day=None).count() == 5 + before


def test_a_unit_that_carries_on_another_has_its_base_and_admissions_in_the_current_scope(units):
    _merged(units)
    rows = {row["code"]: row for row in _ask(units["B"], CURRENT).rows}
    assert set(rows) == {"W"}
    assert (rows["W"]["admitted"], rows["W"]["base"]) == (5, 400)
    rows = {row["code"]: row for row in _ask(units["A"], OPENING).rows}
    assert (rows["U"]["admitted"], rows["U"]["base"]) == (2, 100)
    assert _ask(units["TU"], CURRENT, dt.date(2024, 6, 30)).total["base"] == 600


def test_a_base_that_nobody_can_divide_counts_at_the_lowest_unit_above_the_parts(units):
    new = [reorganise.Founding(code, code, Kind.objects.get(code="branch"), None, "A", TURN) for code in "XY"]
    reorganise.split([reorganise.Splitting("U", TURN, ("X", "Y"), new)], actor=None, today=factories.TODAY)
    answer = _ask(units["A"], CURRENT)
    assert {row["code"]: row["base"] for row in answer.rows} == {"V": 200, "X": None, "Y": None, "khác": 100}
    assert _line(units, CURRENT) == "0/300 0/300 0/600"


def test_what_was_carried_on_goes_on_with_it(units):
    """U into V, V into W: all of it stands at W; W leaves the city, and takes it along."""
    reorganise.merge([reorganise.Merging("U", TURN, "V")], actor=None, today=factories.TODAY)
    reorganise.merge([reorganise.Merging("V", AFTER, "W")], actor=None, today=factories.TODAY)
    assert [_ask(units[code], CURRENT).total["base"] or 0 for code in ("A", "B", "TU")] == [0, 600, 600]
    reorganise.leave([reorganise.Leaving("W", dt.date(2024, 10, 1))], actor=None, today=factories.TODAY)
    assert not _ask(units["TU"], CURRENT).total["base"]


@pytest.mark.parametrize("receiver", ["B", "TU"], ids=["beside what the receiver has", "under the receiver itself"])
def test_a_gone_committee_with_a_row_of_its_own_speaks_for_the_branches_it_had(units, receiver):
    """A told 310 for U and V, which tell their own as well: nobody is counted twice where it goes on."""
    enter.declare_bases([enter.BaseLine(units["A"], 2024, 310)], actor=None, today=factories.TODAY)
    _admit(units["U"], 2, 3)
    reorganise.merge([reorganise.Merging("A", TURN, receiver)], actor=None, today=factories.TODAY)
    answer = _ask(units[receiver], CURRENT)
    assert (answer.total["base"], answer.total["admitted"]) == (610, 5)
    assert sum(row["base"] or 0 for row in answer.rows) == 610
    assert [_ask(units["TU"], scope).total["base"] for scope in (OPENING, CURRENT)] == [610, 610]
    asked = period.of_year(2024, factories.TODAY)
    assert FIGURES["base"].items(Scope(units[receiver], asked.last, CURRENT), asked).number == 610


def test_a_year_that_runs_is_in_the_sums_and_not_in_the_mean(units):
    enter.declare_bases([enter.BaseLine(units["U"], 2023, 50)], actor=None, today=factories.TODAY)
    factories.a_member(units["U"], decided_on=dt.date(2023, 5, 1))
    _admit(units["U"], 1, 1)
    span = period.Period(dt.date(2023, 1, 1), factories.TODAY + dt.timedelta(days=1))
    total = TABLES["years"].answer(Question(units["U"], span, factories.TODAY, CURRENT)).total
    assert (total["base"], total["admitted"]) == (150, 3)
    assert total["mean_rate"] == total["pooled_rate"] == Fraction(1, 50)
    half = period.Period(dt.date(2023, 7, 1), factories.TODAY + dt.timedelta(days=1))
    assert TABLES["years"].answer(Question(units["U"], half, factories.TODAY, CURRENT)).total["mean_rate"] is None


def test_years_before_still_add_up_where_a_unit_is_gone(units):
    for code, base in (("U", 90), ("V", 180), ("W", 270)):
        enter.declare_bases([enter.BaseLine(units[code], 2023, base)], actor=None, today=factories.TODAY)
    _merged(units)
    span = period.Period(dt.date(2023, 1, 1), factories.TODAY + dt.timedelta(days=1))
    for code, bases in (("A", [270, 200]), ("B", [270, 400]), ("TU", [540, 600])):
        rows = TABLES["years"].answer(Question(units[code], span, factories.TODAY, CURRENT)).rows
        assert [row["base"] for row in rows] == bases


def test_the_ledger_shows_who_went_on_with_a_unit_and_loses_nobody():
    city = factories.a_city()
    _admit(city.branch, 3, 0)
    reorganise.merge([reorganise.Merging("DU1-01", TURN, "DU2-01")], actor=None, today=factories.TODAY)
    span = period.Period(dt.date(2024, 4, 1), dt.date(2024, 10, 1))
    lines = ((city.committee, 3, 0, 0), (city.committees[1], 0, 3, 3), (city.top, 3, 3, 3))
    for unit, left, joined, closing in lines:
        total = TABLES["ledger"].answer(Question(unit, span, span.last, OPENING)).total
        assert (total["left"], total["joined"], total["closing"]) == (left, joined, closing)
        assert (total["transferred_in"], total["transferred_out"]) == (0, 0)
