"""Small builders for the tests: a city, people with posts, cases at any stage, members.

They call the product's own deeds, so that what stands in the database could have been entered. Everything has a
default; say only what the test is about. The lookups and rules are those of the migrations.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field

from django.db.models import Model

from cells.asked_day import AskedDay
from cells.dated import OPEN_START
from cells.organisations import reorganise
from cells.organisations.models import Organisation
from cells.people import identity
from cells.people.identity import Identity
from cells.people.models import Office, Person, Post, Role, User
from cells.rules.models import Kind, Sector
from cells.verdict import Refused, refuse
from membership import admission, procedure, register
from membership.classes import deeds as classes
from membership.legal_steps import Standing, standing
from membership.models import (
    STAGES,
    AwarenessClass,
    Candidacy,
    Helper,
    Introducer,
    Opinion,
    SecondClaim,
    Spell,
    Stage,
    Verification,
    Vote,
)
from membership.papers import checklist
from membership.papers import deeds as enter
from membership.papers.models import RECOGNITION
from membership.papers.supplied import FROM_AROUND, FROM_STEPS
from membership.views.access import Access
from membership.views.legal_steps import record_of
from membership.votes.base import Meeting
from membership.votes.hold import Ballot, hold_meeting
from membership.votes.models import Subject

#: The day the tests run on (tests/conftest.py sets it).
TODAY = dt.date(2024, 10, 15)

#: papers that a step of the case records, or the people around it tell of
BY_THEMSELVES = (*FROM_STEPS, *FROM_AROUND)
_COUNTER = itertools.count(1)
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
_MIDDLES = ("Văn", "Thị", "Đức", "Minh", "Thu", "Quốc", "Hồng")
_GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Đạt",
    "Giang",
    "Hà",
    "Hạnh",
    "Khải",
    "Lan",
    "Minh",
    "Nga",
    "Oanh",
    "Phúc",
    "Yến",
)


@dataclass
class City:
    """A small city: `top`, its `committees` with `branches`, and base branches directly under the top."""

    top: Organisation
    committees: list[Organisation] = field(default_factory=list)
    branches: list[Organisation] = field(default_factory=list)
    base_branches: list[Organisation] = field(default_factory=list)

    @property
    def committee(self) -> Organisation:
        return self.committees[0]

    @property
    def branch(self) -> Organisation:
        """The first branch of the first committee."""
        return self.branches[0]

    @property
    def sibling(self) -> Organisation:
        """Another branch of the first committee."""
        return self.branches[1]

    @property
    def outside(self) -> Organisation:
        """A branch of the last committee."""
        return self.branches[-1]

    @property
    def base_branch(self) -> Organisation:
        return self.base_branches[0]


def a_unit(
    code: str,
    kind: str = "branch",
    parent: Organisation | None = None,
    *,
    name: str = "",
    sector: str = "",
    day: dt.date = OPEN_START,
) -> Organisation:
    """One organisation, founded by the deed; `kind` and `sector` are codes of the lookups."""
    founding = reorganise.Founding(
        code=code,
        name=name or f"{Kind.objects.get(code=kind).name.capitalize()} {code}",
        kind=Kind.objects.get(code=kind),
        sector=Sector.objects.get(code=sector) if sector else None,
        parent_code=parent.code if parent else "",
        day=day,
    )
    return reorganise.found([founding], actor=None, today=max(day, TODAY))[0]


def a_city(*, committees: int = 2, branches: int = 2, base_branches: int = 1, day: dt.date = OPEN_START) -> City:
    """A top (code TU), `committees` (DU1, …) with `branches` each (DU1-01, …), and base branches (CS1, …)."""
    kinds = {kind.code: kind for kind in Kind.objects.all()}

    def founding(code: str, name: str, kind: str, parent: str = "") -> reorganise.Founding:
        return reorganise.Founding(code=code, name=name, kind=kinds[kind], parent_code=parent, day=day)

    bases = [founding(f"DU{n}", f"Đảng bộ phường {n}", "base_committee", "TU") for n in range(1, committees + 1)]
    lower = [
        founding(f"{base.code}-{n:02d}", f"Chi bộ khu phố {n}", "branch", base.code)
        for base in bases
        for n in range(1, branches + 1)
    ]
    single = [founding(f"CS{n}", f"Chi bộ cơ sở {n}", "base_branch", "TU") for n in range(1, base_branches + 1)]
    top = founding("TU", "Đảng bộ thành phố", "city")
    made = reorganise.found([top, *bases, *lower, *single], actor=None, today=max(day, TODAY))
    ends = [1, 1 + len(bases), 1 + len(bases) + len(lower)]
    return City(made[0], made[1 : ends[1]], made[ends[1] : ends[2]], made[ends[2] :])


def a_name() -> str:
    """An invented name, another one each time."""
    turn = next(_COUNTER)
    return f"{_SURNAMES[turn % 10]} {_MIDDLES[turn % 7]} {_GIVEN[turn % 15]}"


def an_identity(name: str = "", born: dt.date | None = None, precision: str = "day") -> Identity:
    """Somebody aged about 30 on TODAY, nobody else's birth date."""
    return Identity(name or a_name(), born or _a_birthday(), precision)


