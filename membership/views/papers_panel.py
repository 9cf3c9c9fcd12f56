"""What is there and what is lacking before a step, as the pages of a case and of its member show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from membership.models import Candidacy
from membership.papers.checklist import EXPIRED, Line, before
from membership.papers.supplied import FROM_AROUND, INTRODUCERS


def panel(case: Candidacy, lines: Sequence[Line], to: str, *, may_enter: bool) -> dict[str, Any]:
    """The papers that `to` (a stage, or the recognition) asks for; those still to come where it asks for none."""
    asked = before(to, lines)
    url = reverse("case_papers", args=[case.pk]) if may_enter else ""
    return {
        "url": url,
        "missing": sum(line.bars for line in asked),
        "items": [item(case, line, url) for line in (asked or lines)],
        "ahead": not asked,
    }


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
