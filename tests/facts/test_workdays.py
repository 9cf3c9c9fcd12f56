"""Working days counted by hand, around Tết of three years and the days that official notices swapped.

A day in the comment with a number behind it is the so-many-th working day: «15–19/4: 54» says that Friday 19/4 is the
54th. The start never counts. Days off on weekdays, from the notices (docs/decisions/0010-clocks.md):

- 2024: 1/1; Tết 8, 9, 12, 13, 14/2; 18/4; 29, 30/4, 1/5 (worked for 29/4: Saturday 4/5); 2, 3/9
- 2025: 1/1; Tết 27–31/1; 7/4; 30/4, 1, 2/5 (worked for 2/5: Saturday 26/4); 1, 2/9
- 2026: 1, 2/1 (worked for 2/1: Saturday 10/1); Tết 16–20/2; 27/4; 30/4, 1/5; 31/8, 1, 2/9 (worked for 31/8:
  Saturday 22/8); 24/11
"""

import datetime as dt

import pytest

from membership.workdays import calendar

pytestmark = pytest.mark.django_db

# start, how many, the last day, in words
COUNTED = [
    # ---- around Tết 2024, 30 ----
    ("2023-12-19", 30, "2024-01-31"),  # Tue; six weeks: Tue 30/1; 1/1 off: +1
    ("2023-12-29", 30, "2024-02-19"),  # Fri; January but 1/1: 22; 1, 2, 5, 6, 7/2: 27; 15, 16/2: 29; Mon 19/2: 30
    ("2024-01-15", 30, "2024-03-04"),  # Mon; six weeks: Mon 26/2; Tết: +5
    ("2024-02-01", 30, "2024-03-21"),  # Thu; six weeks: Thu 14/3; Tết: +5
    ("2024-02-07", 30, "2024-03-27"),  # Wed, the last day before Tết; six weeks: Wed 20/3; Tết: +5
    ("2024-02-10", 30, "2024-03-27"),  # Sat, the first of Tết: as from 7/2, the first to count is Thu 15/2
    # ---- around Tết 2024, 60 and 90 ----
    ("2023-11-15", 60, "2024-02-15"),  # Wed; twelve weeks: Wed 7/2; 1/1: +1, and the next is after Tết
    ("2023-11-15", 90, "2024-03-28"),  # eighteen weeks: Wed 20/3; 1/1 and Tết: +6
    ("2023-12-04", 60, "2024-03-05"),  # Mon; twelve weeks: Mon 26/2; 1/1 and Tết: +6
    ("2023-12-04", 90, "2024-04-16"),  # eighteen weeks: Mon 8/4; +6
    ("2024-01-15", 60, "2024-04-15"),  # Mon; twelve weeks: Mon 8/4; Tết: +5
    ("2024-01-15", 90, "2024-05-30"),  # eighteen weeks: Mon 20/5; Tết 5, 18/4, 29, 30/4, 1/5: +9; worked 4/5: -1
    (
        "2024-02-08",
        60,
        "2024-05-13",
    ),  # 15–29/2: 11; March: 32; April but 18, 29, 30: 51; 2, 3, Sat 4/5: 54; 6–10: 59; 13/5: 60
    ("2024-02-08", 90, "2024-06-24"),  # from Mon 13/5 six weeks
    ("2024-02-19", 60, "2024-05-16"),  # Mon; twelve weeks: Mon 13/5; four off, one worked: +3
    ("2024-02-19", 90, "2024-06-27"),  # eighteen weeks: Mon 24/6; +3
    ("2024-03-04", 60, "2024-05-30"),  # Mon; twelve weeks: Mon 27/5; four off, one worked: +3
    ("2024-03-04", 90, "2024-07-11"),  # eighteen weeks: Mon 8/7; +3
    ("2024-10-03", 60, "2024-12-26"),  # Thu; twelve weeks, nothing off (screens.md)
    ("2024-10-03", 90, "2025-02-14"),  # eighteen weeks: Thu 6/2; 1/1 and Tết: +6
    # ---- around Tết 2025, 30 ----
    ("2024-12-23", 30, "2025-02-11"),  # Mon; six weeks: Mon 3/2; 1/1 and Tết: +6
    ("2025-01-06", 30, "2025-02-24"),  # Mon; six weeks: Mon 17/2; Tết: +5
    ("2025-01-24", 30, "2025-03-14"),  # Fri, the last day before Tết; six weeks: Fri 7/3; Tết: +5
    ("2025-01-29", 30, "2025-03-14"),  # Wed, the first of Tết: February from 3/2: 20; 3–7/3: 25; 10–14/3: 30
    ("2025-03-24", 30, "2025-05-08"),  # Mon; six weeks: Mon 5/5; 7, 30/4, 1, 2/5: +4; worked 26/4: -1
    ("2025-04-25", 30, "2025-06-10"),  # Fri; six weeks: Fri 6/6; three off, worked 26/4: +2
    # ---- around Tết 2025, 60 and 90 ----
    ("2024-11-14", 60, "2025-02-14"),  # Thu; twelve weeks: Thu 6/2; 1/1 and Tết: +6
    ("2024-11-14", 90, "2025-03-28"),  # eighteen weeks: Thu 20/3; +6
    ("2024-12-02", 60, "2025-03-04"),  # Mon; twelve weeks: Mon 24/2; 1/1 and Tết: +6
    ("2024-12-02", 90, "2025-04-16"),  # from Tue 4/3 six weeks: Tue 15/4; 7/4: +1
    ("2025-01-20", 60, "2025-04-22"),  # Mon; twelve weeks: Mon 14/4; Tết and 7/4: +6
    ("2025-01-20", 90, "2025-06-05"),  # eighteen weeks: Mon 26/5; 6, and 30/4, 1, 2/5: +9; worked 26/4: -1
    (
        "2025-01-31",
        60,
        "2025-04-26",
    ),  # February: 20; March: 41; 1–4/4: 45; 8–11: 49; 14–18: 54; 21–25: 59; Sat 26/4: 60
    ("2025-01-31", 90, "2025-06-11"),  # 28, 29/4: 62; 5–30/5: 82; 2–6/6: 87; 9, 10, 11/6: 90
    ("2025-03-19", 60, "2025-06-16"),  # Wed; twelve weeks: Wed 11/6; four off, one worked: +3
    ("2025-03-19", 90, "2025-07-28"),  # eighteen weeks: Wed 23/7; +3
    ("2025-06-30", 60, "2025-09-24"),  # Mon; twelve weeks: Mon 22/9; 1, 2/9: +2
    ("2025-06-30", 90, "2025-11-05"),  # eighteen weeks: Mon 3/11; +2
    # ---- around Tết 2026, 30 ----
    ("2025-12-24", 30, "2026-02-05"),  # 25, 26, 29–31/12: 5; 5–9/1: 10; Sat 10/1: 11; 12–30/1: 26; 2–5/2: 30
    ("2025-12-31", 30, "2026-02-12"),  # 5–9/1: 5; Sat 10/1: 6; 12–30/1: 21; 2–6/2: 26; 9–12/2: 30
    ("2026-01-05", 30, "2026-02-13"),  # 6–9/1: 4; Sat 10/1: 5; 12–30/1: 20; 2–13/2: 30, the last day before Tết
    ("2026-02-13", 30, "2026-04-03"),  # from 23/2 six weeks, to Fri 3/4
    ("2026-02-18", 30, "2026-04-03"),  # within Tết: the same
    ("2026-04-02", 30, "2026-05-19"),  # 3/4: 1; 6–24/4: 16; 28, 29/4: 18; 4–15/5: 28; 18, 19/5: 30
    # ---- around Tết 2026, 60 and 90 ----
    ("2025-11-10", 60, "2026-02-03"),  # 11–28/11: 14; December: 37; 5–9/1: 42; Sat 10/1: 43; 12–30/1: 58; 2, 3/2: 60
    ("2025-11-10", 90, "2026-03-24"),  # 4–13/2: 68; 23/2–20/3: 88; 23, 24/3: 90
    (
        "2025-12-01",
        60,
        "2026-03-03",
    ),  # 2–31/12: 22; 5–9/1: 27; Sat 10/1: 28; 12–30/1: 43; 2–13/2: 53; 23–27/2: 58; 2, 3/3: 60
    ("2025-12-01", 90, "2026-04-14"),  # 4–6/3: 63; 9/3–10/4: 88; 13, 14/4: 90
    ("2026-01-09", 60, "2026-04-09"),  # Sat 10/1: 1; 12–30/1: 16; 2–13/2: 26; 23/2–3/4: 56; 6–9/4: 60
    ("2026-01-09", 90, "2026-05-26"),  # 10/4: 61; 13–24/4: 71; 28, 29/4: 73; 4–22/5: 88; 25, 26/5: 90
    ("2026-01-15", 60, "2026-04-16"),  # 16/1: 1; 19–30/1: 11; 2–13/2: 21; 23/2–10/4: 56; 13–16/4: 60
    ("2026-01-15", 90, "2026-06-02"),  # 17/4: 61; 20–24/4: 66; 28, 29/4: 68; 4–29/5: 88; 1, 2/6: 90
    ("2026-02-20", 60, "2026-05-20"),  # 23/2–24/4: 45; 28, 29/4: 47; 4–15/5: 57; 18–20/5: 60
    ("2026-02-20", 90, "2026-07-01"),  # 21, 22/5: 62; 25/5–26/6: 87; 29, 30/6, 1/7: 90
    ("2026-06-08", 60, "2026-08-28"),  # 9–12/6: 4; 15/6–21/8: 54; Sat 22/8: 55; 24–28/8: 60
    ("2026-06-08", 90, "2026-10-14"),  # 3, 4/9: 62; 7/9–9/10: 87; 12–14/10: 90
    ("2026-09-01", 60, "2026-11-26"),  # 3, 4/9: 2; 7/9–20/11: 57; 23, 25, 26/11: 60
]


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(("start", "count", "last"), COUNTED)
def test_counted_by_hand(start, count, last):
    found = calendar()
    assert found.add_workdays(_day(start), count) == _day(last)
    assert found.workdays_between(_day(start), _day(last)) == count
    assert found.not_announced(_day(start), _day(last)) == []


