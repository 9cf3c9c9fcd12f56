"""The end of a probation: what was voted, whose turn it is, and the guards of each (`domain.md` §1.2, steps 21 to 24).

Nothing of it is stored: it follows from the ceremony, the votes and the dated rules.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cells import vietnamese
from cells.dated import months_after
from cells.rules.models import Rule
from cells.verdict import YES, Verdict, no
from membership import procedure
from membership.models import Spell, Vote
from membership.votes.models import ADMISSIONS, END_OF_PROBATION, OF_COMMITTEE, Subject

_RULES = ("probation_months", "recognition_attempts", "recognition_takes_effect")
_NO_CEREMONY = "Chưa ghi lễ kết nạp; thời gian dự bị tính từ ngày lễ."


class Turn(StrEnum):
    """Who has to act next."""

    NOT_YET = "not_yet"  # the probation lasts, or nobody knows since when
    BRANCH = "branch"
    COMMITTEE = "committee"  # the base committee votes
    DECISION = "decision"
    REMOVAL = "removal"  # the branch asked to strike the member off; the committee decides


@dataclass(frozen=True)
class Way:
    """One probationary member (an open spell) on a day.

    `ends_on` is the first day after the probation, so the day of full membership; null where no ceremony is known.
    `committee` is the base committee (id) over the unit, null for a base branch.
    """

    spell: Spell
    on: dt.date
    ends_on: dt.date | None
    votes: tuple[Vote, ...]  # valid, oldest first
    committee: int | None
    rules: tuple[Rule, ...]  # every version of those that a probation goes by

    @property
    def months(self) -> Rule:
        """How long the probation lasts: the rule in force on the day of the ceremony."""
        return _version(self.rules, "probation_months", self.spell.ceremony_on or self.on)

    @property
    def attempts(self) -> Rule:
        """After how many votes in vain the committee above decides."""
        return _version(self.rules, "recognition_attempts", self.on)

    def effect(self, decided_on: dt.date) -> Rule:
        """From which day a recognition decided on this day counts."""
        return _version(self.rules, "recognition_takes_effect", decided_on)

    def passed(self, subject: str) -> Vote | None:
        """The vote on `subject` that had enough, null where none had."""
        return next((vote for vote in reversed(self.votes) if vote.subject == subject and vote.passed), None)

    @property
    def failed(self) -> int:
        """Meetings of the branch without two thirds either way; one that recognises or removes ends the count."""
        of_branch = [vote for vote in self.votes if vote.subject in END_OF_PROBATION]
        return 0 if any(vote.passed for vote in of_branch) else len({vote.day for vote in of_branch})

    @property
    def escalated(self) -> bool:
        """Whether the branch voted in vain so often that the committee above decides."""
        return self.failed >= self.attempts.number

    @property
    def turn(self) -> Turn:
        if self.passed(Subject.BRANCH_REMOVAL):
            return Turn.REMOVAL
        if self.passed(Subject.BRANCH_RECOGNITION) or self.escalated:
            examined = self.committee is None or self.passed(Subject.COMMITTEE_RECOGNITION)
            return Turn.DECISION if examined else Turn.COMMITTEE
        lasts = self.awaits_ceremony or (self.ends_on is not None and self.on < self.ends_on)
        return Turn.NOT_YET if lasts else Turn.BRANCH

    @property
    def awaits_ceremony(self) -> bool:
        """Admitted here without a ceremony so far; of who came as a member from elsewhere it may be unknown."""
        return self.ends_on is None and self.spell.started_by in (Spell.Start.ADMITTED, Spell.Start.READMITTED)

    @property
    def since(self) -> dt.date:
        """Since when it is the turn of whose it is."""
        last = self.votes[-1].day if self.votes and self.turn != Turn.BRANCH else None
        return last or self.ends_on or self.spell.from_day


def ways(spells: Iterable[Spell], on: dt.date) -> list[Way]:
    """The way of each of these open probationary spells, in their order; a fixed number of queries."""
    spells = list(spells)
    rules = tuple(Rule.objects.filter(key__in=_RULES))
    committees = procedure.base_committees({spell.organisation_id for spell in spells}, on) if spells else {}
    votes = _votes(spells)
    found = []
    for spell in spells:
        ends_on = None
        if spell.ceremony_on:
            months = _version(rules, "probation_months", spell.ceremony_on)
            ends_on = months_after(spell.ceremony_on, months.number)
        begun = spell.ceremony_on or dt.date.min
        held = tuple(vote for vote in votes[spell.person_id] if begun <= vote.day <= on)
        found.append(Way(spell, on, ends_on, held, committees.get(spell.organisation_id), rules))
    return found


def way_of(spell: Spell, on: dt.date) -> Way:
    """The way of one open probationary spell."""
    return ways([spell], on)[0]


def vote_verdict(way: Way, subject: str, day: dt.date) -> Verdict:
    """Whether the branch or the committee may vote on `subject` on `day`, and if not, why and by which rule."""
    if way.awaits_ceremony:
        return no(_NO_CEREMONY, rule=way.months)
    if way.ends_on and day < way.ends_on:
        ends = vietnamese.day(way.ends_on)
        reason = f"Thời gian dự bị của người này hết ngày {ends}; xét công nhận từ ngày đó."
        return no(reason, rule=way.months)
    order = _order_verdict(way, subject)
    if not order:
        return order
    return after_votes(way.votes, subject, day)


def after_votes(votes: Sequence[Vote], subject: str, day: dt.date) -> Verdict:
    """Whether `day` comes after what was voted on the same person: one vote on a subject at one meeting."""
    for vote in reversed(votes):
        if day < vote.day or (day == vote.day and vote.subject == subject):
            return no(f"Lần biểu quyết trước là ngày {vietnamese.day(vote.day)}; lần này phải sau ngày đó.")
    return YES


def _order_verdict(way: Way, subject: str) -> Verdict:
    turn = way.turn
    if turn == Turn.NOT_YET:  # asked of a day to come; of this one the day says it
        turn = Turn.BRANCH
    wanted = Turn.COMMITTEE if subject in OF_COMMITTEE else Turn.BRANCH
    return YES if turn == wanted else no(told(way, turn), rule=_rule(way), who_can=who_acts(turn))


def decision_verdict(way: Way) -> Verdict:
    """Whether everything was voted that a decision to recognise rests on."""
    return YES if way.turn == Turn.DECISION else no(told(way, way.turn), rule=_rule(way), who_can=who_acts(way.turn))


def told(way: Way, turn: Turn) -> str:
    """Where it stands, as a sentence."""
    if way.awaits_ceremony:
        return _NO_CEREMONY
    if turn == Turn.NOT_YET and way.ends_on:
        return f"Thời gian dự bị hết ngày {vietnamese.day(way.ends_on)}; chi bộ xét công nhận từ ngày đó."
    if turn == Turn.REMOVAL:
        vote = way.passed(Subject.BRANCH_REMOVAL)
        return f"Chi bộ đã đề nghị xóa tên ngày {vietnamese.day(vote.day)}." if vote else ""
    if turn == Turn.BRANCH:
        times = f" Đã biểu quyết {way.failed} lần, chưa đủ số phiếu." if way.failed else ""
        return f"Đã hết thời gian dự bị; chi bộ biểu quyết công nhận trước.{times}"
    if way.escalated:
        times = f"Chi bộ đã biểu quyết {way.failed} lần không đủ số phiếu công nhận hoặc xóa tên"
        return f"{times}; báo cáo cấp ủy cấp trên quyết định."
    examined = way.passed(Subject.COMMITTEE_RECOGNITION) or way.passed(Subject.BRANCH_RECOGNITION)
    by = "Đảng ủy" if examined and examined.subject in OF_COMMITTEE else "Chi bộ"
    return f"{by} đã đề nghị công nhận ngày {vietnamese.day(examined.day)}." if examined else ""


def who_acts(turn: Turn) -> str:
    return {
        Turn.BRANCH: "chi bộ",
        Turn.NOT_YET: "chi bộ",
        Turn.COMMITTEE: "đảng ủy cơ sở",
        Turn.REMOVAL: "đảng ủy cơ sở hoặc Ban Tổ chức",
        Turn.DECISION: "Ban Tổ chức hoặc đảng ủy cơ sở được ủy quyền",
    }[turn]


def _rule(way: Way) -> Rule | None:
    return way.attempts if way.escalated else None


def _votes(spells: Sequence[Spell]) -> dict[int, list[Vote]]:
    """Person's id → the valid votes on recognising or removing them, oldest first."""
    found: dict[int, list[Vote]] = defaultdict(list)
    people = {spell.person_id for spell in spells}
    votes = Vote.objects.valid().exclude(subject__in=ADMISSIONS).filter(spell__person__in=people)
    for vote in votes.select_related("spell").order_by("day", "pk"):
        found[vote.spell.person_id].append(vote)
    return found


def _version(versions: Iterable[Rule], key: str, day: dt.date) -> Rule:
    for version in versions:
        if version.key == key and version.holds_on(day):
            return version
    raise Rule.DoesNotExist(f"{key}, {day}")
