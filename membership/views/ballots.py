"""Who may be voted on at a meeting, as the rows of its form: the cases and probationary members whose turn it is."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from cells import vietnamese
from cells.organisations import tree
from cells.organisations.models import Organisation
from cells.people.models import User
from membership import procedure
from membership.forms.meetings import BallotRow
from membership.models import Candidacy, Spell, Stage, Vote
from membership.papers.checklist import Line, checklists, lacking
from membership.papers.models import RECOGNITION
from membership.recognition.way import Turn, Way, ways
from membership.votes.models import ADMISSIONS, OF_COMMITTEE, Subject

_SEEN = re.compile(r"([cm])(\d{1,15})-seen")


def asked_for(sent: QueryDict) -> tuple[set[int], set[int]]:
    """The cases and the spells (ids) of the rows that a form sent: they keep their rows whatever became of them."""
    found: dict[str, set[int]] = {"c": set(), "m": set()}
    for name in sent:
        if match := _SEEN.fullmatch(name):
            found[match[1]].add(int(match[2]))
    return found["c"], found["m"]


def of_meeting(
    user: User, unit: Organisation, today: dt.date, *, committee: bool, sent: QueryDict | None = None
) -> list[BallotRow]:
    """Everybody whose turn it is at the branch, or at the base committee `unit`; admissions first, then by name."""
    cases, members = asked_for(sent) if sent else (set(), set())
    turn, subject = Stage.DOSSIER, Subject.BRANCH_ADMISSION
    here = Q(organisation=unit.pk)
    if committee:
        turn, subject = Stage.BRANCH_RESOLVED, Subject.COMMITTEE_ADMISSION
        here = Q(organisation__in=tree.below([unit.pk], today))
    waiting = Q(stage=turn, at_base=False) if committee else Q(stage=turn)
    found = Candidacy.objects.for_user(user, on=today).at_base(today).filter(here).filter(waiting | Q(pk__in=cases))
    names = _names(found.values("organisation"), today) if committee else {}
    return [
        *of_cases(found.with_person().sorted(), subject, today, names),
        *_of_members(user, here, today, members, committee=committee),
    ]


def of_cases(
    cases: Iterable[Candidacy],
    subject: str,
    today: dt.date,
    units: Mapping[int, str] | None = None,
    *,
    mending: bool = False,
) -> list[BallotRow]:
    """A row for each case; `units`: the names of their branches where several are shown.

    `mending`: of a vote recorded already, so that the age was right.
    """
    cases = list(cases)
    votes: dict[int, list[Vote]] = defaultdict(list)
    of_them = Vote.objects.valid().filter(candidacy__in=cases, subject__in=ADMISSIONS)
    for vote in of_them.select_related("actor__person").order_by("day", "pk"):
        votes[vote.candidacy_id].append(vote)
    rules = procedure.age_rules(today)
    papers = {} if mending else checklists(cases, today)
    reached = procedure.step_of_vote(subject).to
    rows = []
    for case in cases:
        at_branch = subject == Subject.BRANCH_ADMISSION and not mending
        age = procedure.age_verdict(case.person, today, rules=rules) if at_branch else None
        over = at_branch and procedure.is_over_age(case.person, today, rules)
        own = [vote for vote in votes[case.pk] if vote.subject == subject]
        rows.append(
            BallotRow(
                subject,
                case.pk,
                case.person.name,
                case.get_absolute_url(),
                _about(case, own, (units or {}).get(case.organisation_id, "")),
                case.version,
                notice=procedure.asks_consent(rules) if over else "",
                missing=missing_in(reached, papers.get(case.pk, ())),
                papers_url=reverse("case_papers", args=[case.pk]),
                barred="" if age is None or age else age.reason,
                told=_told(votes[case.pk]),
            )
        )
    return rows


def of_ways(found: Iterable[Way], subject: str, units: Mapping[int, str] | None = None) -> list[BallotRow]:
    """A row for each probationary member, with the papers that the branch's vote on recognition lacks."""
    found, rows = list(found), []
    papers = _papers_of(found) if subject == Subject.BRANCH_RECOGNITION else {}
    for way in found:
        case_id = way.spell.candidacy_id
        person = way.spell.person
        about = [
            (units or {}).get(way.spell.organisation_id, ""),
            f"hết thời gian dự bị ngày {vietnamese.day(way.ends_on)}" if way.ends_on else "đảng viên dự bị",
            f"chi bộ đã biểu quyết {way.failed} lần, chưa đủ số phiếu" if way.failed else "",
            _tries([vote for vote in way.votes if vote.subject == subject]) if subject in OF_COMMITTEE else "",
        ]
        rows.append(
            BallotRow(
                subject,
                way.spell.pk,
                person.name,
                way.spell.get_absolute_url(),
                " · ".join(part for part in about if part),
                len(way.votes),
                missing=missing_in(RECOGNITION, papers.get(case_id or 0, ())),
                papers_url=reverse("case_papers", args=[case_id]) if case_id else "",
                told=_told(way.votes),
            )
        )
    return rows


def missing_in(stage: str, lines: Sequence[Line]) -> tuple[str, ...]:
    """The papers that stand in the way of `stage`, each in words."""
    return tuple(line.named for line in lacking(stage, lines))


def _papers_of(found: Sequence[Way]) -> dict[int, list[Line]]:
    cases = Candidacy.objects.filter(pk__in=[way.spell.candidacy_id for way in found if way.spell.candidacy_id])
    return checklists(list(cases.select_related("person")), found[0].on) if cases else {}


def _of_members(user: User, here: Q, today: dt.date, asked: Collection[int], *, committee: bool) -> list[BallotRow]:
    turn, subject = Turn.BRANCH, Subject.BRANCH_RECOGNITION
    if committee:
        turn, subject = Turn.COMMITTEE, Subject.COMMITTEE_RECOGNITION
    on_probation = Q(to_day=None, standing=Spell.Standing.PROBATIONARY)
    spells = Spell.objects.for_user(user, on=today).filter(here).filter(on_probation | Q(pk__in=asked))
    found = [
        way
        for way in ways(spells.with_person().sorted(), today)
        if (way.turn == turn and way.spell.to_day is None) or way.spell.pk in asked
    ]
    units = {way.spell.organisation_id for way in found} if committee else set()
    return of_ways(found, subject, _names(units, today))


def _names(units: QuerySet | Collection[int], today: dt.date) -> dict[int, str]:
    if isinstance(units, Collection) and not units:
        return {}
    return {unit.pk: unit.name for unit in Organisation.objects.filter(pk__in=units).styled(today)}


def _about(case: Candidacy, votes: list[Vote], unit: str) -> str:
    since = f"{vietnamese.uncapitalised(case.get_stage_display())} từ {vietnamese.day(case.stage_day)}"
    born = f"sinh {case.person.born_text}" if case.person.born else ""
    return " · ".join(part for part in (unit, born, since, _tries(votes)) if part)


def _tries(votes: list[Vote]) -> str:
    failed = sum(not vote.passed for vote in votes)
    return f"đã biểu quyết {failed} lần, chưa đủ số phiếu" if failed else ""


def _told(votes: Iterable[Vote]) -> str:
    """What was recorded last, for whoever recorded at the same time."""
    last = max(votes, key=lambda vote: vote.recorded_at, default=None)
    if last is None:
        return ""
    who = last.actor.get_full_name() if last.actor else "Hệ thống"
    result = "đủ số phiếu" if last.passed else "chưa đủ số phiếu"
    return f"{who} đã ghi biểu quyết ngày {vietnamese.day(last.day)}: {last.numbers} ({result}). Xem lại rồi ghi."
