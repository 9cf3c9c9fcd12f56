"""What is due of a year never falls, is all of it at its end, and comes to what the figures of the year say."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cells.dated import ONE_DAY
from reports import states
from reports.figures.book import open_book
from reports.figures.pace import Course, Courses, Pace, Usual, year_gone
from reports.figures.standing import CURRENT, OPENING
from reports.period import Period, next_month
from tests.properties import world
from tests.properties.world import TODAY, Event, World, events

numbers = st.integers(0, 400)
days = st.dates(dt.date(2023, 1, 1), dt.date(2024, 12, 31))
shares = st.fractions(0, 1)


@given(numbers, st.integers(1, 400), days, shares)
def test_ahead_is_done_less_due_exactly_and_says_what_the_state_says(done, asked, day, usual):
    pace = Pace(asked, done, 0, year_gone(day), usual)
    assert pace.due_evenly + pace.ahead_evenly == pace.due_usually + pace.ahead_usually == done
    assert (states.of(asked, done, day) == states.BEHIND) == (pace.ahead_evenly < 0)
    unsure = Pace(asked, done, 1, year_gone(day), usual)
    assert unsure.ahead_evenly == (pace.ahead_evenly if pace.ahead_evenly >= 0 else None)
    assert states.of(asked, done, day, unsure=True) != states.BEHIND


@given(days)
def test_the_even_share_grows_by_a_day_until_it_is_whole(day):
    first, after = dt.date(day.year, 1, 1), day + ONE_DAY
    length = (dt.date(day.year + 1, 1, 1) - first).days
    if after.year == day.year:
        assert year_gone(after) - year_gone(day) == Fraction(1, length) == year_gone(first)
    else:
        assert year_gone(day) == 1


happenings = events(
    "move", "merge", "split", "dissolve", "leave", "join", *["admit"] * 12, "declare", least=12, most=34
)
ONE_MONTH = [dt.date(2023, month, 1) for month in range(1, 13)]


#: a branch goes into another, which admits; neither is the one asked about
ELSEWHERE = [Event("merge", dt.date(2022, 3, 31), 4, 5), Event("admit", dt.date(2023, 6, 30), 5, 0)]


@pytest.mark.django_db
@world.examples(8)
@given(happenings, st.integers(0, 5), st.sampled_from([OPENING, CURRENT]))
@example(ELSEWHERE, 3, CURRENT)
def test_the_course_of_a_year_comes_to_the_figures_of_its_months(happened, choice, scope):
    with world.forgotten():
        unit = World(happened).unit(choice)
        span = Period(dt.date(2021, 1, 1), TODAY + ONE_DAY)
        book, daily = (open_book(unit.pk, span, scope=scope, daily=keys) for keys in ((), ("admitted",)))
        courses = Courses(book, "admitted", scope)
        course = courses.of(2023, dt.date(2023, 12, 31))
        told_apart = Courses(daily, "admitted", scope).of(2023, dt.date(2023, 12, 31))
        ends = [(next_month(first) - ONE_DAY) for first in ONE_MONTH]
        assert [course.by(end.month, end.day) for end in ends] == [told_apart.by(end.month, end.day) for end in ends]
        _check_never_falls(course)
        if not courses.declares(2023, months=False):
            standing = book.forest.standing(scope, 2023, dt.date(2023, 12, 31))
            for end in ends:
                to_here = Period(dt.date(2023, 1, 1), end + ONE_DAY)
                number = book.over(to_here).counted("admitted", standing, to_here).value(unit.pk).number
                assert course.by(end.month, end.day) == (number or 0), end
        _check_usual(Usual(book, "admitted", scope, 2024))


def _check_never_falls(course: Course) -> None:
    before = Fraction(0)
    for first in ONE_MONTH:
        for day in (1, 2, 14, 15, 28, 29, 31):
            reached = course.by(first.month, day)
            assert reached >= before
            before = reached
    assert before == course.whole


def _check_usual(usual: Usual) -> None:
    ends = [usual.share(next_month(dt.date(2024, month, 1)) - ONE_DAY) for month in range(1, 13)]
    if ends[0] is not None:
        assert ends == sorted(ends)
        assert ends[-1] == 1
