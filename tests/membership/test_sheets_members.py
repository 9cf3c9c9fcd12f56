"""Sheet `Dang vien`: who is entered, who is recognised again, what may change and what may not."""

import datetime as dt

import pytest

from cells.people.models import Person
from cells.rules.models import Rule
from membership.models import Spell
from tests import workbooks
from tests.workbooks import TODAY, counts, said

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AN = ("NGUYỄN VĂN AN", "12/05/1990", "Nam", "Kinh", "Không", "A.1", "10/03/2015", "20/03/2015", "20/03/2016")


@pytest.fixture
def door(tmp_path):
    door = workbooks.Door(tmp_path)
    door.city()
    return door


def _chain(name="An"):
    spells = Spell.objects.filter(person__name__endswith=name).order_by("person_id", "from_day")
    return [
        (spell.organisation.code, spell.standing, spell.started_by, spell.from_day, spell.to_day, spell.ended_by)
        for spell in spells.select_related("organisation")
    ]


def test_a_member_comes_with_the_whole_history(door):
    report = door({"Dang vien": [(*AN, "chuyển đi", "30/06/2020", "A.2")]})
    assert said(report) == []
    person = Person.objects.get()
    assert (person.name, person.born, person.born_precision, person.sex) == (
        "Nguyễn Văn An",
        dt.date(1990, 5, 12),
        "day",
        "nam",
    )
    assert _chain() == [
        ("A.1", "probationary", "admitted", dt.date(2015, 3, 10), dt.date(2016, 3, 20), "recognised"),
        ("A.1", "full", "recognised", dt.date(2016, 3, 20), dt.date(2020, 7, 1), "transferred_out"),
        ("A.2", "full", "transferred_in", dt.date(2020, 7, 1), None, ""),
    ]


@pytest.mark.parametrize(("rule", "counted"), [("decision", dt.date(2023, 12, 28)), ("ceremony", dt.date(2024, 1, 10))])
def test_the_counting_date_is_by_the_rule_of_the_decisions_day(door, rule, counted):
    Rule.objects.filter(key="admission_counts_on").update(value=rule)
    door({"Dang vien": [("Lê An", "1999", "Nữ", "Kinh", None, "A.1", "28/12/2023", "10/01/2024")]})
    assert [row[3] for row in _chain()] == [counted]


@pytest.mark.parametrize(("cell", "born", "precision"), [
    (dt.date(1990, 5, 12), dt.date(1990, 5, 12), "day"), ("05/1990", dt.date(1990, 5, 1), "month"),
    (1990, dt.date(1990, 1, 1), "year"), (33005, dt.date(1990, 5, 12), "day"),
])  # fmt: skip
def test_a_birth_date_keeps_the_precision_it_came_with(door, cell, born, precision):
    door({"Dang vien": [(AN[0], cell, *AN[2:])]})
    person = Person.objects.get()
    assert (person.born, person.born_precision) == (born, precision)


def test_members_of_every_status_come_in_and_a_second_import_changes_nothing(door):
    rows = [
        (f"Trần Văn {word}", "1970", "Nam", "Kinh", None, "A.1", "01/02/2000", None, "01/03/2001", status, day, where)
        for word, status, day, where in (
            ("Một", "chính thức", None, None), ("Hai", "chuyển đi", "05/05/2010", "Đảng bộ tỉnh bạn"),
            ("Ba", "xóa tên", "05/05/2010", None), ("Bốn", "XIN RA", "05/05/2010", None),
            ("Năm", "khai trừ", "05/05/2010", None), ("Sáu", "Từ trần", "05/05/2010", None),
            ("Bảy", "miễn sinh hoạt", "05/05/2010", None), ("Tám", None, None, None),
        )
    ]  # fmt: skip
    rows.append(("Trần Văn Chín", "1999", "Nam", "Kinh", None, "A.1", "01/02/2024", "05/02/2024", None, "dự bị"))
    assert counts(door({"Dang vien": rows}), "Dang vien") == (9, 0, 0, 0)
    assert set(Spell.objects.exclude(ended_by__in=("", "recognised")).values_list("ended_by", "to_day")) == {
        (cause, dt.date(2010, 5, 6)) for cause in ("transferred_out", "struck_off", "resigned", "expelled", "deceased")
    }
    assert Spell.objects.get(exempt_from__isnull=False).to_day is None
    assert counts(door({"Dang vien": rows[::-1]}), "Dang vien") == (0, 0, 9, 0)