def _a_birthday() -> dt.date:
    """One of ten years of days: old enough for the branch's vote however many people a run invents."""
    return dt.date(1988, 1, 1) + dt.timedelta(days=next(_COUNTER) % 3650)


def a_person(name: str = "", born: dt.date | None = None, precision: str = "day") -> Person:
    return identity.enter([an_identity(name, born, precision)])[0]


def a_user(
    role: str = Role.BRANCH,
    unit: Organisation | None = None,
    *,
    office: str = Office.STAFF,
    username: str = "",
    name: str = "",
    from_day: dt.date = OPEN_START,
    to_day: dt.date | None = None,
) -> User:
    """An account (password: `password`) with one post at `unit`; without a unit an account with no post."""
    user = User.objects.create_user(username or f"user-{next(_COUNTER)}", password="password", person=a_person(name))
    if unit is not None:
        Post.objects.create(
            person=user.person, organisation=unit, role=role, office=office, from_day=from_day, to_day=to_day
        )
    return user


def a_case(
    branch: Organisation,
    *,
    stage: str = Stage.NOMINEE,
    name: str = "",
    born: dt.date | None = None,
    precision: str = "day",
    listed_on: dt.date = dt.date(2024, 1, 5),
    step_days: int = 30,
    today: dt.date = TODAY,
    papers: bool = True,
    **more,
) -> Candidacy:
    """A case taken to `stage` by the deeds, a step every `step_days` days after `listed_on`.

    With the papers that its next step asks for, unless `papers` is false. A base branch has no base committee: its
    way to the decision leaves the examination out.
    """
    nomination = admission.Nomination(
        identity=an_identity(name, born, precision), organisation=branch, listed_on=listed_on, **more
    )
    case = admission.nominate([nomination], actor=None, today=today)[0]
    examined = branch.style(today).kind.level != Kind.Level.BASE
    way = [step for step in (*STAGES[1:], Stage.ADMITTED) if examined or step != Stage.EXAMINED]
    if stage == Stage.NOMINEE:
        return case
    for place, step in enumerate(way[: way.index(Stage(stage)) + 1], 1):
        day = listed_on + dt.timedelta(days=place * step_days)
        case = a_step(case, step, day, number=f"{place:02d}-NQ/CB", today=today)
    following = STAGES.index(case.stage) + 1 if case.stage in STAGES else len(STAGES)
    if papers and STAGES.index(Stage.BRANCH_RESOLVED) <= following < len(STAGES):
        the_papers(case, STAGES[following], case.stage_day, today=today)
        case.refresh_from_db()
    return case


