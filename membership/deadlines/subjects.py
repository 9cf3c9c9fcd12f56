"""The cases and members that deeds on clocks are about: which version a form showed, and how a deed ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from cells.log.write import Changes, record_rows
from cells.people.models import User
from cells.verdict import Problem, Stale
from membership.correct import CHANGED
from membership.deadlines.known import Way
from membership.deadlines.rows import refresh
from membership.models import Candidacy, Spell


def of_one(way: Way) -> dict[str, Any]:
    """The fields of `OfOneWay` that say whose it is."""
    return {"admission": way.chain[0]} if way.chain else {"candidacy": way.row}


def check_versions(items: Sequence[Any]) -> None:
    """Lock the cases of `items` (with `row` and `version`); `Stale` where a form showed an older version of one."""
    cases = {item.row.pk for item in items if isinstance(item.row, Candidacy)}
    versions = dict(Candidacy.objects.select_for_update().filter(pk__in=cases).values_list("pk", "version"))
    stale = [
        Problem(index, "", CHANGED)
        for index, item in enumerate(items)
        if item.version is not None and isinstance(item.row, Candidacy) and versions[item.row.pk] != item.version
    ]
    if stale:
        raise Stale(*stale)


def finish(
    deed: str, rows: Sequence[Candidacy | Spell], actor: User | None, changes: Changes, reason: str = ""
) -> None:
    """New versions, right clocks, one entry in the log: the end of every deed on clocks."""
    cases = [row.pk for row in rows if isinstance(row, Candidacy)]
    Candidacy.objects.filter(pk__in=cases).update(version=F("version") + 1)
    refresh([row.person_id for row in rows])
    told = changes if len(rows) == 1 else None
    subject = "candidacy" if isinstance(rows[0], Candidacy) else "spell"
    record_rows(deed, rows, actor=actor, subject=subject, changes=told, note=reason)
