"""What a programme asks of a unit in a year, on tables of small numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest

from cells.models import Sector
from targets import progress
from targets.models import Programme, Target

TOP, BASE, BRANCH = Target.Where.TOP, Target.Where.BASE, Target.Where.BRANCH


def _rate(value):
    return Target(kind=Target.Kind.RATE, value=Decimal(value))


def _number(value):
    return Target(kind=Target.Kind.NUMBER, value=Decimal(value))


# target, base, required
REQUIRED = [
    (_rate("3.5"), 7894, 277),
    (_rate("3.5"), 200, 7),
    (_rate("3.5"), 201, 8),
    (_rate("3.25"), 87258, 2836),
    (_rate("3"), 100, 3),
    (_rate("0"), 100, 0),
    (_rate("3.5"), 0, None),
    (_rate("3.5"), None, None),
    (_number("12"), None, 12),
    (_number("12"), 7894, 12),
    (None, 7894, None),
]


@pytest.mark.parametrize(("target", "base", "required"), REQUIRED)
def test_required(target, base, required):
    assert progress.required(target, base) == required


# target, admitted, base, met
MET = [
    (_rate("3.5"), 276, 7894, False),
    (_rate("3.5"), 277, 7894, True),
    (_rate("3.5"), 7, 200, True),
    (_rate("3.5"), None, 200, None),
    (_rate("3.5"), 7, None, None),
    (_rate("3.5"), 0, 0, None),
    (_number("12"), 12, None, True),
    (_number("12"), 11, 7894, False),
    (None, 500, 7894, None),
]


@pytest.mark.parametrize(("target", "admitted", "base", "met"), MET)
def test_met(target, admitted, base, met):
    assert progress.meets(target, admitted, base) is met


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(9, 160, Fraction(9, 160)), (0, 5, 0), (5, 0, None), (None, 5, None), (5, None, None)],
)
def test_share(part, whole, share):
    assert progress.share(part, whole) == share


@pytest.fixture
def targets():
    """A programme of our own beside those of the migrations, far from their years."""
    programme = Programme.objects.create(title="thử", document="thử", from_year=2040, to_year=2042)
    village = Sector.objects.get(code="village")
    kinds, line = Target.Kind, Target.Line.ADMISSION
    for where, kind, value, more in (
        (TOP, kinds.RATE, "3", {}),
        (TOP, kinds.RATE, "4", {"primary": True}),
        (TOP, kinds.NUMBER, "900", {"span": Target.Span.WHOLE, "primary": True}),
        (BASE, kinds.MINIMUM_EACH, "1", {}),
        (BASE, kinds.NUMBER, "2", {}),
        (Target.Where.SECTOR, kinds.MINIMUM_AVERAGE, "1", {"sector": village}),
    ):
        Target.objects.create(programme=programme, line=line, kind=kind, value=Decimal(value), where=where, **more)
    Target.objects.create(
        programme=programme, line=Target.Line.FOSTERING, kind=kinds.RATE, value=9, where=TOP, primary=True
    )
    return progress.in_years(range(2039, 2044))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "where", "decides"),
    [
        (2040, [TOP], ("rate", 4)),
        (2042, [TOP], ("rate", 4)),
        (2039, [TOP], None),
        (2043, [TOP], None),
        (2040, [BASE], ("number", 2)),
        (2040, [BASE, BRANCH], ("number", 2)),
        (2040, [BRANCH], None),
        (2040, [], None),
    ],
)
def test_which_target_decides(targets, year, where, decides):
    target = progress.deciding(targets[year], where)
    assert (target and (target.kind, target.value)) == decides


@pytest.mark.django_db
def test_targets_of_many_years_are_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = progress.in_years([2024, 2020, 2020])
    assert set(found) == {2020, 2024}
