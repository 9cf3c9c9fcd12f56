"""The calendar of working days: its laws, its rows, the command. The days themselves: tests/facts/test_workdays.py."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from cells.rules.models import CalendarDay, CalendarYear
from membership import workdays
from membership.workdays import Calendar

D = dt.date
#: from the library alone, with two days moved
CALENDAR = Calendar({D(2024, 10, 12): True, D(2024, 10, 14): False}, {2024, 2025})
days = st.dates(D(2015, 1, 1), D(2030, 12, 31))
ONE_DAY = dt.timedelta(days=1)


@given(days, st.integers(1, 400))
def test_the_nth_working_day_is_a_working_day_and_the_nth(start, count):
    found = CALENDAR.add_workdays(start, count)
    assert CALENDAR.is_workday(found)
    assert CALENDAR.workdays_between(start, found) == count
    assert CALENDAR.workdays_between(start, found - ONE_DAY) == count - 1


@given(days, st.integers(1, 200), st.integers(1, 200))
def test_counts_add_up(start, first, second):
    assert CALENDAR.add_workdays(CALENDAR.add_workdays(start, first), second) == CALENDAR.add_workdays(
        start, first + second
    )


@given(days, days)
def test_between_is_counted_day_by_day(start, stop):
    first, last = sorted((start, stop))
    counted = sum(CALENDAR.is_workday(first + number * ONE_DAY) for number in range(1, (last - first).days + 1))
    assert CALENDAR.workdays_between(first, last) == counted
    assert CALENDAR.workdays_between(last, first) == -counted


@given(days)
def test_start_never_counts_and_a_day_off_counts_as_the_day_before(day):
    assert CALENDAR.workdays_between(day, day) == 0
    if not CALENDAR.is_workday(day):
        assert CALENDAR.add_workdays(day, 1) == CALENDAR.add_workdays(day - ONE_DAY, 1)


def test_rows_go_before_weekends_and_holidays():
    assert CALENDAR.is_workday(D(2024, 10, 12))  # a Saturday
    assert not CALENDAR.is_workday(D(2024, 10, 14))
    assert CALENDAR.add_workdays(D(2024, 10, 11), 2) == D(2024, 10, 15)


@pytest.mark.parametrize("count", [0, -1])
def test_no_count_below_one(count):
    with pytest.raises(ValueError, match="begins at 1"):
        CALENDAR.add_workdays(D(2024, 10, 15), count)


@pytest.mark.parametrize(
    ("start", "stop", "years"),
    [
        (D(2024, 1, 1), D(2025, 12, 31), []),
        (D(2025, 12, 1), D(2026, 2, 1), [2026]),
        (D(2026, 1, 1), D(2028, 1, 1), [2026, 2027, 2028]),
        (D(2019, 1, 1), D(2019, 3, 1), []),  # past: from the law alone
    ],
)
def test_years_that_are_not_announced(start, stop, years):
    assert CALENDAR.not_announced(start, stop) == years
    assert workdays.warning(years) == (
        f"Lịch nghỉ năm {', '.join(map(str, years))} chưa công bố; hạn tính tạm." if years else ""
    )


def test_nothing_announced_makes_everything_provisional():
    assert Calendar({}, set()).not_announced(D(2024, 1, 1), D(2024, 2, 1)) == [2024]


@pytest.mark.django_db
@pytest.mark.both_databases
def test_the_rows_are_one_question_and_followed_at_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        before = workdays.calendar()
        before.add_workdays(D(2024, 10, 3), 60)
    year = CalendarYear.objects.create(year=2027, document="thử")
    CalendarDay.objects.create(year=year, day=D(2027, 3, 1), reason="thử", document="thử")
    after = workdays.calendar()
    assert (before.is_workday(D(2027, 3, 1)), after.is_workday(D(2027, 3, 1))) == (True, False)
    assert after.not_announced(D(2027, 1, 1), D(2027, 5, 1)) == []


# ---- manage.py workdays --------------------------------------------------------------------------
def _run(*arguments) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("workdays", *arguments, stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue().strip()


@pytest.mark.django_db
def test_the_command_prints_the_day_alone():
    assert _run("2024-10-03", "60") == ("2024-12-26", "")
    assert _run("2025-12-31", "7") == ("2026-01-12", "")  # 2/1 off, Saturday 10/1 worked


@pytest.mark.django_db
def test_a_year_to_come_is_a_warning_beside_the_day():
    out, err = _run("2026-11-25", "60")
    assert dt.date.fromisoformat(out).year == 2027
    assert "Lịch nghỉ năm 2027 chưa công bố" in err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("2024-10-03", "0"), "từ 1 đến"),
        (("2024-10-03", "-5"), "từ 1 đến"),
        (("2024-10-03", "99999999999999999999"), "từ 1 đến"),
        (("2024-10-03", "2501"), "từ 1 đến"),
        (("2024-10-03", "sáu mươi"), "số nguyên"),
        (("2024-10-03", "60.5"), "số nguyên"),
        (("2024-10-03", "٣"), "số nguyên"),
        (("2024-10-03", ""), "số nguyên"),
        (("2024-13-01", "60"), "không phải là ngày"),
        (("2023-02-29", "60"), "không phải là ngày"),
        (("03/10/2024", "60"), "ghi như 2024-10-03"),
        (("hôm nay", "60"), "không phải là ngày"),
        (("0001-01-01", "60"), "nằm ngoài khoảng"),
        (("9999-12-31", "60"), "nằm ngoài khoảng"),
    ],
)
def test_what_the_command_refuses(arguments, says):
    with pytest.raises(CommandError, match=says) as refused:
        call_command("workdays", "--", *arguments)
    assert refused.value.returncode == 2
