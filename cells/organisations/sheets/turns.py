"""In which order the rows of one day are done, whatever their order in the sheet."""

from __future__ import annotations

from collections.abc import Sequence

from cells.organisations.models import Operation, Place
from cells.organisations.reorganise.works import WORKS
from cells.organisations.sheets.items import codes, is_founding, on_paper
from cells.sheets.sheet import Row

Work = Operation.Work
_ORDER = list(WORKS)


def by_turns(rows: Sequence[Row]) -> list[Row]:
    """Rows of one day in the order in which they are done; a unit is founded after the one above it."""
    founded, above = [row for row in rows if is_founding(row)], {row["code"]: row["parent_code"] for row in rows}

    def depth(row: Row) -> int:
        code, seen = row["parent_code"], {row["code"]}
        while code in above and code not in seen:
            seen.add(code)
            code = above[code]
        return len(seen)

    return [*sorted(founded, key=depth), *in_turn([row for row in rows if not is_founding(row)])]


def in_turn(rows: Sequence[Row]) -> list[Row]:
    """What happens on one day in the order in which it is done.

    A unit below one that is split then is merged before. What goes from below it to a part of it by the same decision
    is shared out by the split (`row["units"]`) and no work of its own: so such a split went out (`export`).
    """
    splits = {row["code"]: row for row in rows if row["work"] == Work.SPLIT}
    if not splits:
        return sorted(rows, key=lambda row: _ORDER.index(row["work"]))
    standing = Place.objects.on(rows[0]["day"]).filter(parent__code__in=splits)
    over = {code: splits[parent] for code, parent in standing.values_list("organisation__code", "parent__code")}
    for split in splits.values():
        split["units"] = {}
    kept = [row for row in rows if not _is_shared_out(row, over.get(row["code"]))]

    def turn(row: Row) -> tuple[int, bool]:
        early = row["code"] in over and row["work"] in (Work.MERGE, Work.DISSOLVE)
        return _ORDER.index(Work.SPLIT if early else row["work"]), not early

    return sorted(kept, key=turn)


def _is_shared_out(row: Row, split: Row | None) -> bool:
    """Whether the row only tells what `split` does with the unit; then that says so."""
    if row["work"] != Work.MOVE or split is None:
        return False
    if row["related"] not in codes(split["related"]) or on_paper(row) != on_paper(split):
        return False
    split["units"][row["code"]] = row["related"]
    return True


def founded_under(units: set[str], founded: Sequence[Row]) -> set[str]:
    """Codes of the founded units that stand, directly or not, under `units` (codes)."""
    under: set[str] = set()
    while more := {row["code"] for row in founded if row["parent_code"] in units | under} - under:
        under |= more
    return under
