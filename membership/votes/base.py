"""Of how many a vote is counted: the members who are convened, and how many of them must agree (`domain.md` §1.2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, Q

from cells import vietnamese
from cells.organisations.models import Organisation
from cells.rules.models import Rule
from cells.verdict import Problem, still_to_come
from membership.models import Spell, TemporaryTransfer, Vote

NO_REGISTER = "Chi bộ chưa có sổ đảng viên ngày này; ghi tổng số đảng viên chính thức phải triệu tập và lý do."


def needed(base: int, share: Fraction) -> int:
    """The least number of votes that is at least `share` of `base`: 14 of 20 for 2/3. Whole numbers only."""
    return -(-share.numerator * base // share.denominator)


@dataclass(frozen=True)
class Roll:
    """The full members of a branch on a day, by its register; who is `away` is not among the `exempt`."""

    day: dt.date
    full: int
    away: int = 0
    exempt: int = 0

    def base(self, exempt_present: int = 0) -> int:
        """How many are convened: an exempted member who comes and votes is counted, who is away on business too."""
        return self.full - self.away - self.exempt + exempt_present

    def told(self, exempt_present: int = 0) -> str:
        """How the base comes about: `20 chính thức − 1 tạm thời nơi khác − 2 được miễn, vắng mặt`."""
        parts = [f"{self.full} chính thức"]
        if self.away:
            parts.append(f"{self.away} sinh hoạt tạm thời nơi khác")
        if self.exempt > exempt_present:
            parts.append(f"{self.exempt - exempt_present} được miễn sinh hoạt, vắng mặt")
        return " − ".join(parts)

    @property
    def mark(self) -> str:
        """What a form sends along of the roll it showed: equal marks, equal bases."""
        return f"{self.full}-{self.away}-{self.exempt}"


def roll_of(branch: int, day: dt.date) -> Roll:
    """The roll of the branch (id) on `day`, one query; nobody in it where no register is kept."""
    members = Spell.objects.on(day).filter(organisation=branch, standing=Spell.Standing.FULL)
    members = members.order_by().annotate(is_away=Exists(TemporaryTransfer.objects.away(day)))
    counted = members.aggregate(
        full=Count("pk"),
        away=Count("pk", filter=Q(is_away=True)),
        exempt=Count("pk", filter=Q(is_away=False, exempt_from__lte=day)),
    )
    return Roll(day, **counted)


@dataclass(frozen=True)
class VoteRules:
    """The dated rules a vote goes by, read once."""

    minimum: Rule
    of_branch: Rule
    of_committee: Rule

    def of(self, *, committee: bool) -> Rule:
        """The rule on how many must agree."""
        return self.of_committee if committee else self.of_branch


def rules_on(day: dt.date) -> VoteRules:
    """The versions in force on `day`, one query; KeyError where one is missing."""
    keys = ("vote_minimum", "branch_vote_share", "committee_vote_share")
    held = {rule.key: rule for rule in Rule.objects.on(day).filter(key__in=keys)}
    return VoteRules(*(held[key] for key in keys))


@dataclass(frozen=True)
class Meeting:
    """A meeting that voted, of a branch or of the base `committee`.

    `base` null: the branch's register says it, with `exempt_present` exempted members who came and voted; a number
    that is not the register's needs `base_reason`. `number` is the paper of everybody voted on who has no own one.
    """

    organisation: Organisation
    day: dt.date
    present: int
    form: str = Vote.Form.SECRET
    committee: bool = False
    base: int | None = None
    base_reason: str = ""
    exempt_present: int = 0
    number: str = ""
    on_behalf: bool = False
    note: str = ""


@dataclass(frozen=True)
class Base:
    """Of how many a meeting's votes are counted, where the number comes from, and how many must agree."""

    number: int
    needed: int
    source: str = Vote.Source.TYPED
    told: str = ""
    reason: str = ""
    exempt_present: int = 0

    def stored(self) -> dict[str, Any]:
        """As a vote keeps it."""
        return {
            "base": self.number,
            "base_source": self.source,
            "base_told": self.told,
            "base_reason": self.reason,
            "exempt_present": self.exempt_present,
            "needed": self.needed,
        }


