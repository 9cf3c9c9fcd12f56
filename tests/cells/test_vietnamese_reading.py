"""Reading dates, counts and answers: tables from workbooks.md, and laws over any input."""

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.vietnamese import (
    MAX_COUNT,
    Precision,
    WrongValue,
    clean,
    count_words,
    long_day,
    number,
    parse_amount,
    parse_count,
    parse_date,
    parse_yes_no,
    partial_day,
)

TODAY = dt.date(2024, 10, 15)
DAY, MONTH, YEAR = Precision
days = st.dates(dt.date(1900, 1, 1), dt.date(2034, 12, 31))


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# ---- dates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "date", "precision"),
    [
        (dt.date(1990, 5, 17), dt.date(1990, 5, 17), DAY),
        (dt.datetime(1990, 5, 17, 23, 59), dt.date(1990, 5, 17), DAY),  # noqa: DTZ001 as Excel gives it
        (45292, dt.date(2024, 1, 1), DAY),
        (45292.75, dt.date(2024, 1, 1), DAY),
        ("45292", dt.date(2024, 1, 1), DAY),
        ("45292.0", dt.date(2024, 1, 1), DAY),
        (10992, dt.date(1930, 2, 3), DAY),
        ("05/02/2026", dt.date(2026, 2, 5), DAY),
        ("5/2/2026", dt.date(2026, 2, 5), DAY),
        ("05-02-2026", dt.date(2026, 2, 5), DAY),
        (" 05.02.2026\u00a0", dt.date(2026, 2, 5), DAY),
        ("05 / 02 / 2026", dt.date(2026, 2, 5), DAY),
        ("29/02/2024 00:00:00", dt.date(2024, 2, 29), DAY),
        ("2026-02-05", dt.date(2026, 2, 5), DAY),
        ("2026-02-05T08:30:00", dt.date(2026, 2, 5), DAY),
        ("ngày 05 tháng 02 năm 2026", dt.date(2026, 2, 5), DAY),
        (nfd("Ngày 27 tháng 5 năm 2026"), dt.date(2026, 5, 27), DAY),
        ("ngay 5/2/2026", dt.date(2026, 2, 5), DAY),
        ("02/2026", dt.date(2026, 2, 1), MONTH),
        ("2-2026", dt.date(2026, 2, 1), MONTH),
        ("2026-02", dt.date(2026, 2, 1), MONTH),
        ("tháng 02 năm 2026", dt.date(2026, 2, 1), MONTH),
        ("1990", dt.date(1990, 1, 1), YEAR),
        (1990, dt.date(1990, 1, 1), YEAR),
        (1990.0, dt.date(1990, 1, 1), YEAR),
        ("năm 1990", dt.date(1990, 1, 1), YEAR),
        (1900, dt.date(1900, 1, 1), YEAR),
        (2034, dt.date(2034, 1, 1), YEAR),
    ],
)
def test_parse_date(value: object, date: dt.date, precision: Precision) -> None:
    assert parse_date(value, today=TODAY) == (date, precision)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("30/02/2024", "tháng 2 năm 2024 không có ngày 30"),
        ("29/02/2023", "không có ngày 29"),
        ("31/04/2024", "không có ngày 31"),
        ("00/01/2024", "không có ngày 0"),
        ("2024-02-30", "không có ngày 30"),
        ("12/31/1990", "không có tháng 31"),
        ("13/2024", "không có tháng 13"),
        ("05/02/90", "năm phải đủ 4 chữ số"),
        ("5/90", "năm phải đủ 4 chữ số"),
        ("90", "năm phải đủ 4 chữ số"),
        ("5/2/20260", "năm phải đủ 4 chữ số"),
        ("01/01/1899", "1900–2034"),
        ("01/01/2035", "1900–2034"),
        (2035, "1900–2034"),
        (dt.date(1899, 12, 31), "1900–2034"),
        (dt.datetime(9999, 1, 1), "1900–2034"),  # noqa: DTZ001 as Excel gives it
        (99_999, "1900–2034"),
        ("không rõ", "không phải là ngày"),
        ("05/02-2026", "không phải là ngày"),
        ("05/02/2026 hoặc 06/02/2026", "không phải là ngày"),
        (float("nan"), "không phải là ngày"),
        (float("inf"), "không phải là ngày"),
        (1e300, "không phải là ngày"),
        (19_900_517, "không phải là ngày"),
        (2990, "không phải là ngày"),
        (1990.5, "không phải là ngày"),
        (0, "không phải là ngày"),
        (-5, "không phải là ngày"),
        (True, "không phải là ngày"),
        (dt.time(8, 0), "không phải là ngày"),
        ("x" * 5000, "không phải là ngày"),
        ("9" * 5000, "không phải là ngày"),
        ("٠٥/٠٢/٢٠٢٦", "không phải là ngày"),
        (None, "còn trống"),
        (" \u00a0 ", "còn trống"),
    ],
)
def test_wrong_dates(value: object, words: str) -> None:
    with pytest.raises(WrongValue) as caught:
        parse_date(value, today=TODAY)
    message = str(caught.value)
    assert words in message
    assert "hãy" in message
    assert len(message) < 250
    if isinstance(value, (str, int, float)) and clean(str(value)):
        assert clean(str(value))[:30] in message


