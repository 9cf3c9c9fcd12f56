"""The fields every form shares: days in Vietnamese order, lines of text, and where refusals land."""

import datetime as dt

import pytest
from django import forms

from cells.forms import CONTROL_CHARACTERS, DayField, DeedForm, LineField, PartialDay, PartialDayField, show_problems
from cells.verdict import Problem, Refused, Stale

TODAY = dt.date(2024, 10, 15)


class Sample(DeedForm):
    names = {"to": "day"}

    day = DayField(required=False)
    born = PartialDayField(required=False)
    line = LineField(required=False, max_length=20)
    strict = DayField()


def sample(**typed) -> Sample:
    form = Sample({"strict": "01/01/2024"} | typed, today=TODAY)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("05/02/2024", dt.date(2024, 2, 5)),
        ("5/2/2024", dt.date(2024, 2, 5)),
        (" 05-02-2024 ", dt.date(2024, 2, 5)),
        ("05.02.2024", dt.date(2024, 2, 5)),
        ("2024-02-05", dt.date(2024, 2, 5)),
        ("05022024", dt.date(2024, 2, 5)),  # number keys of a phone without a slash
        ("29/02/2024", dt.date(2024, 2, 29)),
        ("", None),
        ("   ", None),
    ],
)
def test_a_day_is_read_in_vietnamese_order(typed, day):
    form = sample(day=typed)
    assert form.errors == {}
    assert form.cleaned_data["day"] == day


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("30/02/2024", "không có ngày 30"),
        ("29/02/2023", "không có ngày 29"),
        ("02/25/2024", "không có tháng 25"),  # American order is no order
        ("05/02/24", "4 chữ số"),
        ("050224", "không phải là ngày"),
        ("02/2024", "chưa đủ ngày"),
        ("2024", "chưa đủ ngày"),
        ("45000", "không phải là ngày"),  # a workbook's day number
        ("05/02/1024", "1900"),
        ("05/02/2099", "2034"),
        ("hôm qua", "không phải là ngày"),
        ("5/2", "4 chữ số"),
        ("\x0005/02/2024", "ký tự"),
        ("9" * 5000, "không phải là ngày"),
    ],
)
def test_what_is_no_day_is_refused_with_what_to_do(typed, says):
    (error,) = sample(day=typed).errors["day"]
    assert says in error
    assert len(error) < 200


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("05/02/1998", PartialDay(dt.date(1998, 2, 5), "day")),
        ("02/1998", PartialDay(dt.date(1998, 2, 1), "month")),
        ("021998", PartialDay(dt.date(1998, 2, 1), "month")),
        ("1998", PartialDay(dt.date(1998, 1, 1), "year")),
    ],
)
def test_a_birth_may_be_known_in_part(typed, found):
    assert sample(born=typed).cleaned_data["born"] == found


def test_what_a_form_shows_is_what_it_reads():
    form = Sample(initial={"day": dt.date(2024, 2, 5), "born": PartialDay(dt.date(1998, 1, 1), "year")}, today=TODAY)
    assert form["day"].value() == "05/02/2024"
    assert form["born"].value() == "1998"
    assert 'type="text"' in str(form["day"])
    assert 'inputmode="numeric"' in str(form["day"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Nguyễn   Văn\tAn ", "Nguyễn Văn An"), ("Hòa", "Hòa"), ("a\u200bb", "ab"), ("", "")],
)
def test_a_line_is_stored_clean(typed, kept):
    assert sample(line=typed).cleaned_data["line"] == kept


@pytest.mark.parametrize("typed", ["a\x00b", "a\x07b", "\x1b[31m", "a\ud800"])
def test_control_characters_are_refused(typed):
    assert sample(line=typed).errors["line"] == [CONTROL_CHARACTERS]


def test_a_line_too_long_is_refused():
    assert sample(line="x" * 21).errors["line"]


def test_problems_of_a_deed_stand_at_their_fields():
    form = sample()
    refused = Refused(
        Problem(0, "line", "dòng"), Problem(0, "to", "bước"), Problem(0, "elsewhere", "nơi"), Problem(0, "", "chung")
    )
    show_problems(form, refused)
    assert form.errors == {"line": ["dòng"], "day": ["bước"], "__all__": ["nơi", "chung"]}
    assert not form.stale


def test_a_problem_of_a_hidden_field_stands_on_top():
    form = sample()
    form.add_hidden("version", forms.IntegerField(required=False), 1)
    show_problems(form, Stale(Problem(0, "version", "cũ")))
    assert form.non_field_errors() == ["cũ"]
    assert form.stale
