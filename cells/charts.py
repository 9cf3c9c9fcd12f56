"""Geometry of the charts that the server draws as SVG.

Pure functions: figures go in, coordinates come out as text with a decimal point,
so that the Vietnamese locale (1234,5) can never reach an SVG attribute.
Every axis starts at zero, and a missing value breaks the line instead of touching zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, log10

Number = int | Fraction | Decimal | float

# Narrow on purpose: at 360 px the drawing is shown about 1:1 and its text stays readable.
WIDTH, HEIGHT = 340, 210
LEFT, RIGHT, TOP, BOTTOM = 34, 16, 24, 28
BAR_LENGTH = 100
# The base line of a value above and below its dot, and how far its letters reach up and down from there.
ABOVE, BELOW, ASCENT, DESCENT = -9, 20, 12, 4
LETTER = 7  # width of one, about
STYLES = ("main", "even", "usual")
NEGATIVE = "Biểu đồ chỉ vẽ được số không âm."


@dataclass(frozen=True)
class Point:
    """One figure: where it stands, its value in the unit of the axis (None = not reported).

    `text` is the value as printed, `url` the list behind it; `at` its place along the axis as a share of it, on a chart
    whose points do not stand at equal steps.
    """

    label: str
    value: Number | None
    text: str = ""
    url: str = ""
    at: Fraction | None = None


@dataclass(frozen=True)
class Series:
    """A named line. `style` is one of STYLES; only `main` carries its values as text, where they are not too many."""

    name: str
    points: Sequence[Point]
    style: str = "main"
    with_text: bool = True


@dataclass(frozen=True)
class Mark:
    """A place on an axis with the text that stands there."""

    at: str
    text: str


@dataclass(frozen=True)
class Dot:
    """A drawn point; `text_y` is the base line of its value."""

    x: str
    y: str
    text: str
    text_y: str


@dataclass(frozen=True)
class Curve:
    """A drawn series; `path` is the SVG path data, broken where a value is missing."""

    name: str
    style: str
    path: str
    dots: Sequence[Dot]


@dataclass(frozen=True)
class Row:
    """One line of the table beside the chart."""

    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class LineChart:
    """Everything the template of a line chart prints."""

    width: int
    height: int
    left: int
    right: int
    base: int
    curves: Sequence[Curve]
    grid: Sequence[Mark]
    labels: Sequence[Mark]
    rows: Sequence[Row]
    target: Mark | None


@dataclass(frozen=True)
class Bar:
    """One horizontal bar: a name, a value (None = not reported), its text and the list behind it."""

    label: str
    value: Number | None
    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its length as a share of BAR_LENGTH; `length` is empty when not reported."""

    bar: Bar
    length: str


@dataclass(frozen=True)
class BarChart:
    """Bars on one scale; `mark` is where the target line stands, with its text."""

    bars: Sequence[DrawnBar]
    mark: Mark | None


@dataclass(frozen=True)
class Scale:
    """Maps [0, high] linearly on [start, end]; `end` may be smaller than `start`."""

    high: Fraction
    start: int
    end: int

    def __call__(self, value: Number) -> Fraction:
        return self.start + (self.end - self.start) * Fraction(value) / self.high


def plain(value: Number) -> str:
    """The number as SVG wants it: decimal point, at most one decimal, no grouping."""
    text = f"{float(value):.1f}"
    return text.removesuffix(".0")


def tick_text(value: Fraction) -> str:
    """The number as an axis prints it in Vietnamese: 3,5 and 1.500."""
    whole = f"{float(value):,.6f}".rstrip("0").rstrip(".")
    return whole.translate(str.maketrans(",.", ".,"))


def nice_step(span: Fraction, steps: int) -> Fraction:
    """The smallest of 1, 2, 5 times a power of ten that covers `span` in `steps` steps."""
    raw = span / steps
    power = Fraction(10) ** floor(log10(raw))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)


def ticks(high: Number, *, steps: int = 4, whole: bool = False) -> list[Fraction]:
    """Round values from 0 up to the first one at or above `high`, at most `steps` + 1 of them.

    `whole` keeps halves of a person off the axis. A `high` of 0 gives 0 and 1.
    """
    top = Fraction(high)
    if top < 0:
        raise ValueError(NEGATIVE)
    if top == 0:
        return [Fraction(0), Fraction(1)]
    step = nice_step(top, steps)
    if whole:
        step = max(step, Fraction(1))
    return [step * i for i in range(ceil(top / step) + 1)]


