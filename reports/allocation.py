"""What the children of a unit bring to the sharing of its quota, and a proposal for both lines (C20).

Figures say what each has (`reports.figures`); the sharing itself is `targets.quotas.allocate`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Count

from cells.dated import ONE_DAY
from cells.organisations import tree
from cells.organisations.models import Organisation
from cells.verdict import Problem, Refused
from membership.models import Candidacy, Stage
from membership.stages import READY
from reports.figures.book import Book, open_book
from reports.figures.standing import CURRENT
from reports.period import Period
from targets.quotas.allocate import NOUNS, Claim, Share, Weights, allocate
from targets.quotas.floors import floors

#: so many closed years tell what a unit usually does
YEARS_BACK = 3
#: line → the figure of what was done, and the stages of those who may be next
_LINES = {
    "admission": ("admitted", READY),
    "fostering": ("fostered", (Stage.NOMINEE,)),
}
_OF_FOSTERING = {"results": "bồi dưỡng các năm trước", "ready": "quần chúng ưu tú đang theo dõi"}


@dataclass(frozen=True)
class Wish:
    """How to share: the whole of each line (null: not at all), what counts how much, whether floors are kept.

    `rate`: the admissions are what this share of one asks of the members of all, its ceiling.
    """

    admission: int | None = None
    fostering: int | None = None
    weights: Weights = field(default_factory=Weights)
    with_floors: bool = True
    rate: Fraction | None = None

    def whole(self, line: str, members: int) -> int | None:
        """What of `line` is to be shared, the unit having so many members at the start of the year."""
        if line == "admission" and self.rate is not None:
            return math.ceil(self.rate * members)
        return getattr(self, line)


@dataclass(frozen=True)
class Child:
    """One direct child: what it has for each line, and what it would get of the lines shared.

    `branches` stand at and below it, of which `exhausted` have no sources of admission left.
    """

    unit: Organisation
    base: int | None
    branches: int
    exhausted: int
    claims: dict[str, Claim]
    shares: dict[str, Share]


@dataclass(frozen=True)
class Proposal:
    """The children in the order given; `base_year` is the year whose 1/1 counts, `years` those of the results."""

    children: list[Child]
    base_year: int
    years: list[int]
    without_base: int


def propose(unit: Organisation, children: Sequence[Organisation], year: int, wish: Wish, *, on: dt.date) -> Proposal:
    """Share the wished numbers of `year` among `children` as they stand on `on`; refuses as `allocate` does.

    Until the year has begun the base of the running year counts, and results are those of the years closed by then;
    in a fixed number of queries.
    """
    base_year = min(year, on.year)
    years = list(range(base_year - YEARS_BACK, base_year))
    book = open_book(
        unit.pk, Period(dt.date(years[0], 1, 1), max(on, dt.date(base_year, 1, 1)) + ONE_DAY), scope=CURRENT
    )
    standing = book.forest.standing(CURRENT, base_year, on)
    bases = {child.pk: book.base(standing, base_year).value(child.pk) for child in children}
    members = book.base(standing, base_year).value(unit.pk).number or 0
    floor_of = floors([child.pk for child in children], year, on)
    claims: dict[str, list[Claim]] = {}
    for line, (figure, stages) in _LINES.items():
        results = _results(book, figure, years, children)
        ready = _ready(unit, stages, on)
        claims[line] = [
            Claim(
                code=child.code,
                base=bases[child.pk].number or 0,
                results=results[child.pk],
                ready=ready[child.pk],
                floor=getattr(floor_of[child.pk], line) if wish.with_floors else 0,
                floor_of=floor_of[child.pk].of,
                # the word is on sources of admission: who has none is the first to foster some
                exhausted=line == "admission" and floor_of[child.pk].is_exhausted,
            )
            for child in children
        ]
    shares = {
        line: _shared(line, number, claims[line], wish.weights)
        for line in _LINES
        if (number := wish.whole(line, members)) is not None
    }
    return Proposal(
        [
            Child(
                child,
                bases[child.pk].number,
                floor_of[child.pk].branches,
                floor_of[child.pk].exhausted,
                {line: claims[line][place] for line in claims},
                {line: shares[line][place] for line in shares},
            )
            for place, child in enumerate(children)
        ],
        base_year,
        years,
        sum(bases[child.pk].number is None or bases[child.pk].missing > 0 for child in children),
    )


def _shared(line: str, number: int, claims: Sequence[Claim], weights: Weights) -> list[Share]:
    """As `allocate`; what it refuses is told of the line."""
    try:
        return allocate(number, claims, weights, NOUNS | (_OF_FOSTERING if line == "fostering" else {}))
    except Refused as refused:
        raise Refused(*(Problem(one.index, line, one.message) for one in refused.problems)) from None


def _results(book: Book, figure: str, years: Sequence[int], children: Sequence[Organisation]) -> Counter[int]:
    """Child → what it did in these years, each as it stood at the end of that year."""
    found: Counter[int] = Counter()
    for year in years:
        part = book.period.of_year(year)
        counted = book.counted(figure, book.forest.standing(CURRENT, year, part.last), part)
        for child in children:
            found[child.pk] += counted.value(child.pk).number or 0
    return found


def _ready(unit: Organisation, stages: Collection[Stage], on: dt.date) -> Counter[int]:
    """Child → the open cases at and below it that have reached these stages."""
    child_of = dict(tree.roll_up(unit.pk, on))
    cases = Candidacy.objects.in_stage(*stages).filter(organisation__in=tree.below([unit.pk], on)).order_by()
    found: Counter[int] = Counter()
    for pk, number in cases.values_list("organisation_id").annotate(number=Count("pk")):
        if pk in child_of:
            found[child_of[pk]] += number
    return found