@pytest.mark.parametrize(
    ("ending", "chain"),
    [
        (("từ trần", "01/05/2024"), [("A.1", "2024-05-02", "deceased")]),
        (("chuyển đi", "01/05/2024", "B"), [("A.1", "2024-05-02", "transferred_out"), ("B", "None", "")]),
        (("chuyển đi", "01/05/2024", "Đảng bộ tỉnh bạn"), [("A.1", "2024-05-02", "transferred_out")]),
    ],
)
def test_a_known_member_may_be_recognised_and_go(door, ending, chain):
    probationary = ("Vũ An", "1999", "Nam", "Kinh", None, "A.1", "01/02/2023", "05/02/2023")
    door({"Dang vien": [probationary]})
    report = door({"Dang vien": [(*probationary, "06/02/2024", *ending)]})
    assert counts(report, "Dang vien") == (0, 1, 0, 0)
    assert [(code, str(to_day), end) for code, _, _, _, to_day, end in _chain()[1:]] == chain
    assert _chain()[0][4:] == (dt.date(2024, 2, 6), "recognised")


def test_one_member_may_have_a_row_for_each_unit_and_come_back_after_leaving(door):
    rows = [
        (
            "Hồ An",
            "1960",
            "Nam",
            "Kinh",
            None,
            "A.1",
            "01/02/1990",
            "05/02/1990",
            None,
            "chuyển đi",
            "01/06/1990",
            "A.2",
        ),
        (
            "Hồ An",
            "1960",
            "Nam",
            "Kinh",
            None,
            "A.2",
            "01/02/1990",
            "05/02/1990",
            "05/02/1991",
            "xóa tên",
            "01/01/2000",
        ),
        ("Hồ An", "1960", "Nam", "Kinh", None, "B", "01/02/2010", "05/02/2010", "05/02/2011", "chính thức"),
    ]
    assert said(door({"Dang vien": rows[::-1]})) == []
    assert [(code, start) for code, _, start, *_ in _chain()] == [
        ("A.1", "admitted"), ("A.2", "transferred_in"), ("A.2", "recognised"), ("B", "readmitted"), ("B", "recognised"),
    ]  # fmt: skip
    assert counts(door({"Dang vien": rows}), "Dang vien") == (0, 0, 3, 0)


def test_a_known_person_is_taken_and_said_and_what_was_empty_is_filled(door):
    Person.objects.create(name="Nguyễn Văn An", born=dt.date(1990, 5, 12), sex="")
    report = door({"Dang vien": [AN]})
    assert report.tallies[0].notes == ["lấy người đã có: 1"]
    assert Person.objects.get().sex == "nam"


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        ({0: "  "}, "A2", "họ và tên"),
        ({1: "31/02/1990"}, "B2", "31/02/1990"),
        ({1: "12/05/90"}, "B2", "12/05/90"),
        ({1: "12/05/2020"}, "G2", "ngày sinh"),
        ({2: "Ông"}, "C2", "Ông"),
        ({5: "KHONG"}, "F2", "KHONG"),
        ({7: "01/03/2015"}, "H2", "trước ngày quyết định"),
        ({8: "01/03/2015"}, "I2", "trước ngày lễ"),
        ({8: "01/03/2025"}, "I2", "ở sau ngày hôm nay"),
        ({9: "về hưu"}, "J2", "về hưu"),
        ({9: "dự bị"}, "J2", "dự bị"),
        ({8: None, 9: "chính thức"}, "I2", "ngày chính thức"),
        ({9: "từ trần"}, "K2", "ngày thay đổi"),
        ({10: "01/03/2020"}, "J2", "trạng thái"),
        ({9: "chuyển đi", 10: "01/03/2020"}, "L2", "nơi chuyển đến"),
        ({9: "chuyển đi", 10: "01/03/2020", 11: "A.9"}, "L2", "A.9"),
        ({8: None, 9: "khai trừ", 10: "01/03/2020"}, "J2", "khai trừ"),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_its_cell(door, change, cell, words):
    row = [*AN, None, None, None]
    for position, value in change.items():
        row[position] = value
    report = door({"Dang vien": [row]})
    assert any(line.startswith(f"Dang vien!{cell}: ") and words.lower() in line.lower() for line in said(report)), said(
        report
    )
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        ({2: "Nữ"}, "C2", "Nam"),
        ({4: "Phật giáo"}, "E2", "Không"),
        ({5: "B"}, "F2", "ở tổ chức «A.1»"),
        ({6: "11/03/2015"}, "G2", "10/03/2015"),
        ({7: "21/03/2015"}, "H2", "20/03/2015"),
        ({8: "21/03/2016"}, "I2", "20/03/2016"),
    ],
)
def test_what_is_known_is_not_overwritten(door, change, cell, words):
    door({"Dang vien": [AN]})
    row = list(AN)
    for position, value in change.items():
        row[position] = value
    report = door({"Dang vien": [row]})
    assert len(said(report)) == 1
    assert said(report)[0].startswith(f"Dang vien!{cell}: ")
    assert words in said(report)[0]


