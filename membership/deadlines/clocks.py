"""From known days to clocks: pure functions of days, rules and calendar (`domain.md` §1.1, §1.2, §1.4).

A clock goes by the rules in force on the day that sets it going, until its case is moved to others on purpose.
Nothing here asks what day it is: a clock tells it for any day (`Clock.state`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cells.dated import ONE_DAY, months_after
from cells.rules.models import Rule
from membership.deadlines.models import VALIDITIES, Kind, Outcome
from membership.workdays import Calendar

#: the rules a clock's length comes from; all but `WORKDAYS` count in months
LENGTHS = {
    Kind.CERTIFICATE: "certificate_months",
    Kind.DOSSIER: "dossier_months",
    Kind.DECISION: "decision_days",
    Kind.CEREMONY: "ceremony_days",
    Kind.MEMBER_FILE: "member_file_days",
    Kind.PROBATION: "probation_months",
    Kind.REVIEW: "recognition_review_days",
    Kind.RECOGNITION: "recognition_decision_days",
}
WORKDAYS = frozenset(kind for kind, key in LENGTHS.items() if key.endswith("_days"))
EXTENSIONS = {Kind.DECISION: "decision_extension_days", Kind.RECOGNITION: "recognition_extension_days"}
COUNTS_FROM = "ceremony_counts_from"
ATTEMPTS = "recognition_attempts"
KEYS = frozenset({*LENGTHS.values(), *EXTENSIONS.values(), COUNTS_FROM, ATTEMPTS})


class Rules:
    """The versions of the rules that clocks go by, read once for many."""

    def __init__(self, versions: Iterable[Rule]) -> None:
        self._versions: dict[str, list[Rule]] = {}
        for version in versions:
            self._versions.setdefault(version.key, []).append(version)

    def at(self, key: str, day: dt.date) -> Rule | None:
        """The version in force on `day`; null where there is none, and then no clock runs by it."""
        return next((version for version in self._versions.get(key, ()) if version.holds_on(day)), None)

    def turns(self, *keys: str) -> list[dt.date]:
        """The days on which a version of any of `keys` begins or ends, ascending."""
        versions = [version for key in keys for version in self._versions.get(key, ())]
        return sorted({day for version in versions for day in (version.from_day, version.to_day) if day})


def rules() -> Rules:
    return Rules(Rule.objects.filter(key__in=KEYS))


class State(StrEnum):
    COMING = "coming"  # begins on a later day
    RUNNING = "running"
    EXTENDED = "extended"
    OVERDUE = "overdue"
    MET = "met"
    LATE = "late"  # done, after the due day
    STOPPED = "stopped"


@dataclass(frozen=True)
class Clock:
    """One clock: its first day (not counted), its last (counted), and the day it was over, if known.

    `rule` gives its length, of the version in force on `by`. `assumed`: the day it should start from is not known and
    another stands for it.
    """

    kind: Kind
    start: dt.date
    due: dt.date
    rule: Rule
    by: dt.date
    extended: int = 0
    assumed: bool = False
    provisional: bool = False
    ended_on: dt.date | None = None
    outcome: str = ""

    def state(self, day: dt.date) -> State:
        """How it stands at the end of `day`."""
        return state(self.start, self.due, self.ended_on, self.outcome, self.extended, day)


def state(start: dt.date, due: dt.date, ended_on: dt.date | None, outcome: str, extended: int, day: dt.date) -> State:
    """How a clock, or its row, stands at the end of `day`."""
    if start > day:
        return State.COMING
    if ended_on is not None and ended_on <= day:
        if outcome == Outcome.STOPPED:
            return State.STOPPED
        return State.MET if ended_on <= due else State.LATE
    if day > due:
        return State.OVERDUE
    return State.EXTENDED if extended else State.RUNNING


@dataclass(frozen=True)
class Move:
    """From `day` on the running clocks go by the rules of `rules_of`."""

    day: dt.date
    rules_of: dt.date


@dataclass(frozen=True)
class CaseDays:
    """What is known of a case; null where a day is not known, `stopped_on` where it is no longer followed.

    `resolved`, `decided`, `held`: the step was taken, be its day known or not (cases taken over).
    """

    certificate_on: dt.date | None = None
    resolved_on: dt.date | None = None
    decided_on: dt.date | None = None
    received_on: dt.date | None = None
    ceremony_on: dt.date | None = None
    stopped_on: dt.date | None = None
    resolved: bool = False
    decided: bool = False
    held: bool = False
    extensions: Mapping[str, int] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Considered:
    """A meeting of the branch that voted on recognising or removing; `settled` where two thirds agreed."""

    day: dt.date
    settled: bool


@dataclass(frozen=True)
class MemberDays:
    """What is known of a member admitted once: `full_from` the first day as full member, `left_on` the last day here.

    `considered`: the branch's meetings, oldest first. `recognised_on`: the day of the decision to recognise.
    `file_due`: the ceremony was recorded here, so that the member's file is asked for; of an older one nobody knows.
    """

    ceremony_on: dt.date | None = None
    filed_on: dt.date | None = None
    considered: tuple[Considered, ...] = ()
    full_from: dt.date | None = None
    recognised_on: dt.date | None = None
    left_on: dt.date | None = None
    file_due: bool = False
    extensions: Mapping[str, int] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Clockwork:
    """Rules and calendar: what turns days into clocks."""

    rules: Rules
    calendar: Calendar

    def of_case(self, known: CaseDays) -> list[Clock]:
        """The clocks of a case up to the ceremony; only from days that are known."""
        return [clock for clock in self._of_case(known) if clock is not None]

    def of_member(self, known: MemberDays) -> list[Clock]:
        """The clocks of a member from the ceremony to the recognition."""
        return [clock for clock in self._of_member(known) if clock is not None]

    def without_extension(self, clock: Clock) -> dt.date:
        """The last day of a clock as its rule alone has it."""
        return self._due(clock.kind, clock.start, clock.rule.number)

    def _of_case(self, known: CaseDays) -> Iterator[Clock | None]:
        if known.resolved_on or not known.resolved:
            yield self._clock(Kind.CERTIFICATE, known.certificate_on, known.resolved_on, known)
        if known.decided_on or not known.decided:
            yield self._clock(Kind.DECISION, known.resolved_on, known.decided_on, known)
            yield self._clock(Kind.DOSSIER, known.resolved_on, known.decided_on, known)
        if known.ceremony_on or not known.held:
            yield self._ceremony(known)

    def _ceremony(self, known: CaseDays) -> Clock | None:
        """From the receipt of the decision or from its issue, as the rule of its day says."""
        if known.decided_on is None:
            return None
        day = _rules_of(known.decided_on, known.ceremony_on or known.stopped_on, known.moves)
        option = self.rules.at(COUNTS_FROM, day)
        by_receipt = option is not None and option.value == "received"
        start = known.received_on if by_receipt and known.received_on else known.decided_on
        assumed = by_receipt and known.received_on is None
        return self._clock(Kind.CEREMONY, start, known.ceremony_on, known, by=day, assumed=assumed)

    def _of_member(self, known: MemberDays) -> Iterator[Clock | None]:
        if known.file_due:
            yield self._clock(Kind.MEMBER_FILE, known.ceremony_on, known.filed_on, known)
        probation = self._clock(Kind.PROBATION, known.ceremony_on, None, known)
        if probation is None:
            return
        yield probation
        if probation.outcome == Outcome.STOPPED or (known.full_from and known.full_from < probation.due):
            return  # nothing is left to be considered
        decided = known.recognised_on or known.full_from
        settled = self._settled(known)
        reviewed = settled or (max(decided, probation.due) if decided else None)
        yield self._clock(Kind.REVIEW, probation.due, reviewed, known)
        recognised = max(decided, settled) if decided and settled else decided
        yield self._clock(Kind.RECOGNITION, settled, recognised, known)

    def _settled(self, known: MemberDays) -> dt.date | None:
        """The meeting after which the committee above decides: with two thirds, or one in vain too many."""
        for number, meeting in enumerate(known.considered, start=1):
            most = self.rules.at(ATTEMPTS, meeting.day)
            if meeting.settled or (most and number >= most.number):
                return meeting.day
        return None

    def _clock(
        self,
        kind: Kind,
        start: dt.date | None,
        done_on: dt.date | None,
        known: CaseDays | MemberDays,
        *,
        by: dt.date | None = None,
        assumed: bool = False,
    ) -> Clock | None:
        """The clock that starts on `start`, by the rules of the day `by`; null where it cannot run."""
        if start is None or (done_on is not None and done_on < start):
            return None
        stopped_on = known.stopped_on if isinstance(known, CaseDays) else known.left_on
        if done_on is None and stopped_on is not None and stopped_on < start:
            return None
        rules_of = by or _rules_of(start, done_on or stopped_on, known.moves)
        rule = self.rules.at(LENGTHS[kind], rules_of)
        if rule is None:
            return None
        extended = self._extended(kind, known.extensions.get(kind, 0), rules_of)
        due = self._due(kind, start, rule.number + extended)
        ended_on, outcome = _ending(kind, due, done_on, stopped_on, known)
        provisional = kind in WORKDAYS and bool(self.calendar.not_announced(start, due))
        return Clock(kind, start, due, rule, rules_of, extended, assumed, provisional, ended_on, outcome)

    def _extended(self, kind: Kind, days: int, rules_of: dt.date) -> int:
        """What was granted, at most what the rule allows."""
        most = self.rules.at(EXTENSIONS[kind], rules_of) if days and kind in EXTENSIONS else None
        return min(days, most.number) if most else 0

    def _due(self, kind: Kind, start: dt.date, length: int) -> dt.date:
        if kind in WORKDAYS:
            return self.calendar.add_workdays(start, length) if length else start
        return last_day_of(start, length) if kind in VALIDITIES else months_after(start, length)


def last_day_of(first: dt.date, months: int) -> dt.date:
    """The last day of a span of so many months that begins with `first`: a paper of 15/01/2020 with 60 months is
    good on 14/01/2025 and no longer on 15/01/2025."""
    later = months_after(first, months)
    return later if later.day < first.day else later - ONE_DAY


def _rules_of(start: dt.date, ended_on: dt.date | None, moves: Iterable[Move]) -> dt.date:
    """The day whose rules a clock goes by: its first, or a later one it was moved to while it ran."""
    moved = [move.rules_of for move in moves if ended_on is None or move.day <= ended_on]
    return max([start, *moved[-1:]])


def _ending(
    kind: Kind,
    due: dt.date,
    done_on: dt.date | None,
    stopped_on: dt.date | None,
    known: CaseDays | MemberDays,
) -> tuple[dt.date | None, str]:
    """When the clock was over and how. A probation is over by itself, at its end or with an early recognition."""
    if kind == Kind.PROBATION and isinstance(known, MemberDays):
        done_on = min(due, known.full_from or due)
        if stopped_on is not None and stopped_on < done_on:
            done_on = None
    if done_on is not None:
        return done_on, Outcome.MET
    return (stopped_on, Outcome.STOPPED) if stopped_on is not None else (None, "")
