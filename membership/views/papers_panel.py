"""What is there and what is lacking before a step, as the pages of a case and of its member show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from cells.people import rights
from membership.models import Candidacy
from membership.papers.checklist import EXPIRED, LACKING, Line, before, checklist
from membership.papers.conditions import SENSITIVE
from membership.papers.supplied import FROM_AROUND, INTRODUCERS, REPLIES
from membership.views.access import Access


def seen_lines(access: Access, case: Candidacy, on: dt.date) -> list[Line]:
    """The checklist of `on` as the reader may know it: a paper that tells of a religion or of politics, and what a
    verification found, only for some.
    """
    lines = checklist(case, on)
    if access.may(rights.SEE_SENSITIVE):
        return lines
    return [line for line in lines if line.rule.condition not in SENSITIVE and line.rule.code != REPLIES]


def panel(access: Access, case: Candidacy, lines: Sequence[Line], to: str) -> dict[str, Any]:
    """The papers that `to` (a stage, or the recognition) asks for; those still to come where it asks for none."""
    asked = before(to, lines)
    url = reverse("case_papers", args=[case.pk]) if access.may(rights.BRANCH_WORK) else ""
    return {
        "url": url,
        "missing": sum(line.bars for line in asked),
        "items": [item(case, line, url) for line in (asked or lines)],
        "ahead": not asked,
    }


def seen_reason(access: Access, override: str) -> str:
    """Why something was let pass; which papers lacked only for who may know of all of them."""
    return override if access.may(rights.SEE_SENSITIVE) else override.partition(f" {LACKING}")[0]


def item(case: Candidacy, line: Line, url: str) -> dict[str, Any]:
    """One paper in a line, and where it is entered."""
    form = f" ({line.rule.form})" if line.rule.form else ""
    told = f": {line.told}" if line.paper else ""
    if line.bars:
        told = f": {line.lacking}" if line.state == EXPIRED or line.reason else ""
    elif not line.is_there:
        told = ": bước trước đã qua, bổ sung khi có"
    if url and line.rule.code in FROM_AROUND:
        url = reverse("case_introducer", args=[case.pk]) if line.rule.code == INTRODUCERS else "#around-title"
    return {"text": f"{line.rule.name}{form}{told}", "done": line.is_there, "url": "" if line.is_there else url}