def count_base(meeting: Meeting, today: dt.date) -> tuple[Base | None, list[Problem]]:
    """Of how many the meeting's votes are counted (null where it cannot be told), and what stands against it."""
    if meeting.day > today:
        return None, [Problem(0, "day", still_to_come(meeting.day))]
    if not Organisation.objects.filter(pk=meeting.organisation.pk).placed_on(meeting.day).exists():
        unit = "Đảng ủy" if meeting.committee else "Chi bộ"
        return None, [Problem(0, "day", f"{unit} không hoạt động ngày {vietnamese.day(meeting.day)}.")]
    base, problems = _committee_base(meeting) if meeting.committee else _branch_base(meeting)
    if base is not None and not problems:
        problems = _presence_problems(meeting, base)
    return base, problems


def _committee_base(meeting: Meeting) -> tuple[Base | None, list[Problem]]:
    if not meeting.base:
        return None, [Problem(0, "base", "Ghi tổng số cấp ủy viên.")]
    return Base(meeting.base, needed(meeting.base, rules_on(meeting.day).of_committee.share)), []


def _branch_base(meeting: Meeting) -> tuple[Base | None, list[Problem]]:
    roll = roll_of(meeting.organisation.pk, meeting.day)
    rules = rules_on(meeting.day)
    known = roll.full and meeting.base == roll.base(meeting.exempt_present)
    if meeting.base is None or known:
        return _by_register(meeting, roll, rules)
    if meeting.base < rules.minimum.number:
        return None, [Problem(0, "base", _too_few(meeting.base, meeting, rules.minimum))]
    if not meeting.base_reason.strip():
        held = f"số này khác sổ ({roll.base(meeting.exempt_present)})" if roll.full else "chi bộ chưa có sổ đảng viên"
        return None, [Problem(0, "base_reason", f"Ghi lý do: {held}.")]
    least = needed(meeting.base, rules.of_branch.share)
    return Base(meeting.base, least, reason=vietnamese.clean(meeting.base_reason)), []


def _by_register(meeting: Meeting, roll: Roll, rules: VoteRules) -> tuple[Base | None, list[Problem]]:
    came = meeting.exempt_present
    if not roll.full:
        return None, [Problem(0, "base", NO_REGISTER)]
    if roll.full < rules.minimum.number:
        return None, [Problem(0, "base", _too_few(roll.full, meeting, rules.minimum))]
    if came > roll.exempt:
        return None, [Problem(0, "exempt_present", f"Theo sổ chi bộ có {roll.exempt} đảng viên được miễn sinh hoạt.")]
    counted = roll.base(came)
    if counted < 1:
        return None, [Problem(0, "exempt_present", "Không còn đảng viên chính thức nào phải triệu tập.")]
    least = needed(counted, rules.of_branch.share)
    return Base(counted, least, Vote.Source.REGISTER, roll.told(came), exempt_present=came), []


def _too_few(members: int, meeting: Meeting, rule: Rule) -> str:
    return (
        f"Ngày {vietnamese.day(meeting.day)} chi bộ có {members} đảng viên chính thức, dưới {rule.number} nên chưa "
        f"biểu quyết được. Cấp ủy cấp trên giới thiệu thêm đảng viên đến sinh hoạt, hoặc ghép chi bộ. ({rule.document})"
    )


def _presence_problems(meeting: Meeting, base: Base) -> list[Problem]:
    if meeting.present < 1:
        return [Problem(0, "present", "Ghi số người có mặt.")]
    if meeting.present > base.number:
        over = f"Có mặt {meeting.present}, nhiều hơn tổng số {base.number}; xem lại hai số này."
        return [Problem(0, "present", over)]
    if base.exempt_present > meeting.present:
        return [Problem(0, "exempt_present", f"Nhiều hơn số có mặt ({meeting.present}).")]
    return []
