"""The end of a probation on the pages of people: the line, whose turn it is, and its button."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cells.asked_day import AskedDay
from cells.people import rights
from membership.models import RecognitionDecision, Spell
from membership.recognition.way import Turn, Way, told, way_of, who_acts
from membership.views.access import Access
from membership.votes.models import END_OF_PROBATION, Subject

#: whose turn → what it asks, the button, the name of its address
DEEDS = {
    Turn.BRANCH: (rights.BRANCH_WORK, "Ghi biểu quyết công nhận", "member_vote"),
    Turn.COMMITTEE: (rights.EXAMINE, "Ghi nghị quyết đảng ủy", "member_examine"),
    Turn.DECISION: (rights.DECIDE, "Ghi quyết định công nhận", "member_recognise"),
    Turn.REMOVAL: (rights.KEEP_REGISTER, "Ghi ra khỏi danh sách", "member_depart"),
}


def way_if_on_probation(spell: Spell, day: AskedDay) -> Way | None:
    """The way of a member who is on probation on the day asked; null of everybody else."""
    lasts = spell.to_day is None if day.is_today else spell.holds_on(day.on)
    return way_of(spell, day.on) if lasts and spell.standing == Spell.Standing.PROBATIONARY else None


def section(way: Way, access: Access) -> dict[str, Any]:
    """What a page shows of a probation; the deed only to whom it belongs."""
    turn = way.turn
    capability, verb, name = DEEDS.get(turn, ("", "", ""))
    may = bool(capability) and access.may(capability)
    return {
        "line": line(way),
        "told": told(way, turn),
        "rule": way.attempts if way.escalated else None,
        "verb": verb,
        "url": reverse(name, args=[way.spell.pk]) if may else "",
        "waits_for": who_acts(turn) if capability and not may else "",
        "since": way.since,
        "days": (way.on - way.since).days,
    }


def may_decide_early(way: Way, access: Access) -> bool:
    """Whoever decides may do so before everything was voted, with a reason that stays visible."""
    return access.may(rights.DECIDE) and way.turn in (Turn.BRANCH, Turn.COMMITTEE, Turn.REMOVAL)


def line(way: Way) -> list[dict[str, Any]]:
    """From the ceremony to the decision, as the stages of a case are shown."""
    turn = way.turn
    branch = way.passed(Subject.BRANCH_RECOGNITION) or way.passed(Subject.BRANCH_REMOVAL)
    branch = branch or next((vote for vote in reversed(way.votes) if vote.subject in END_OF_PROBATION), None)
    committee = way.passed(Subject.COMMITTEE_RECOGNITION)
    ended = way.ends_on if turn != Turn.NOT_YET else way.spell.ceremony_on
    steps = [
        ("Lễ kết nạp", way.spell.ceremony_on, None),
        ("Thời gian dự bị", ended, Turn.NOT_YET),
        ("Chi bộ biểu quyết", branch and branch.day, Turn.BRANCH),
        ("Đảng ủy xét", committee and committee.day, Turn.COMMITTEE),
        ("Xóa tên" if turn == Turn.REMOVAL else "Quyết định công nhận", None, Turn.DECISION),
    ]
    if way.committee is None:
        del steps[3]
    now = Turn.DECISION if turn == Turn.REMOVAL else turn
    place = next(index for index, (_, _, of) in enumerate(steps) if of == now)
    place = 0 if way.awaits_ceremony else place
    return [
        {"name": name, "day": day, "state": "done" if at < place else "current" if at == place else "ahead"}
        for at, (name, day, _) in enumerate(steps)
    ]


def decision_of(spell: Spell) -> RecognitionDecision | None:
    """The decision by which the member of this spell was recognised, if it was recorded here."""
    found = RecognitionDecision.objects.filter(spell__person=spell.person_id, spell__from_day__lte=spell.from_day)
    return found.order_by("-decided_on").first()