def test_a_recognition_that_cannot_be_is_refused_at_its_own_cell(door):
    member = ("Vũ An", "1999", "Nam", "Kinh", None, "A.1", "01/02/2023")
    door({"Dang vien": [member]})
    report = door({"Dang vien": [(*member, None, "06/02/2024")]})
    assert said(report) == ["Dang vien!I2: «06/02/2024»: Chưa ghi lễ kết nạp; thời gian dự bị tính từ ngày lễ."]


def test_a_row_of_another_unit_that_says_transfer_with_a_date_transfers(door):
    door({"Dang vien": [AN]})
    report = door({"Dang vien": [(*AN[:5], "B", *AN[6:], "chuyển đi", "30/06/2024", "B")]})
    assert said(report) == []
    assert [row[0] for row in _chain()] == ["A.1", "A.1", "B"]


@pytest.mark.parametrize("destination", ["B", None])
def test_a_transfer_told_by_the_new_unit_is_the_same_a_second_time(door, destination):
    """Also where both rows stand in one file, in any order."""
    arrival = (*AN[:5], "B", *AN[6:], "chuyển đi", "30/06/2024", destination)
    for _ in range(2):
        report = door({"Dang vien": [arrival, AN]})
        assert said(report) == []
        assert [row[0] for row in _chain()] == ["A.1", "A.1", "B"]
    assert counts(report, "Dang vien") == (0, 0, 2, 0)


def test_who_goes_without_a_place_is_refused(door):
    leaving = (*AN, "chuyển đi", "30/06/2024")
    assert said(door({"Dang vien": [leaving]})) == ["Dang vien!L2: Trạng thái là chuyển đi thì ghi nơi chuyển đến."]
    door({"Dang vien": [AN]})
    assert said(door({"Dang vien": [leaving]})) == ["Dang vien!L2: Trạng thái là chuyển đi thì ghi nơi chuyển đến."]


@pytest.mark.parametrize(("cell", "day"), [("2015", "2015-01-01"), (2015, "2015-01-01"), ("03/2015", "2015-03-01")])
def test_a_past_day_of_which_only_month_or_year_are_known_is_the_first_and_said(door, cell, day):
    report = door({"Dang vien": [(*AN[:6], cell)]})
    assert report.tallies[0].notes == ["ngày chỉ ghi tháng hoặc năm, lấy ngày đầu của tháng hoặc năm đó: 1"]
    assert Spell.objects.get().decided_on.isoformat() == day
    assert counts(door({"Dang vien": [(*AN[:6], cell)]}), "Dang vien") == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("number", "words"),
    [("001090012345", ""), ("123456789", ""), (79090012345, "chỉ có 11 chữ số: Excel đã bỏ số 0 ở đầu")],
)
def test_a_personal_number_is_looked_at_and_not_kept(door, number, words):
    header = (*workbooks.MEMBERS, "Số CCCD")
    report = door({"Dang vien": [header, (*AN, None, None, None, number)]}, headers=False)
    assert bool(said(report)) == bool(words)
    assert all(line.startswith("Dang vien!M2: ") and words in line for line in said(report))


def test_two_people_of_one_name_and_birth_are_asked_about(door):
    for _ in range(2):
        Person.objects.create(name="Nguyễn Văn An", born=dt.date(1990, 5, 12))
    assert "nhiều người trùng" in said(door({"Dang vien": [AN]}))[0]
    assert not Spell.objects.exists()


def test_good_rows_go_in_where_others_are_refused(door):
    rows = [
        AN,
        ("Lê Lỗi", "1990", None, None, None, "KHONG", "10/03/2015"),
        ("Lê Muộn", "1990", None, None, None, "A.2", "10/03/2025"),
    ]
    report = door({"Dang vien": rows}, good_rows_only=True)
    assert counts(report, "Dang vien") == (1, 0, 0, 2)
    assert [line.split(":")[0] for line in said(report)] == ["Dang vien!F3", "Dang vien!G4"]
    assert Person.objects.count() == 1


def test_the_number_of_questions_does_not_grow_with_the_rows(door, django_assert_max_num_queries):
    rows = [
        (
            f"Nguyễn Văn {chr(65 + n // 26)}{chr(65 + n % 26)}",
            "1990",
            "Nam",
            "Kinh",
            None,
            "A.1",
            "10/03/2015",
            None,
            "10/03/2016",
        )
        for n in range(300)
    ]
    with django_assert_max_num_queries(60):
        door({"Dang vien": rows})
    with django_assert_max_num_queries(40):
        assert counts(door({"Dang vien": rows}, today=TODAY), "Dang vien") == (0, 0, 300, 0)
