"""What the number of a unit has beyond the rows of units below it: the line «khác» of a table, and its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from reports.figures.cohort import counted_at
from reports.figures.standing import Standing
from reports.figures.values import Part

#: the cut of a figure by branches, whichever unit they stand under; the row of a cut that is what no row tells
BRANCHES, REST = "branches", "rest"


class Rows:
    """Rows of a table, each a unit below the one asked that tells of itself and of what counts with it.

    The line «khác» has what counts at no row; where the unit asked says something else of a row than the row does of
    itself, as where it declares for all below it, also that difference. Without rows it is the whole number.
    """

    def __init__(self, standing: Standing, rows: Collection[int] = ()) -> None:
        self._rows = rows
        self._row_of = {unit: row for row in rows for unit in counted_at(standing, row)}

    def others(self, units: Iterable[int]) -> list[int]:
        """Those of `units` that count at no row."""
        return [unit for unit in units if unit not in self._row_of]

    def split(
        self, shares: Iterable[tuple[int, int]], of_row: Callable[[int], Iterable[tuple[int, int]]]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """What the `shares` (unit, number) of the whole have at no row, by unit; and where they differ from a row's
        own, by row.
        """
        own: Counter[int] = Counter()
        differing: Counter[int] = Counter()
        for unit, number in shares:
            row = self._row_of.get(unit)
            if row is None:
                own[unit] += number
            else:
                differing[row] += number
        for row in self._rows:
            differing[row] -= sum(number for _, number in of_row(row))
        return dict(own), {row: number for row, number in differing.items() if number}

    def beyond(
        self, parts: Sequence[Part], of_row: Callable[[int], Sequence[Part]]
    ) -> tuple[list[Part], dict[int, int]]:
        """The same of the parts of a number: those at no row, and by how much the others differ from the rows."""
        _, differing = self.split(_shares(parts), lambda row: _shares(of_row(row)))
        return [part for part in parts if part.unit not in self._row_of], differing


def _shares(parts: Iterable[Part]) -> Iterable[tuple[int, int]]:
    return ((part.unit, part.own.number or 0) for part in parts)