def line_chart(
    series: Sequence[Series],
    *,
    target: Number | None = None,
    target_text: str = "",
    unit: str = "",
    whole: bool = False,
    axis: Sequence[str] = (),
) -> LineChart:
    """Draw series that share the labels (and places) of the first one.

    `target` (unit of the axis) becomes a horizontal mark with `target_text`; `unit` is
    printed after the numbers of the axis; `whole` for counts; `axis` are names of equal parts
    of the axis, instead of the labels of the points. Raises ValueError on a
    negative value, an unknown style or series of different length.
    """
    _check(series)
    values = [Fraction(p.value) for one in series for p in one.points if p.value is not None]
    steps = ticks(max([*values, Fraction(target or 0)]), whole=whole)
    up = Scale(steps[-1], HEIGHT - BOTTOM, TOP)
    labels = [p.label for p in series[0].points] if series else []
    places = [p.at for p in series[0].points] if series else []
    across = _positions(len(labels)) if None in places else [_along(at) for at in places if at is not None]
    line = None if target is None else (up(target), LEFT + 4 + LETTER * len(target_text))
    return LineChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        base=HEIGHT - BOTTOM,
        curves=[_curve(one, across, up, line) for one in series],
        grid=[Mark(plain(up(step)), tick_text(step) + unit) for step in steps],
        labels=_named_parts(axis) if axis else _axis_labels(labels, across),
        rows=[Row(label, [one.points[i] for one in series]) for i, label in enumerate(labels)],
        target=None if target is None else Mark(plain(up(target)), target_text),
    )


def _beside(x: Fraction, y: Fraction, line: tuple[Fraction, int] | None) -> Fraction:
    """The base line of a value at a dot: above it, below where it would lie on the target's line or on its text."""
    above, below = y + ABOVE, y + BELOW
    if line is None:
        return above
    target, text_end = line
    top = target - DESCENT - ASCENT if x - 3 * LETTER < text_end else target
    fits = below + DESCENT <= HEIGHT - BOTTOM and _clear(below, top, target)
    return below if fits and not _clear(above, top, target) else above


def _clear(base_line: Fraction, top: Fraction, bottom: Fraction) -> bool:
    """Whether letters on this base line touch nothing between `top` and `bottom`."""
    return base_line + DESCENT < top or base_line - ASCENT > bottom


def bar_chart(bars: Sequence[Bar], *, target: Number | None = None, target_text: str = "") -> BarChart:
    """Put bars on one scale from 0 to the largest value or the target, whichever is more."""
    values = [Fraction(bar.value) for bar in bars if bar.value is not None]
    if any(value < 0 for value in values):
        raise ValueError(NEGATIVE)
    high = max([*values, Fraction(target or 0)]) or Fraction(1)
    along = Scale(high, 0, BAR_LENGTH)
    return BarChart(
        bars=[DrawnBar(bar, "" if bar.value is None else plain(along(bar.value))) for bar in bars],
        mark=None if target is None else Mark(plain(along(target)), target_text),
    )


def _check(series: Sequence[Series]) -> None:
    for one in series:
        if one.style not in STYLES:
            raise ValueError(f"Không có kiểu đường «{one.style}».")
        if len(one.points) != len(series[0].points):
            raise ValueError("Các đường của một biểu đồ phải có cùng số mốc.")
        if any(p.value is not None and p.value < 0 for p in one.points):
            raise ValueError(NEGATIVE)


def _positions(count: int) -> list[Fraction]:
    """Centres of `count` equal columns, so that the first and last label are not cut."""
    column = Fraction(WIDTH - LEFT - RIGHT, max(count, 1))
    return [LEFT + column * i + column / 2 for i in range(count)]


def _along(share: Fraction) -> Fraction:
    """The place of a share of the axis."""
    return LEFT + (WIDTH - LEFT - RIGHT) * share


def _named_parts(names: Sequence[str]) -> list[Mark]:
    """Each name in the middle of its part of the axis."""
    return [Mark(plain(x), name) for x, name in zip(_positions(len(names)), names, strict=True)]


def _axis_labels(labels: Sequence[str], across: Sequence[Fraction]) -> list[Mark]:
    """Every label up to seven; of more, every second (third, …), always with the last one."""
    every = ceil(len(labels) / 7) or 1
    last = len(labels) - 1
    return [
        Mark(plain(x), text) for i, (x, text) in enumerate(zip(across, labels, strict=True)) if (last - i) % every == 0
    ]


def _curve(series: Series, across: Sequence[Fraction], up: Scale, line: tuple[Fraction, int] | None) -> Curve:
    """`line`: where the target's line lies and where the text on it ends."""
    path: list[str] = []
    dots: list[Dot] = []
    pen_down = False
    for x, point in zip(across, series.points, strict=True):
        if point.value is None:
            pen_down = False
            continue
        y = up(point.value)
        path.append(f"{'L' if pen_down else 'M'}{plain(x)} {plain(y)}")
        text = point.text if series.with_text else ""
        dots.append(Dot(plain(x), plain(y), text, plain(_beside(x, y, line))))
        pen_down = True
    return Curve(series.name, series.style, " ".join(path), dots)
