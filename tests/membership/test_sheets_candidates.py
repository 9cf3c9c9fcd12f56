"""Sheet `Quan chung`: cases opened, taken over at their stage, recognised again; never advanced by a sheet."""

import datetime as dt

import pytest

from cells.people.models import Person
from membership.models import Background, Candidacy, Spell, Stage, StageEvent
from tests import workbooks
from tests.workbooks import counts, said

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MAI = [
    "Lê Thị Mai",
    "2000",
    "Nữ",
    "Kinh",
    None,
    "A.1",
    "03/02/2024",
    "Chi đoàn khu phố 1",
    "đoàn viên; Sinh viên",
    "Đại học",
    "Giáo viên",
]


@pytest.fixture
def door(tmp_path):
    door = workbooks.Door(tmp_path)
    door.city()
    return door


def _row(change=None):
    row = [*MAI, None, None, None, None, None, None, None]
    for position, value in (change or {}).items():
        row[position] = value
    return row


def test_a_new_case_begins_as_nominee_with_all_that_was_told(door):
    assert counts(door({"Quan chung": [_row()]}), "Quan chung") == (1, 0, 0, 0)
    case = Candidacy.objects.get()
    background = Background.objects.get()
    assert (case.stage, case.listed_on, case.taken_over) == (Stage.NOMINEE, dt.date(2024, 2, 3), False)
    assert {stratum.code for stratum in case.strata.all()} == {"student", "youth_union_member"}
    assert (background.education, background.occupation) == ("Đại học", "Giáo viên")
    assert counts(door({"Quan chung": [_row()]}), "Quan chung") == (0, 0, 1, 0)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.NOMINEE])
def test_a_case_is_taken_over_at_its_stage(door, stage):
    row = _row({11: stage.label.upper(), 12: "05/05/2024"})
    assert said(door({"Quan chung": [row]})) == []
    case = Candidacy.objects.get()
    assert (case.stage, case.stage_day, case.taken_over) == (stage, dt.date(2024, 5, 5), True)
    assert StageEvent.objects.filter(stage=stage, day=dt.date(2024, 5, 5)).count() == 1
    assert Spell.objects.exists() == (stage in (Stage.DECIDED, Stage.ADMITTED))
    assert (case.exit_reason is not None) == (stage == Stage.DROPPED)
    assert counts(door({"Quan chung": [row]}), "Quan chung") == (0, 0, 1, 0)


@pytest.mark.parametrize("stage", [Stage.DECIDED, Stage.ADMITTED])
def test_a_case_that_led_to_a_member_of_the_same_file_is_linked_to_it(door, stage):
    ceremony = "15/05/2024" if stage == Stage.ADMITTED else None
    member = (*MAI[:6], "05/05/2024", ceremony)
    case = _row({11: stage.label, 12: ceremony or "05/05/2024"})
    assert said(door({"Quan chung": [case], "Dang vien": [member]})) == []
    assert Spell.objects.get().candidacy == Candidacy.objects.get()
    assert Person.objects.count() == 1


def test_a_dropped_case_stands_in_nobodys_way(door):
    dropped = _row({5: "A.2", 6: "03/02/2020", 11: "dừng theo dõi", 12: "03/02/2021"})
    report = door({"Quan chung": [_row(), dropped]})
    assert said(report) == []
    assert Candidacy.objects.open().get().organisation.code == "A.1"
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        ({5: "KHONG"}, "F2", "KHONG"),
        ({5: "A"}, "F2", "chỉ chi bộ giới thiệu"),
        ({6: "03/02/2025"}, "G2", "ở sau ngày hôm nay"),
        ({6: "03/02/1999"}, "G2", "ngày sinh"),
        ({8: "đoàn viên; phi công"}, "I2", "phi công"),
        ({11: "đang chờ"}, "L2", "đang chờ"),
        ({11: "cảm tình Đảng"}, "M2", "ngày đạt giai đoạn"),
        ({11: "cảm tình Đảng", 12: "01/01/2024"}, "M2", "trước ngày giới thiệu"),
        ({14: "01/01/2025"}, "O2", "ở sau ngày hôm nay"),
        ({13: "1" * 61}, "N2", "dài quá"),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_its_cell(door, change, cell, words):
    report = door({"Quan chung": [_row(change)]})
    assert any(line.startswith(f"Quan chung!{cell}: ") and words in line.lower() + line for line in said(report)), said(
        report
    )
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        ({11: "cảm tình Đảng", 12: "05/05/2024"}, "L2", "dùng màn hình hồ sơ"),
        ({7: "Công đoàn"}, "H2", "dùng màn hình hồ sơ"),
        ({8: "học sinh"}, "I2", "dùng màn hình hồ sơ"),
        ({9: "Trung cấp"}, "J2", "Đại học"),
        ({5: "A.2"}, "A2", "nơi khác"),
        ({6: "04/02/2024"}, "A2", "đã có hồ sơ"),
    ],
)
def test_a_case_that_is_there_is_not_changed_by_a_sheet(door, change, cell, words):
    door({"Quan chung": [_row()]})
    report = door({"Quan chung": [_row(change)]})
    assert len(said(report)) == 1
    assert words in said(report)[0]
    assert said(report)[0].startswith(f"Quan chung!{cell}: ")


def test_a_member_is_no_candidate(door):
    door({"Dang vien": [(*MAI[:6], "05/05/2020")]})
    assert "đảng viên" in said(door({"Quan chung": [_row()]}))[0]


def test_the_number_of_questions_does_not_grow_with_the_rows(door, django_assert_max_num_queries):
    stages = [stage for stage in Stage if stage != Stage.NOMINEE]
    rows = [
        _row(
            {
                0: f"Lê Thị {chr(65 + n // 26)}{chr(65 + n % 26)}",
                11: stages[n % len(stages)].label,
                12: f"{n % 28 + 1:02d}/05/2024",
            }
        )
        for n in range(200)
    ]
    with django_assert_max_num_queries(60):
        assert counts(door({"Quan chung": rows}), "Quan chung") == (200, 0, 0, 0)