def a_step(case: Candidacy, to: str, day: dt.date, *, number: str = "1", today: dt.date = TODAY, **more) -> Candidacy:
    """A case at its next stage, its papers entered, by a vote of all where one is asked. `more` goes to the move."""
    if to == Stage.BRANCH_RESOLVED:
        the_papers(case, to, day, today=today)
    try:
        return _taken(case, to, day, number, today, more)
    except Refused as refused:
        if "override" not in {problem.field for problem in refused.problems}:
            raise
    the_papers(case, to, day, today=today)
    return _taken(case, to, day, number, today, more)


def _taken(case: Candidacy, to: str, day: dt.date, number: str, today: dt.date, more: dict) -> Candidacy:
    subject = procedure.step_to(to).vote
    if subject:
        return a_vote(case, day, subject=subject, number=number, today=today).candidacy
    return admission.advance([admission.Move(case.pk, to, day, number=number, **more)], actor=None, today=today)[0]


def the_people_around(case: Candidacy) -> dict[str, Model]:
    """A helper, an introducer, and an open question of each kind; the person may have no other rows."""
    day = case.stage_day
    return {
        "helper": Helper.objects.create(candidacy=case, name=a_name(), from_day=day),
        "introducer": Introducer.objects.create(candidacy=case, name=a_name(), from_day=day, together_since=day),
        "verification": Verification.objects.create(
            candidacy=case, relation="father", place="Đảng ủy xã A", asked_on=day
        ),
        "opinion": Opinion.objects.create(
            candidacy=case, source="work", asked_of="Công đoàn cơ sở Công ty A", asked_on=day
        ),
    }


def the_steps(case: Candidacy, on: dt.date = TODAY) -> list[Standing]:
    """Where the case stands in each of the 24 steps, as its page tells a reader who sees everything."""
    case = Candidacy.objects.with_person().get(pk=case.pk)
    access = Access(User(), AskedDay(on, TODAY), case.organisation, [], frozenset(), case=case)
    spell = Spell.objects.filter(candidacy=case).order_by("-from_day").first()
    events = list(case.events.order_by("day", "pk"))
    return standing(record_of(access, events, spell, checklist.checklist(case, on)))


def a_vote(
    case: Candidacy,
    day: dt.date,
    *,
    subject: str = "",
    yes: int = 9,
    no: int = 0,
    blank: int = 0,
    base: int | None = 9,
    number: str = "21-NQ",
    today: dt.date = TODAY,
    **more,
) -> Vote:
    """The vote a case waits for, of a branch (or its base committee) of nine who all come and agree.

    The base is typed: the branches of the tests keep no register. `more` goes to the ballot.
    """
    subject = subject or procedure.next_step(case.stage, under_committee=True).vote
    committee = subject == procedure.step_to(Stage.EXAMINED).vote
    unit = _committee_over(case.organisation, day) if committee else case.organisation
    meeting = Meeting(
        unit,
        day,
        present=yes + no + blank,
        committee=committee,
        base=base,
        base_reason="" if base is None else "chưa lập sổ đảng viên",
        number=number,
    )
    ballot = Ballot(subject, yes, no, blank, candidacy_id=case.pk, **more)
    return hold_meeting(meeting, [ballot], actor=None, today=today)[0]


def _committee_over(unit: Organisation, day: dt.date) -> Organisation:
    """The base committee that votes on people of `unit`; refused, as a deed would, where none stands over it."""
    found = procedure.base_committees([unit.pk], day)
    if unit.pk not in found:
        raise refuse("Chi bộ này không trực thuộc đảng ủy cơ sở ngày đó.")
    return Organisation.objects.get(pk=found[unit.pk])


def a_vote_on(
    spell: Spell, day: dt.date, *, yes: int = 9, base: int = 9, subject: str = "", today: dt.date = TODAY
) -> Vote:
    """A vote at the end of a probation, of a branch (or its base committee) of nine who all come."""
    subject = subject or Subject.BRANCH_RECOGNITION
    committee = subject == Subject.COMMITTEE_RECOGNITION
    unit = _committee_over(spell.organisation, day) if committee else spell.organisation
    reason = "" if committee else "chưa lập sổ đảng viên"
    meeting = Meeting(
        unit, day, present=base, committee=committee, base=base, base_reason=reason, number=f"{day.day}-NQ"
    )
    if subject == Subject.BRANCH_RECOGNITION and spell.candidacy:
        the_papers(spell.candidacy, RECOGNITION, day, today=today)
    ballot = Ballot(subject, yes, base - yes, spell_id=spell.pk)
    return hold_meeting(meeting, [ballot], actor=None, today=today)[0]


