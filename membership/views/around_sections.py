"""The people around a case as sections of its page: who helps, who introduces, what is asked since when."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from cells import vietnamese
from cells.people import rights
from membership.around import helpers, introducers
from membership.around.models import AboutCase, Helper, Introducer, Opinion, Verification
from membership.around.path import SLUGS
from membership.around.standing import spells_of
from membership.models import Stage
from membership.views.access import Access
from membership.views.around import result_of

#: title, what leads on to the form, and its address
_PARTS = (
    ("Người giúp đỡ", "Phân công người giúp đỡ", "case_helper"),
    ("Người giới thiệu", "Ghi người giới thiệu", "case_introducer"),
    ("Thẩm tra lý lịch", "Ghi thẩm tra", "case_verification"),
    ("Ý kiến nhận xét", "Lấy ý kiến", "case_opinion"),
)


def sections(access: Access) -> list[dict[str, Any]]:
    """Title, lines (text, note, links), what the old book told, and verb and url of the form; as at the day shown."""
    case, on = access.case, access.on
    may = access.may(rights.BRANCH_WORK) and case.is_open
    may_help = may or (access.may(rights.BRANCH_WORK) and case.stage == Stage.ADMITTED)
    of_case = {model: model.objects.valid().filter(candidacy=case) for model in SLUGS}
    helping = list(of_case[Helper].filter(from_day__lte=on).select_related("person"))
    introducing = list(of_case[Introducer].filter(from_day__lte=on).select_related("person", "replaces__person"))
    asked = [row for row in of_case[Verification] if row.asked_on is None or row.asked_on <= on]
    opinions = of_case[Opinion].filter(asked_on__lte=on)
    told = [
        (_helpers(access, helping, may_help), case.helper, may_help),
        (_introducers(access, introducing, may), _names(case.introducer_1, case.introducer_2), may),
        ([_verification(row, access, may) for row in asked], "", may),
        ([_opinion(row, case.pk, on, may) for row in opinions], "", may),
    ]
    return [
        {"title": title, "verb": verb, "lines": lines, "old": old, "url": _to(case, name) if allowed else ""}
        for (title, verb, name), (lines, old, allowed) in zip(_PARTS, told, strict=True)
    ]


def _names(*names: str) -> str:
    return "; ".join(name for name in names if name)


def _to(case, name: str, *more: Any) -> str:
    return reverse(name, args=[case.pk, *more])


def _line(text: str, notes: Iterable[str], links: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    return {
        "text": text,
        "note": "; ".join(note for note in notes if note),
        "links": [{"label": label, "url": url} for label, url in links],
    }


def _undo(case_pk: int, row: AboutCase) -> tuple[str, str]:
    return "Hủy vì ghi nhầm", reverse("case_around_take_back", args=[case_pk, type(row), row.pk])


def _helpers(access: Access, rows: list[Helper], may: bool) -> list[dict[str, Any]]:
    load: Counter[int] = helpers.load_of([row.person_id for row in rows if row.person_id], access.on)
    lines = []
    for row in rows:
        now = row.holds_on(access.on)
        others = load.get(row.person_id or 0, 0)
        notes = [row.days_text, _number(row.number), f"đang giúp {others} người" if now and others else ""]
        links = [("Thôi giúp đỡ", _to(access.case, "case_helper_end", row.pk))] if may and row.to_day is None else []
        lines.append(_line(row.called, notes, [*links, _undo(access.case.pk, row)] if may else []))
    return lines


def _introducers(access: Access, rows: list[Introducer], may: bool) -> list[dict[str, Any]]:
    case, on = access.case, access.on
    spells = spells_of({row.person_id for row in rows if row.person_id})
    rules = introducers.rules_on(on)
    judged = case.stage in (Stage.NOMINEE, Stage.SYMPATHISER, Stage.TRAINED, Stage.DOSSIER)
    lines = []
    for row in rows:
        now = row.holds_on(on)
        problem = introducers.introducer_problem(row, case, on, rules, spells) if judged and now else ""
        together = f"cùng đơn vị, nơi cư trú từ {vietnamese.day(row.together_since)}" if row.together_since else ""
        notes = [
            row.get_kind_display(),
            row.days_text,
            together,
            f"thay {row.replaces.called}" if row.replaces else "",
            f"thôi vì {row.get_ended_because_display()}" if row.ended_because else "",
            f"giấy ngày {vietnamese.day(row.written_on)}" if row.written_on else "",
            _number(row.number),
            f"chưa đủ điều kiện: {problem}" if problem else "",
        ]
        links = []
        if may and now and row.is_member:
            links.append(("Thay người khác", _to(case, "case_introducer_replace", row.pk)))
        if may:
            links.append(_undo(case.pk, row))
        lines.append(_line(row.called, notes, links))
    return lines


def _verification(row: Verification, access: Access, may: bool) -> dict[str, Any]:
    """What was found only for those who may know; that somebody answered for everybody who sees the case."""
    case_pk, on = access.case.pk, access.on
    answered = row.answered_on is not None and row.answered_on <= on
    if row.exempt:
        notes = ["là đảng viên, không phải thẩm tra"]
    elif answered:
        when = row.cleared_on or row.answered_on
        result = result_of(row) if access.may(rights.SEE_SENSITIVE) else "đã trả lời"
        notes = [row.place, f"{result} ngày {vietnamese.day(when)}"]
    else:
        notes = [row.place, _waiting(row.asked_on, on)]
    links = []
    if may and not row.is_settled:
        label = "Ghi đã làm rõ" if answered else "Ghi trả lời"
        links.append((label, reverse("case_verification_answer", args=[case_pk, row.pk])))
    if may:
        links.append(_undo(case_pk, row))
    what = row.get_relation_display()
    return _line(what[:1].upper() + what[1:], [*notes, _number(row.number)], links)


def _opinion(row: Opinion, case_pk: int, on: dt.date, may: bool) -> dict[str, Any]:
    came = row.received_on is not None and row.received_on <= on
    when = f"đã nhận ngày {vietnamese.day(row.received_on)}" if came else _waiting(row.asked_on, on)
    links = []
    if may and row.received_on is None:
        links.append(("Ghi đã nhận", reverse("case_opinion_receive", args=[case_pk, row.pk])))
    if may:
        links.append(_undo(case_pk, row))
    return _line(row.asked_of, [row.get_source_display(), when, _number(row.number)], links)


def _waiting(asked_on: dt.date | None, on: dt.date) -> str:
    if asked_on is None:
        return ""
    return f"gửi ngày {vietnamese.day(asked_on)}, chờ trả lời {vietnamese.number((on - asked_on).days)} ngày"


def _number(number: str) -> str:
    return f"số {number}" if number else ""
