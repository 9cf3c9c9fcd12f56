"""Geometry of charts: round ticks, honest axes, holes where nothing was reported."""

from fractions import Fraction

import pytest
from django.utils import translation

from cells import charts
from cells.charts import Bar, Point, Series


def points(*values):
    return [Point(str(i), value, f"v{i}") for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("high", "whole", "expected"),
    [
        (Fraction(7, 2), False, [0, 1, 2, 3, 4]),
        (280, True, [0, 100, 200, 300]),
        (Fraction(8, 10), False, [0, Fraction(1, 5), Fraction(2, 5), Fraction(3, 5), Fraction(4, 5)]),
        (2, True, [0, 1, 2]),
        (0, False, [0, 1]),
        (7894, True, [0, 2000, 4000, 6000, 8000]),
    ],
)
def test_ticks_are_round_and_reach_the_highest_value(high, whole, expected):
    assert charts.ticks(high, whole=whole) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(7, 2), "3,5"),
        (Fraction(8000), "8.000"),
        (Fraction(0), "0"),
        (Fraction(1, 5), "0,2"),
        (Fraction(10), "10"),
    ],
)
def test_the_axis_speaks_vietnamese(value, text):
    assert charts.tick_text(value) == text


def test_a_missing_year_breaks_the_line_and_stays_in_the_table():
    chart = charts.line_chart([Series("Tỷ lệ", points(2, 3, None, 1))])
    assert chart.curves[0].path.count("M") == 2
    assert len(chart.curves[0].dots) == 3
    assert [row.points[0].value for row in chart.rows] == [2, 3, None, 1]


def test_zero_stands_on_the_base_line_and_more_stands_higher():
    chart = charts.line_chart([Series("Tỷ lệ", points(0, 1, 2))], target=Fraction(7, 2), target_text="3,50%")
    heights = [float(dot.y) for dot in chart.curves[0].dots]
    assert heights[0] == chart.base
    assert heights[0] > heights[1] > heights[2] > float(chart.target.at) > 0


def test_equal_steps_of_value_are_equal_steps_of_height():
    heights = [float(dot.y) for dot in charts.line_chart([Series("Số", points(0, 2, 4))]).curves[0].dots]
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2])


@pytest.mark.parametrize("count", [0, 1, 5, 7, 8, 12, 30])
def test_at_most_seven_labels_always_with_the_last(count):
    labels = charts.line_chart([Series("Tháng", points(*range(count)))]).labels
    assert len(labels) <= 7
    assert [mark.text for mark in labels][-1:] == ([str(count - 1)] if count else [])


def test_points_stand_where_they_are_told_to_under_parts_that_have_names():
    """A year of twelve months, cut at its middle: the last point stands half-way, between the sixth and the seventh."""
    half = [Point(day, value, "2", at=at) for day, value, at in (("1/1", 0, Fraction(0)), ("1/7", 2, Fraction(1, 2)))]
    chart = charts.line_chart([Series("Năm nay", half, with_text=False)], axis=[str(month) for month in range(1, 13)])
    start, middle = (float(dot.x) for dot in chart.curves[0].dots)
    assert (start, middle) == (chart.left, (chart.left + chart.right) / 2)
    assert [mark.text for mark in chart.labels] == [str(month) for month in range(1, 13)]
    assert float(chart.labels[5].at) < middle < float(chart.labels[6].at)
    assert [dot.text for dot in chart.curves[0].dots] == ["", ""]
    assert [row.points[0].text for row in chart.rows] == ["2", "2"]


def test_coordinates_have_a_point_under_the_vietnamese_locale():
    with translation.override("vi"):
        chart = charts.line_chart([Series("Tỷ lệ", points(Fraction(1, 3), Fraction(2, 7)))], target=Fraction(1, 9))
    assert "," not in chart.curves[0].path + chart.target.at + "".join(mark.at for mark in chart.grid)


@pytest.mark.parametrize(
    "series",
    [
        [Series("Âm", points(1, -1))],
        [Series("Lạ", points(1), style="red")],
        [Series("Dài", points(1, 2)), Series("Ngắn", points(1))],
    ],
)
def test_what_cannot_be_drawn_is_refused(series):
    with pytest.raises(ValueError, match=r"\w"):
        charts.line_chart(series)


def test_bars_share_one_scale_with_their_target():
    chart = charts.bar_chart([Bar("A", 50, "50"), Bar("B", 0, "0"), Bar("C", None, "")], target=200, target_text="200")
    assert [drawn.length for drawn in chart.bars] == ["25", "0", ""]
    assert chart.mark.at == "100"


def test_bars_without_any_value_and_negative_bars():
    assert [drawn.length for drawn in charts.bar_chart([Bar("A", 0, "0")]).bars] == ["0"]
    with pytest.raises(ValueError, match="không âm"):
        charts.bar_chart([Bar("A", -1, "−1")])


@pytest.mark.parametrize("value", [Fraction(number, 20) for number in range(0, 90, 3)])
@pytest.mark.parametrize("place", range(5))
def test_no_value_is_written_on_the_targets_line(value, place):
    """Letters reach some 12 above the base line and 4 below it; at the left the text of the target is on its line."""
    values = [Fraction(7, 2)] * 5
    values[place] = value
    chart = charts.line_chart([Series("Tỷ lệ", points(*values))], target=Fraction(7, 2), target_text="mục tiêu 3,50%")
    dot, line = chart.curves[0].dots[place], float(chart.target.at)
    top, bottom = float(dot.text_y) - 12, float(dot.text_y) + 4
    assert not top <= line <= bottom
    assert bottom <= chart.base or float(dot.text_y) < float(dot.y)
    if place < 2 and value < Fraction(7, 2):
        assert bottom < line - 16 or top > line


def test_without_a_target_values_stand_above_their_dots():
    dots = charts.line_chart([Series("Tỷ lệ", points(1, 2, 3))]).curves[0].dots
    assert all(float(dot.text_y) < float(dot.y) for dot in dots)
