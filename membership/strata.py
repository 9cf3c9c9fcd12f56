"""Who is of which stratum (diện), as their case says it: one predicate for numbers, lists and filters (C25)."""

from __future__ import annotations

import operator
from functools import reduce

from django.db.models import Count, Q, QuerySet

from cells.rules.models import Stratum

#: stands for a code where a case has no stratum, or a member no case
NO_STRATUM = "unknown"
NOT_KNOWN = "Không rõ"
#: strata that tell a religion: only who keeps the particulars learns who is of them (`domain.md` §8)
SENSITIVE = frozenset({"religious"})


def names() -> dict[str, str]:
    """Code → name of every stratum there ever was, in the order of the list, those not known last."""
    return dict(Stratum.objects.values_list("code", "name")) | {NO_STRATUM: NOT_KNOWN}


def of_stratum(code: str, *ways: str) -> Q:
    """Cases of the stratum `code` (of none: NO_STRATUM); else what leads to its case by one of `ways` ("candidacy__").

    Nobody is found twice: a case has a stratum once.
    """
    wanted = None if code == NO_STRATUM else code
    found = [Q(**{f"{way}strata__code": wanted}) for way in ways or ("",)]
    return reduce(operator.and_ if wanted is None else operator.or_, found)


def counted(rows: QuerySet, way: str = "") -> dict[str, int]:
    """Code (or NO_STRATUM) → how many of `rows`; who is of two strata counts in both. One query."""
    found = rows.order_by().values_list(f"{way}strata__code").annotate(number=Count("pk"))
    return {code or NO_STRATUM: number for code, number in found}
