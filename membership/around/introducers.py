"""Who introduces a candidate, and whether they may on the day of the meeting (`domain.md` §1.1, §1.2 step 8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.dated import months_after
from cells.people.models import Person, User
from cells.rules.models import Rule
from cells.verdict import Problem, Refused, refuse
from membership.around.helpers import name_problems, who_problems
from membership.around.locked import day_problems, finish, lock
from membership.around.models import Introducer
from membership.around.standing import member_problem, stay_begun
from membership.deadlines.clocks import Rules
from membership.models import Candidacy, Spell
from membership.procedure import under_committee

Kind = Introducer.Kind
KEYS = ("introducer_count", "introducer_months")


@dataclass(frozen=True)
class Introduction:
    """`person` of the register, a `name` typed where none is kept or of another branch, or the `name` of a union's
    committee.

    `together_since`: since when both work, learn or live together, where it is earlier than what is recorded.
    """

    case: Candidacy
    day: dt.date
    kind: str = Kind.MEMBER
    person: Person | None = None
    name: str = ""
    together_since: dt.date | None = None
    number: str = ""
    written_on: dt.date | None = None


@dataclass(frozen=True)
class IntroducerRules:
    """The dated rules, read once."""

    count: Rule
    months: Rule


def rules_on(day: dt.date) -> IntroducerRules:
    """The versions in force on `day`, one query; KeyError where one is missing."""
    return rules_at(Rules(Rule.objects.filter(key__in=KEYS)), day)


def rules_at(rules: Rules, day: dt.date) -> IntroducerRules:
    """Those of `rules` in force on `day`; KeyError where one is missing."""
    count, months = (rules.at(key, day) for key in KEYS)
    if count is None or months is None:
        raise KeyError(day)
    return IntroducerRules(count, months)


@transaction.atomic
def add_introducer(item: Introduction, *, actor: User | None, today: dt.date, version: int | None = None) -> Introducer:
    """Write down who introduces the candidate from `item.day` on.

    Refused (fields `person`, `name`, `day`, `together_since`, `written_on`): days to come, nobody, oneself, no full
    member of the branch on that day, a typed name where the register is kept, a member of another branch of the same
    base organisation without the day since when, somebody who introduces already; a closed case. How long both have
    been together is asked on the day of the meeting. `Stale`: changed since `version`.
    """
    case = lock(item.case, version)
    _check(case, item, today)
    made = _create(case, item)
    finish("add_introducer", case, actor, _told(made))
    return made


@transaction.atomic
def replace_introducer(
    former: Introducer,
    item: Introduction,
    *,
    cause: str,
    actor: User | None,
    today: dt.date,
    version: int | None = None,
) -> Introducer:
    """Another member introduces instead of `former` from `item.day` on; how long both were together is not asked.

    Refused as `add_introducer` refuses, and (fields `cause`, `day`): no cause, a day that is not after the former's
    first, a former who was a union or has been replaced.
    """
    case = lock(item.case, version)
    held = Introducer.objects.select_for_update(of=("self",)).get(pk=former.pk)
    if held.void or held.to_day is not None or not held.is_member:
        raise refuse("Người giới thiệu này không còn để thay.")
    if cause not in Introducer.Cause.values:
        raise refuse("Chọn lý do.", field="cause")
    if item.day <= held.from_day:
        raise refuse(f"Ngày thay phải sau ngày giới thiệu ({vietnamese.day(held.from_day)}).", field="day")
    _check(case, item, today)
    held.to_day, held.ended_because = item.day, cause
    held.save(update_fields=["to_day", "ended_because"])
    made = _create(case, item, replaces=held)
    finish("replace_introducer", case, actor, _told(made), note=held.get_ended_because_display())
    return made


def lacking(
    case: Candidacy,
    introducers: Sequence[Introducer],
    day: dt.date,
    rules: IntroducerRules,
    spells: Mapping[int, Sequence[Spell]],
) -> str:
    """Why the branch cannot vote on `day` with these introducers; "" where it can. `spells`: of their persons.

    As many as the rule says, a union's committee being one of them at most, and at least one of them a member.
    """
    there = [introducer for introducer in introducers if introducer.holds_on(day)]
    wrong = [problem for one in there if (problem := introducer_problem(one, case, day, rules, spells))]
    good = [one for one in there if not introducer_problem(one, case, day, rules, spells)]
    members = [one for one in good if one.is_member]
    if members and len(members) + min(1, len(good) - len(members)) >= rules.count.number:
        return ""
    return " ".join(wrong) or _too_few(introducers, day, len(there), rules.count)


def _too_few(introducers: Sequence[Introducer], day: dt.date, there: int, rule: Rule) -> str:
    later = sum(one.from_day > day for one in introducers)
    after = f", {later} người nhận giới thiệu sau ngày {vietnamese.day(day)}" if later else ""
    return (
        f"cần {rule.number} đảng viên chính thức, hoặc Ban Chấp hành Đoàn (Công đoàn) và một đảng viên chính thức; "
        f"đã ghi {there}{after} ({rule.document})"
    )


def introducer_problem(
    introducer: Introducer,
    case: Candidacy,
    day: dt.date,
    rules: IntroducerRules,
    spells: Mapping[int, Sequence[Spell]],
) -> str:
    """Why one introducer may not introduce on `day`, with the rule; "" where they may."""
    if not introducer.is_member:
        return ""
    own = spells.get(introducer.person_id or 0, ())
    told = _unfit(introducer, case, day, spells)
    if told:
        return f"{told} ({rules.months.document})"
    enough = together_enough(introducer, case, day, rules, own)
    if enough is None or enough <= day:
        return ""
    since = together_since(introducer, case, day, own)
    return (
        f"{introducer.called}: cùng công tác, lao động, học tập hoặc cư trú từ {vietnamese.day(since)}, đến ngày "
        f"{vietnamese.day(day)} chưa đủ {rules.months.number} tháng (đủ từ ngày {vietnamese.day(enough)}; "
        f"{rules.months.document})."
    )


def together_enough(
    introducer: Introducer, case: Candidacy, day: dt.date, rules: IntroducerRules, spells: Sequence[Spell]
) -> dt.date | None:
    """From which day on both have been together long enough by `rules`; null of a replacement, who need not be."""
    if introducer.replaces_id is not None:
        return None
    return months_after(together_since(introducer, case, day, spells), rules.months.number)


def will_do_from(
    case: Candidacy,
    introducers: Sequence[Introducer],
    day: dt.date,
    rules: IntroducerRules,
    spells: Mapping[int, Sequence[Spell]],
) -> dt.date:
    """From which day on those who introduce on `day` will have been together with the candidate long enough.

    The past where nobody has to wait. For who is lacking, or may not introduce for another reason, somebody else is
    found on any day.
    """
    there = [one for one in introducers if one.holds_on(day)]
    members = [one for one in there if one.is_member and not _unfit(one, case, day, spells)]
    unions = min(1, sum(not one.is_member for one in there))
    days = sorted(
        together_enough(one, case, day, rules, spells.get(one.person_id or 0, ())) or dt.date.min for one in members
    )
    wanted = max(1, rules.count.number - unions)
    return days[min(wanted, len(days)) - 1] if days else dt.date.min


def _unfit(introducer: Introducer, case: Candidacy, day: dt.date, spells: Mapping[int, Sequence[Spell]]) -> str:
    """Why somebody of the register may not introduce on `day`, however long both have been together; "" else."""
    person = introducer.person
    return member_problem(person, case, case.organisation_id, day, spells.get(person.pk, ())) if person else ""


def together_since(introducer: Introducer, case: Candidacy, day: dt.date, spells: Sequence[Spell]) -> dt.date:
    """As told; else since when, by what is recorded, both are of this branch."""
    if introducer.together_since is not None:
        return introducer.together_since
    return max(stay_begun(case, day, spells) or case.listed_on, case.listed_on)


def _check(case: Candidacy, item: Introduction, today: dt.date) -> None:
    problems = day_problems(case, today, day=item.day, together_since=item.together_since, written_on=item.written_on)
    if item.kind not in Kind.values:
        problems.append(Problem(0, "kind", "Chọn ai giới thiệu."))
    elif item.kind == Kind.MEMBER:
        problems += who_problems(case, item.person, item.name, item.day)
    elif item.kind == Kind.NEIGHBOUR:
        problems += _neighbour_problems(case, item)
    elif not vietnamese.clean(item.name):
        problems.append(Problem(0, "name", "Ghi tên tổ chức giới thiệu."))
    rows = Introducer.objects.valid().filter(candidacy=case, to_day=None)
    same = rows.filter(person=item.person) if item.person else rows.filter(person=None, kind=item.kind)
    typed = vietnamese.fold(item.name)
    if not problems and any(item.person or vietnamese.fold(row.name) == typed for row in same):
        problems.append(Problem(0, "person" if item.person else "name", "Đã ghi người giới thiệu này rồi."))
    if problems:
        raise Refused(*problems)


def _neighbour_problems(case: Candidacy, item: Introduction) -> list[Problem]:
    """Of another branch under the same base committee; how long both were together nothing recorded tells."""
    branch = case.unit_on(item.day)
    if not under_committee(branch, item.day):
        return [Problem(0, "kind", "Chi bộ cơ sở không có chi bộ khác cùng đảng bộ cơ sở.")]
    name = item.name.partition(",")[0]
    problems = name_problems(case, name)
    known = Spell.objects.on(item.day).filter(organisation=branch)
    if not problems and known.filter(person__name_folded=vietnamese.fold(name)).exists():
        told = "Chi bộ có đảng viên tên này trong sổ: chọn trong danh sách; nếu là người khác thì ghi thêm năm sinh."
        problems.append(Problem(0, "name", told))
    if item.together_since is None:
        told = "Ghi từ ngày nào cùng công tác, lao động, học tập hoặc cư trú."
        problems.append(Problem(0, "together_since", told))
    return problems


def _create(case: Candidacy, item: Introduction, replaces: Introducer | None = None) -> Introducer:
    return Introducer.objects.create(
        candidacy=case,
        kind=item.kind,
        person=item.person if item.kind == Kind.MEMBER else None,
        name="" if item.person else vietnamese.clean(item.name),
        together_since=item.together_since,
        number=vietnamese.clean(item.number),
        written_on=item.written_on,
        from_day=item.day,
        replaces=replaces,
    )


def _told(made: Introducer) -> dict:
    return {"from_day": made.from_day, "number": made.number, "together_since": made.together_since}