def a_case_taken_over(
    branch: Organisation,
    stage: str,
    stage_day: dt.date,
    *,
    listed_on: dt.date = dt.date(2019, 1, 5),
    today: dt.date = TODAY,
    **more,
) -> Candidacy:
    """A case out of the old book, which had reached `stage` on `stage_day`; of nobody known."""
    nomination = admission.Nomination(
        identity=an_identity(), organisation=branch, listed_on=listed_on, stage=stage, stage_day=stage_day, **more
    )
    return admission.nominate([nomination], actor=None, today=today)[0]


def a_second_claim(unit: Organisation, *, answer: str = "", today: dt.date = TODAY) -> SecondClaim:
    """A wish of `unit` that it has to answer itself: for pages, where it does not matter who asks whom."""
    return SecondClaim.objects.create(
        person=a_person(),
        organisation=unit,
        elsewhere=unit,
        superior=unit,
        asked_on=today,
        answer=answer,
        answered_on=today if answer else None,
    )


def a_class(
    unit: Organisation,
    opens_on: dt.date = dt.date(2024, 11, 4),
    closes_on: dt.date = dt.date(2024, 11, 15),
    name: str = "Lớp bồi dưỡng nhận thức về Đảng khóa 4",
) -> AwarenessClass:
    """A class announced for people of `unit` and below."""
    item = classes.Announced(unit, name, "Trung tâm Chính trị", opens_on, closes_on)
    return classes.announce([item], actor=None)[0]


def the_papers(case: Candidacy, stage: str, day: dt.date, *, today: dt.date = TODAY) -> None:
    """Enter whatever paper `stage` asks of the case on `day` and is not there, and who introduces."""
    if stage not in (*STAGES, RECOGNITION):
        return
    lines = checklist.before(stage, checklist.checklist(case, day))
    lacking = {line.rule.code for line in lines if not line.is_there}
    if "introducers" in lacking:
        the_introducers(case, day)
    entries = [enter.Entry(case, code, "01", day) for code in sorted(lacking) if code not in BY_THEMSELVES]
    if entries:
        enter.enter_papers(entries, actor=None, today=today)


def the_introducers(case: Candidacy, day: dt.date, number: int = 2) -> list[Introducer]:
    """Members whose names were typed, together with the candidate for long: the branch kept no register then."""
    since, first = case.listed_on - dt.timedelta(days=730), min(day, case.stage_day)
    return [
        Introducer.objects.create(candidacy=case, name=a_name(), from_day=first, together_since=since)
        for _ in range(number)
    ]


def a_member(
    branch: Organisation,
    *,
    name: str = "",
    born: dt.date | None = None,
    decided_on: dt.date = dt.date(2020, 5, 10),
    ceremony_on: dt.date | None = None,
    recognised_on: dt.date | None = None,
    today: dt.date = TODAY,
    **more,
) -> Spell:
    """The open spell of a member enrolled from the old book; probationary without `recognised_on`."""
    enrolment = register.Enrolment(
        person=a_person(name, born),
        organisation=branch,
        decided_on=decided_on,
        counting_on=decided_on,
        ceremony_on=ceremony_on or decided_on,
        recognised_on=recognised_on,
        **more,
    )
    register.enrol([enrolment], actor=None, today=today)
    return Spell.objects.filter(person=enrolment.person).latest("from_day", "pk")


def a_full_member(branch: Organisation, **more) -> Spell:
    return a_member(branch, recognised_on=more.pop("recognised_on", dt.date(2021, 5, 10)), **more)