@given(days, st.sampled_from(list(Precision)))
def test_printed_dates_read_back(date: dt.date, precision: Precision) -> None:
    read = parse_date(partial_day(date, precision), today=TODAY)
    assert read[1] == precision
    assert partial_day(read[0], precision) == partial_day(date, precision)
    assert parse_date(long_day(date), today=TODAY) == (date, DAY)
    assert parse_date(date.isoformat(), today=TODAY) == (date, DAY)


# ---- counts and answers -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("7.894", 7894),
        ("7 894", 7894),
        ("7\u00a0894", 7894),
        ("7894", 7894),
        (" 7894 ", 7894),
        (7894.0, 7894),
        (7894, 7894),
        ("01", 1),
        (0, 0),
        ("0", 0),
        ("9.999.999", MAX_COUNT),
        (MAX_COUNT, MAX_COUNT),
        (7.894, 7894),
        (999.001, 999_001),
    ],
)
def test_parse_count(value: object, count: int) -> None:
    read = parse_count(value)
    assert (read, type(read)) == (count, int)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-1, "số âm"),
        ("-1", "số âm"),
        ("−7.894", "số âm"),
        ("(5)", "số âm"),
        (1.5, "số lẻ"),
        (78.94, "7894"),
        (7.8945, "số lẻ"),
        (1234.567, "số lẻ"),
        (-5.0, "-5"),
        ("1.5", "số lẻ"),
        ("1,5", "số lẻ"),
        ("7,894", "hãy ghi 7.894 hoặc 7894"),
        ("1,234,567", "hãy ghi 1.234.567 hoặc 1234567"),
        (10_000_000, "quá lớn"),
        ("10.000.000", "quá lớn"),
        (1e300, "quá lớn"),
        ("9" * 5000, "quá lớn"),
        ("78.94.1", "không phải là số"),
        ("1.234 567", "không phải là số"),
        ("0.123", "số lẻ"),
        ("bảy", "không phải là số"),
        ("1e3", "không phải là số"),
        ("٧", "không phải là số"),
        (float("nan"), "không phải là số"),
        (float("-inf"), "không phải là số"),
        (True, "không phải là số"),
        (False, "không phải là số"),
        (dt.date(2024, 1, 1), "không phải là số"),
        (None, "còn trống"),
        ("  ", "còn trống"),
    ],
)
def test_wrong_counts(value: object, words: str) -> None:
    with pytest.raises(WrongValue) as caught:
        parse_count(value)
    assert words in str(caught.value)
    assert "hãy" in str(caught.value)
    assert len(str(caught.value)) < 200


@given(st.integers(0, MAX_COUNT))
def test_printed_counts_read_back(count: int) -> None:
    assert parse_count(number(count)) == parse_count(str(count)) == parse_count(float(count)) == count
    assert parse_count(count_words(count)) == count


@pytest.mark.parametrize("value", ["Có", "CÓ", "co", "x", "X", "✓", True, 1, 1.0, "1", nfd("Có ")])
def test_yes(value: object) -> None:
    assert parse_yes_no(value) is True


@pytest.mark.parametrize("value", ["Không", "KHÔNG", "khong", "ko", False, 0, 0.0, "0"])
def test_no(value: object) -> None:
    assert parse_yes_no(value) is False


@pytest.mark.parametrize("value", ["", None, "có lẽ", 2, float("nan"), dt.date(2024, 1, 1)])
def test_neither_yes_nor_no(value: object) -> None:
    with pytest.raises(WrongValue, match="«Có» hoặc «Không»"):
        parse_yes_no(value)


# ---- amounts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("3,5", "3.5"),
        ("3.5", "3.5"),
        (" 3,25 % ", "3.25"),
        ("0,0001", "0.0001"),
        ("277", "277"),
        ("0", "0"),
        ("1.200", "1200"),
        ("7 894", "7894"),
        ("3.500", "3500"),
        ("3,500", "3.5"),
    ],
)
def test_amounts(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-3", "số âm"),
        ("(3,5)", "số âm"),
        ("", "không phải là số"),
        ("ba", "không phải là số"),
        ("3,5,5", "không phải là số"),
        ("3,12345", "không phải là số"),
        ("1e3", "không phải là số"),
        ("9" * 10, "không phải là số"),
        ("٣", "không phải là số"),
    ],
)
def test_what_is_no_amount(text, says):
    with pytest.raises(WrongValue, match=says):
        parse_amount(text)