def test_each_tet_is_counted_six_times_and_more():
    for year in (2024, 2025, 2026):
        near = [count for start, count, last in COUNTED if f"{year - 1}-09-01" < start <= f"{year}-09-01"]
        assert min(near.count(30), near.count(60), near.count(90)) >= 6, year


DAYS = [
    # day, worked
    ("2024-04-29", False),
    ("2024-05-04", True),
    ("2025-04-26", True),
    ("2025-05-02", False),
    ("2026-01-02", False),
    ("2026-01-10", True),
    ("2026-08-22", True),
    ("2026-08-31", False),
    ("2026-11-24", False),
    ("2024-02-08", False),
    ("2024-02-15", True),
    ("2025-01-27", False),
    ("2025-02-03", True),
    ("2026-02-16", False),
    ("2026-02-20", False),
    ("2026-02-23", True),
    ("2024-04-18", False),  # Giỗ Tổ
    ("2025-04-07", False),
    ("2026-04-27", False),  # for Sunday 26/4
    ("2024-09-03", False),
    ("2025-09-01", False),
    ("2026-09-01", False),
    ("2024-10-12", False),  # a Saturday
    ("2024-10-14", True),
]


@pytest.mark.parametrize(("day", "worked"), DAYS)
def test_days_of_the_notices(day, worked):
    assert calendar().is_workday(_day(day)) is worked
