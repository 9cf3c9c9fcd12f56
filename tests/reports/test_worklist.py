"""The work list: whose turn, in the order of the deadlines, what is waited for; its table, its tile, its mail."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command

from membership.deadlines.models import MARKS
from membership.models import Candidacy, Deadline, Stage
from reports import period, worklist
from reports.tables import TABLES, Question
from targets.models import Sources
from tests.factories import TODAY, a_case, a_case_taken_over, a_city, a_step, a_user
from tests.lively import admitted, decided, examined, on_probation, removed, resolved, reviewed, the_readers
from tests.pages import rest_of, text_of

pytestmark = pytest.mark.django_db

D = dt.date


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def readers(city):
    return the_readers(city)


_BOARD = "Ban Tổ chức hoặc đảng ủy cơ sở được ủy quyền"
# what there is in a branch under a committee, whose turn it is, the due day, the words of the button; whom others
# wait for
TURNS = [
    (resolved, "committee", D(2024, 11, 26), "Ghi nghị quyết đảng ủy", "đảng ủy cơ sở"),
    (decided, "branch", D(2024, 11, 1), "Ghi lễ kết nạp", "chi bộ"),
    (admitted, "branch", D(2024, 11, 19), "Ghi đã hoàn thành lý lịch", "chi bộ"),
    (on_probation, "branch", D(2024, 8, 1), "Ghi biểu quyết công nhận", "chi bộ"),
    (reviewed, "committee", D(2024, 11, 1), "Ghi nghị quyết đảng ủy", "đảng ủy cơ sở"),
    (examined, "board", D(2024, 11, 1), "Ghi quyết định công nhận", _BOARD),
    (removed, "board", D(2024, 11, 1), "Ghi ra khỏi danh sách", "đảng ủy cơ sở hoặc Ban Tổ chức"),
]


@pytest.mark.parametrize(("what", "turn", "day", "deed", "whom"), TURNS)
def test_each_thing_is_one_readers_turn_and_waited_for_by_the_others(city, readers, what, turn, day, deed, whom):
    what(city.branch)
    lists = {name: worklist.of(user, TODAY) for name, user in readers.items()}
    assert [name for name, of_reader in lists.items() if of_reader.due] == [turn]
    (item,) = lists[turn].due
    assert (item.due, item.deed, item.unit) == (day, deed, "Chi bộ khu phố 1")
    assert item.rule is not None
    waiting = {name: of_reader.elsewhere for name, of_reader in lists.items() if of_reader.elsewhere}
    assert waiting.keys() == {"branch", "committee", "board", "standing"} - {turn}
    assert [item.whom for item in waiting["standing"]] == [whom]


def test_a_base_branch_waits_for_the_board(city, readers):
    resolved(city.base_branch)
    assert [item.deed for item in worklist.of(readers["board"], TODAY).due] == ["Ghi quyết định kết nạp"]
    (item,) = worklist.of(readers["base branch"], TODAY).elsewhere
    assert item.whom.startswith("Ban Tổ chức")


def test_the_order_is_that_of_the_deadlines_and_without_one_the_oldest_first(city, readers):
    a_case(city.branch, listed_on=D(2024, 9, 5))
    oldest = a_case(city.branch, listed_on=D(2024, 3, 5))
    later, late = admitted(city.branch), on_probation(city.branch)
    items = worklist.of(readers["branch"], TODAY).due
    assert [item.due for item in items] == [D(2024, 8, 1), D(2024, 11, 19), None, None]
    assert [item.person_url for item in items[:3]] == [
        late.get_absolute_url(),
        later.get_absolute_url(),
        oldest.get_absolute_url(),
    ]
    assert [item.days_left(TODAY) for item in items] == [-75, 35, None, None]


def test_an_answer_from_before_days_were_kept_is_the_oldest(client, city, readers):
    """Such a row has no day of its answer; it once broke the first page of whoever had other work beside it."""
    a_case(city.branch)
    kept = {"organisation": city.branch, "year": 2022, "has_sources": False, "reason": "thử", "state": "refused"}
    Sources.objects.create(**kept)
    client.force_login(readers["branch"])
    assert client.get("/").status_code == 200
    assert worklist.of(readers["branch"], TODAY).due[0].deed == "Xem trả lời"


def test_marks_are_reached_one_after_the_other():
    due = D(2024, 12, 31)
    item = worklist.Item("", "", "", "", "", "", TODAY, due)
    found = {left: item.mark(due - dt.timedelta(days=left)) for left in (91, 90, 61, 60, 31, 30, 15, 8, 7, 1, 0, -1)}
    assert found == {91: None, 90: 90, 61: 90, 60: 60, 31: 60, 30: 30, 15: 15, 8: 15, 7: 7, 1: 7, 0: 0, -1: -1}
    assert MARKS == (90, 60, 30, 15, 7, 0)


def test_the_end_of_a_probation_speaks_up_ninety_days_before(city, readers):
    spell = on_probation(city.branch, D(2024, 1, 14))  # complete on 14/1/2025, 91 days from today
    assert worklist.of(readers["branch"], TODAY).due == []
    (item,) = worklist.of(readers["branch"], D(2024, 10, 16)).due
    assert (item.due, item.url) == (D(2025, 1, 14), spell.get_absolute_url())
    # from that day on it is the branch's duty to consider it
    (item,) = worklist.of(readers["branch"], D(2025, 1, 14)).due
    assert item.deed == "Ghi biểu quyết công nhận"


def test_an_old_certificate_comes_before_the_step(city, readers):
    a_case_taken_over(city.branch, Stage.DOSSIER, D(2024, 8, 1), certificate_on=D(2019, 5, 6))
    (item,) = worklist.of(readers["branch"], TODAY).due
    assert (item.deed, item.due) == ("Ghi chứng nhận mới", D(2024, 5, 5))


# ---- pages ---------------------------------------------------------------------------------------
def test_readers_of_figures_have_their_work_beside_the_dashboard(client, city, readers):
    examined(city.branch)
    client.force_login(readers["board"])
    page = client.get("/viec-can-lam/")
    assert [item["url"] for item in page.context["menu"] if item["label"] == "Việc cần làm"] == ["/viec-can-lam/"]
    assert "Ghi quyết định công nhận" in text_of(page)
    client.force_login(readers["body"])
    assert "Không có việc nào đang chờ" in text_of(client.get("/viec-can-lam/"))
    client.force_login(readers["nobody"])
    assert client.get("/viec-can-lam/").status_code == 302


def test_the_tile_and_its_list_are_one_number(client, city, readers):
    late = [resolved(city.branch, D(2024, 7, 2)), resolved(city.outside, D(2024, 7, 2))]
    on_probation(city.branch)
    for reader, unit, number in (
        ("board", "TU", 3),
        ("board", "DU1", 2),
        ("committee", "DU1", 2),
        ("branch", "DU1-01", 2),
    ):
        client.force_login(readers[reader])
        tile = client.get(f"/don-vi/{unit}/").context["tiles"][3]
        assert (tile["label"], tile["value"], tile["sentence"]) == ("Quá hạn", str(number), "lâu nhất 75 ngày")
        assert client.get(tile["url"]).context["page"].paginator.count == number
    client.force_login(readers["branch"])
    above = client.get("/don-vi/DU1/").context["tiles"][3]
    assert (above["value"], above["url"]) == ("2", "")  # figures of the unit above, not its names
    a_step(a_step(late[0], Stage.EXAMINED, D(2024, 10, 1)), Stage.DECIDED, D(2024, 10, 2))
    tiles = [client.get(f"/don-vi/DU1-01/{query}").context["tiles"][3] for query in ("", "?on=2024-10-01")]
    assert [tile["value"] for tile in tiles] == ["1", "2"]
    assert client.get(tiles[1]["url"]).context["page"].paginator.count == 2


# ---- the table -----------------------------------------------------------------------------------
def _answer(unit, **more):
    asked = period.of_year(2024, TODAY)
    return TABLES["worklist"].answer(Question(unit, asked, TODAY, **more))


def test_the_table_adds_up_and_begins_with_the_most_overdue(city):
    resolved(city.outside, D(2024, 7, 2))
    resolved(city.outside, D(2024, 7, 10))
    resolved(city.branch)
    on_probation(city.base_branch)
    answer = _answer(city.top)
    keys = ("code", "overdue", "oldest", "soon", "running", "expired", "next")
    assert [tuple(row[key] for key in keys) for row in answer.rows] == [
        ("DU2", 2, D(2024, 9, 26), 0, 4, 0, None),
        ("CS1", 1, D(2024, 8, 1), 0, 1, 0, None),
        ("DU1", 0, None, 0, 2, 0, D(2024, 11, 26)),
    ]
    assert (answer.total["overdue"], answer.total["running"], answer.total["next"]) == (3, 7, D(2024, 11, 26))
    assert [row["code"] for row in _answer(city.top, rows="branches").rows][:2] == ["DU2-02", "CS1"]
    assert answer.total["overdue"] == Deadline.objects.overdue(TODAY).count()


def test_what_a_unit_holds_beside_its_parts_is_a_row_of_its_own_with_its_lists(client, city):
    case = resolved(city.branch, D(2024, 7, 2))
    Candidacy.objects.filter(pk=case.pk).update(organisation=city.committee)
    Deadline.objects.update(organisation=city.committee)
    resolved(city.sibling, D(2024, 7, 2))
    client.force_login(a_user("board", city.top))
    cells = rest_of(client.get("/don-vi/DU1/bang/worklist/"))
    assert {label: cell["value"] for label, cell in cells.items()} == {
        "Quá hạn": 1,
        "Đến hạn trong 30 ngày": 0,
        "Đang chạy": 2,
        "Giấy tờ hết giá trị": 0,
    }
    for label, cell in cells.items():
        listed = client.get(cell["url"]).context["page"]
        assert listed.paginator.count == cell["value"], label
        assert {row.organisation_id for row in listed} <= {city.committee.pk}, label


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_table_on_the_command_line(city, form):
    resolved(city.branch, D(2024, 7, 2))
    out = StringIO()
    call_command("report", "worklist", "--organisation", "TU", "--format", form, stdout=out)
    if form == "json":
        told = json.loads(out.getvalue())
        assert (told["key"], told["total"]["overdue"], told["rows"][0]["oldest"]) == ("worklist", 1, "2024-09-26")
    else:
        assert "DU1;" in out.getvalue().replace(",", ";")
    assert "Nguyễn" not in out.getvalue()
