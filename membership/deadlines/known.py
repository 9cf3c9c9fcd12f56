"""What the rows tell of the days that clocks need: for many people at once, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from cells.dated import ONE_DAY
from membership.deadlines.clocks import CaseDays, Considered, MemberDays, Move
from membership.deadlines.models import Extension, Milestone, RulesMove
from membership.models import Candidacy, RecognitionDecision, Spell, Stage, StageEvent, Vote
from membership.stages import that_count
from membership.votes.models import END_OF_PROBATION

What = Milestone.What
#: What a stage is known by where the step itself is not: everything reached after it.
_REACHED = {
    "resolved": (Stage.BRANCH_RESOLVED, Stage.EXAMINED, Stage.DECIDED, Stage.ADMITTED),
    "decided": (Stage.DECIDED, Stage.ADMITTED),
    "held": (Stage.ADMITTED,),
}
_LEFT = (Spell.End.TRANSFERRED_OUT, Spell.End.DECEASED, Spell.End.STRUCK_OFF, Spell.End.RESIGNED, Spell.End.EXPELLED)


@dataclass(frozen=True)
class Way:
    """A case or an admission with its known days. `row` is the case, or the spell of the member that holds last.

    `chain`: the spells of the admission, from its first on; empty for a case.
    """

    row: Candidacy | Spell
    days: CaseDays | MemberDays
    chain: tuple[Spell, ...] = ()

    @property
    def key(self) -> tuple[int | None, int | None]:
        """(id of the case, id of the spell), one of them null: what its deadlines belong to."""
        return (self.row.pk, None) if isinstance(self.row, Candidacy) else (None, self.row.pk)


def ways(people: Collection[int], *, every: bool = False) -> list[Way]:
    """Every case of `people` (ids), and every admission that clocks are kept for; eight queries.

    An admission without a case (an old book told it) has clocks only while its member is on probation; `every` gives
    it all the same.
    """
    cases = list(Candidacy.objects.filter(person__in=people).order_by("pk"))
    chains = admissions(Spell.objects.filter(person__in=people).order_by("person_id", "from_day", "pk"))
    chains = [chain for chain in chains if every or case_of(chain) or _on_probation(chain[-1])]
    told = _Told([case.pk for case in cases], chains)
    by_case: dict[int, list[list[Spell]]] = defaultdict(list)
    for chain in chains:
        if (case_id := case_of(chain)) is not None:
            by_case[case_id].append(chain)
    found = [Way(case, told.of_case(case, by_case[case.pk])) for case in cases]
    return found + [Way(chain[-1], told.of_member(chain), tuple(chain)) for chain in chains]


def ways_of(rows: Sequence[Candidacy | Spell]) -> list[Way]:
    """The ways of these cases and members (told by any of their spells), in their order."""
    found = ways({row.person_id for row in rows}, every=True)
    cases = {way.row.pk: way for way in found if not way.chain}
    members = {spell.pk: way for way in found for spell in way.chain}
    return [cases[row.pk] if isinstance(row, Candidacy) else members[row.pk] for row in rows]


def admissions(spells: Iterable[Spell]) -> list[list[Spell]]:
    """Spells (of one person after the other, in order of time) in chains: from an admission or a reception on, as
    long as each goes on from the one before."""
    chains: list[list[Spell]] = []
    for spell in spells:
        last = chains[-1][-1] if chains else None
        goes_on = spell.started_by in Spell.GOING_ON and last is not None
        if goes_on and last is not None and last.person_id == spell.person_id and last.to_day == spell.from_day:
            chains[-1].append(spell)
        else:
            chains.append([spell])
    return chains


def case_of(chain: list[Spell]) -> int | None:
    """The case that led to an admission (its id), null where an old book told of the member."""
    return next((spell.candidacy_id for spell in chain if spell.candidacy_id), None)


def _on_probation(spell: Spell) -> bool:
    return spell.standing == Spell.Standing.PROBATIONARY and spell.to_day is None


class _Told:
    """The steps, milestones, extensions and moves of cases (ids) and of admissions, and how those ended."""

    def __init__(self, cases: Collection[int], chains: Sequence[list[Spell]]) -> None:
        spells = [spell.pk for chain in chains for spell in chain]
        votes = Vote.objects.valid().filter(subject__in=END_OF_PROBATION, spell__in=spells).order_by("day", "pk")
        self._votes = _grouped(votes, "spell_id")
        decisions = RecognitionDecision.objects.filter(spell__in=spells)
        self._decided = dict(decisions.values_list("spell", "decided_on"))
        self._events = _grouped(
            StageEvent.objects.valid().filter(candidacy__in=cases).order_by("day", "pk"), "candidacy_id"
        )
        of_them = Q(candidacy__in=cases) | Q(admission__in=[chain[0].pk for chain in chains])
        self._rows: dict[type, dict[tuple[str, int | None], list[Any]]] = {}
        for rows in (Milestone.objects, Extension.objects, RulesMove.objects):
            found: dict[tuple[str, int | None], list[Any]] = defaultdict(list)
            for row in rows.filter(of_them).order_by("pk"):
                found[("case", row.candidacy_id) if row.candidacy_id else ("member", row.admission_id)].append(row)
            self._rows[rows.model] = found

    def of_case(self, case: Candidacy, chains: list[list[Spell]]) -> CaseDays:
        """`chains`: the admissions it led to; of a member who is gone nobody awaits a ceremony."""
        events, at = that_count(self._events[case.pk]), ("case", case.pk)
        gone = [_left_on(chain) for chain in chains]
        gone_on = max((day for day in gone if day), default=None) if gone and all(gone) else None
        stage = _stage_reached(case, events)
        resolved_on, decided_on = _step_day(events, Stage.BRANCH_RESOLVED), _step_day(events, Stage.DECIDED)
        received_on = self._day(at, What.RECEIVED)
        return CaseDays(
            certificate_on=self._day(at, What.CERTIFICATE) or case.certificate_on,
            resolved_on=resolved_on,
            decided_on=decided_on,
            received_on=received_on if received_on and decided_on and received_on >= decided_on else None,
            ceremony_on=_step_day(events, Stage.ADMITTED),
            stopped_on=case.stage_day if case.stage == Stage.DROPPED else gone_on,
            extensions=self._extensions(at, since=resolved_on),
            moves=self._moves(at),
            **{name: stage in stages for name, stages in _REACHED.items()},
        )

    def of_member(self, chain: list[Spell]) -> MemberDays:
        first, last = chain[0], chain[-1]
        at = ("member", first.pk)
        full = next((spell.from_day for spell in chain if spell.standing == Spell.Standing.FULL), None)
        return MemberDays(
            ceremony_on=None if first.standing == Spell.Standing.FULL else last.ceremony_on,
            filed_on=self._day(at, What.MEMBER_FILE),
            considered=self._considered(chain),
            full_from=full,
            recognised_on=max((self._decided[spell.pk] for spell in chain if spell.pk in self._decided), default=None),
            left_on=_left_on(chain),
            file_due=self._ceremony_recorded(case_of(chain)),
            extensions=self._extensions(at),
            moves=self._moves(at),
        )

    def _considered(self, chain: list[Spell]) -> tuple[Considered, ...]:
        """One for each meeting of the branch: recognising and removing are voted on at the same."""
        settled: dict[dt.date, bool] = {}
        for vote in sorted((vote for spell in chain for vote in self._votes[spell.pk]), key=lambda vote: vote.day):
            settled[vote.day] = settled.get(vote.day, False) or vote.passed
        return tuple(Considered(day, passed) for day, passed in settled.items())

    def _ceremony_recorded(self, case: int | None) -> bool:
        """Whether the step to the ceremony was recorded here, after the decision, and not taken over."""
        steps = self._events[case] if case else []
        return any(step.stage == Stage.ADMITTED and step.from_stage == Stage.DECIDED for step in steps)

    def _day(self, at: tuple[str, int | None], what: str) -> dt.date | None:
        days = [row.day for row in self._rows[Milestone][at] if row.what == what]
        return days[-1] if days else None

    def _extensions(self, at: tuple[str, int | None], since: dt.date | None = None) -> dict[str, int]:
        """Those of the resolution that counts now: an older one took its extension along."""
        return {row.kind: row.days for row in self._rows[Extension][at] if since is None or row.day >= since}

    def _moves(self, at: tuple[str, int | None]) -> tuple[Move, ...]:
        return tuple(Move(row.day, row.rules_of) for row in self._rows[RulesMove][at])


def _grouped(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _step_day(events: list[StageEvent], stage: str) -> dt.date | None:
    """The day of the step itself: coming back to a stage is not reaching it again."""
    days = [event.day for event in events if event.stage == stage and event.from_stage != Stage.DROPPED]
    return days[-1] if days else None


def _stage_reached(case: Candidacy, events: list[StageEvent]) -> str:
    """The stage a case stands at, or stood at when it was dropped."""
    if case.stage != Stage.DROPPED:
        return case.stage
    return next((event.from_stage for event in reversed(events) if event.stage == Stage.DROPPED), "")


def _left_on(chain: list[Spell]) -> dt.date | None:
    """The last day of a member who is gone: out of the Party or out of the tree."""
    last = chain[-1]
    return last.to_day - ONE_DAY if last.to_day and last.ended_by in _LEFT else None
