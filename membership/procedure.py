"""The way into the Party as data: seven visible stages and the steps between them.

Which step follows which, who records it, and the guards each date must pass. Guards answer with a
`Verdict`; the deeds in `admission.py` ask the same ones the screens show. Source: `domain.md` §1.2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from cells import vietnamese
from cells.organisations.models import Organisation, Place, Style
from cells.people import rights
from cells.people.models import Person
from cells.rules.models import Rule
from cells.verdict import YES, Verdict, no, still_to_come
from membership.models import Candidacy, Stage
from membership.votes.models import Subject


@dataclass(frozen=True)
class Step:
    """How a case comes to `to`: from which stages, by whose right, by which paper."""

    to: Stage
    after: tuple[Stage, ...]
    capability: str
    verb: str  # the button
    done: str  # what the confirmation says; {day} is filled in
    day_label: str
    number_label: str = ""  # "" where the step has no numbered paper
    number_needed: bool = False
    who: str = ""
    vote: str = ""  # the subject of the vote that must have passed on the day of the step


STEPS = (
    Step(
        Stage.SYMPATHISER,
        (Stage.NOMINEE,),
        rights.BRANCH_WORK,
        "Đưa vào danh sách cảm tình Đảng",
        "Đã đưa vào danh sách cảm tình Đảng ngày {day}.",
        "Ngày chi bộ ra nghị quyết",
        "Số nghị quyết",
        who="chi bộ",
    ),
    Step(
        Stage.TRAINED,
        (Stage.SYMPATHISER,),
        rights.BRANCH_WORK,
        "Ghi chứng nhận lớp nhận thức",
        "Đã ghi chứng nhận học lớp nhận thức cấp ngày {day}.",
        "Ngày cấp chứng nhận",
        "Số chứng nhận",
        who="chi bộ",
    ),
    Step(
        Stage.DOSSIER,
        (Stage.TRAINED,),
        rights.BRANCH_WORK,
        "Bắt đầu lập hồ sơ",
        "Đã bắt đầu lập hồ sơ xin vào Đảng ngày {day}.",
        "Ngày nộp đơn xin vào Đảng",
        who="chi bộ",
    ),
    Step(
        Stage.BRANCH_RESOLVED,
        (Stage.DOSSIER,),
        rights.BRANCH_WORK,
        "Ghi nghị quyết chi bộ",
        "Đã ghi nghị quyết chi bộ ngày {day}.",
        "Ngày chi bộ họp xét",
        "Số nghị quyết",
        number_needed=True,
        who="chi bộ",
        vote=Subject.BRANCH_ADMISSION,
    ),
    Step(
        Stage.EXAMINED,
        (Stage.BRANCH_RESOLVED,),
        rights.EXAMINE,
        "Ghi nghị quyết đảng ủy",
        "Đã ghi nghị quyết đề nghị kết nạp của đảng ủy ngày {day}.",
        "Ngày đảng ủy họp xét",
        "Số nghị quyết",
        number_needed=True,
        who="đảng ủy cơ sở",
        vote=Subject.COMMITTEE_ADMISSION,
    ),
    Step(
        Stage.DECIDED,
        (Stage.EXAMINED,),
        rights.DECIDE,
        "Ghi quyết định kết nạp",
        "Đã ghi quyết định kết nạp ngày {day}.",
        "Ngày quyết định",
        "Số quyết định",
        number_needed=True,
        who="Ban Tổ chức hoặc đảng ủy cơ sở được ủy quyền",
    ),
    Step(
        Stage.ADMITTED,
        (Stage.DECIDED,),
        rights.BRANCH_WORK,
        "Ghi lễ kết nạp",
        "Đã ghi lễ kết nạp ngày {day}. Người này là đảng viên dự bị.",
        "Ngày tổ chức lễ kết nạp",
        who="chi bộ",
    ),
)
_BY_STAGE = {step.to: step for step in STEPS}
_BY_VOTE = {step.vote: step for step in STEPS if step.vote}


def step_to(stage: str) -> Step:
    """The step that leads to `stage`; KeyError for the first stage and for dropping."""
    return _BY_STAGE[Stage(stage)]


def step_of_vote(subject: str) -> Step:
    """The step that a vote on an admission leads to; KeyError for another subject."""
    return _BY_VOTE[subject]


def next_step(stage: str, *, under_committee: bool) -> Step | None:
    """The step that follows `stage`; a base branch has no base committee, so none examines there."""
    if stage == Stage.BRANCH_RESOLVED and not under_committee:
        return step_to(Stage.DECIDED)
    return next((step for step in STEPS if stage in step.after), None)


def under_committee(organisation: Organisation, day: dt.date) -> bool:
    """Whether a base committee stands over this branch on `day` (no: it is a base branch)."""
    above = Organisation.objects.above(organisation.pk, on=day)
    return above.filter(styles__in=_base_committees(day)).exists()


def base_committees(units: Iterable[int], day: dt.date) -> dict[int, int]:
    """Unit's id → the base committee over it on `day`, those without left out; a query for each level of the tree."""
    committees = set(_base_committees(day).values_list("organisation_id", flat=True))
    at = {unit: unit for unit in units}
    found: dict[int, int] = {}
    while at:
        above = dict(
            Place.objects.on(day).filter(organisation__in=set(at.values())).values_list("organisation_id", "parent_id")
        )
        at = {unit: above[here] for unit, here in at.items() if above.get(here) is not None}
        found |= {unit: parent for unit, parent in at.items() if parent in committees}
        at = {unit: parent for unit, parent in at.items() if unit not in found}
    return found


def _base_committees(day: dt.date) -> QuerySet[Style]:
    return Style.objects.on(day).filter(kind__level="base", kind__has_committee=True)


def order_verdict(candidacy: Candidacy, to: str, *, under_committee: bool) -> Verdict:
    """Nothing is skipped: `to` must be the very next stage."""
    if not candidacy.is_open:
        return no("Hồ sơ đã kết thúc; muốn theo dõi lại thì bấm «Theo dõi lại».")
    following = next_step(candidacy.stage, under_committee=under_committee)
    if following is not None and following.to == to:
        return YES
    now = Stage(candidacy.stage).label
    due = following.verb if following else "không còn bước nào"
    return no(f"Hồ sơ đang ở giai đoạn «{now}». Việc tiếp theo là: {due}.", who_can=following.who if following else "")


def day_verdict(day: dt.date, *, not_before: dt.date, what_before: str, today: dt.date) -> Verdict:
    """A thing that happened is not in the future, and not before what had to come first."""
    if day > today:
        return no(still_to_come(day))
    if day < not_before:
        return no(f"Ngày {vietnamese.day(day)} ở trước {what_before} ({vietnamese.day(not_before)}).")
    return YES


def age_verdict(
    person: Person, meeting: dt.date, *, consent: str = "", rules: Mapping[str, Rule] | None = None
) -> Verdict:
    """Age at the branch's vote, the reading most favourable where only a year is known.

    Above the upper age a written consent (its number) is needed (`domain.md` §1.1). `rules`: those of the meeting's
    day, where the caller has read them.
    """
    if person.born is None:
        return no("Chưa có ngày sinh; ghi ngày sinh trước khi chi bộ xét.")
    rules = rules or age_rules(meeting)
    youngest, oldest = rules["admission_age_min"], rules["admission_age_max"]
    earliest = _earliest(person, rules)
    met = vietnamese.day(meeting)
    if meeting < earliest:
        when = vietnamese.day(earliest)
        return no(f"Chưa đủ {youngest.number} tuổi ngày {met}; sớm nhất là ngày {when}.", rule=youngest)
    if not consent and is_over_age(person, meeting, rules):
        return no(f"Trên {oldest.number} tuổi ngày {met}; ghi số văn bản đồng ý của cấp ủy có thẩm quyền.", rule=oldest)
    return YES


def is_over_age(person: Person, on: dt.date, rules: Mapping[str, Rule]) -> bool:
    """Whether `person` is above the upper age of `rules` on `on`; False where the birth is not known."""
    return person.born is not None and on >= _first_day_over(person, rules["admission_age_max"].number)


def by_the_favourable_reading(person: Person, on: dt.date, rules: Mapping[str, Rule] | None = None) -> bool:
    """Whether the age is right on `on` only because of a birth known by its year or month the best day is taken."""
    if person.born is None or person.born_precision == "day":
        return False
    rules = rules or age_rules(on)
    latest = person.born.replace(month=12 if person.born_precision == "year" else person.born.month, day=1)
    old_enough = vietnamese.earliest_age_day(latest, "month", rules["admission_age_min"].number)
    earliest_over = person.born.year + rules["admission_age_max"].number
    too_old = person.born_precision == "year" and on >= dt.date(earliest_over, 2, 1)
    return on < old_enough or too_old


def earliest_vote(person: Person, on: dt.date) -> dt.date:
    """First day on which the branch may vote on `person`, whose birth is known, by the rules of `on`."""
    return _earliest(person, age_rules(on))


def age_rules(on: dt.date) -> dict[str, Rule]:
    """The rules on age in force on `on`, by key."""
    keys = ("admission_age_min", "admission_age_max", "admission_age_unit")
    return {rule.key: rule for rule in Rule.objects.on(on).filter(key__in=keys)}


def _earliest(person: Person, rules: Mapping[str, Rule]) -> dt.date:
    by_month = rules["admission_age_unit"].value == "month"
    precision = "month" if by_month and person.born_precision == "day" else person.born_precision
    assert person.born is not None  # who asks has looked
    return vietnamese.earliest_age_day(person.born, precision, rules["admission_age_min"].number)


def _first_day_over(person: Person, years: int) -> dt.date:
    """First day on which `person` is over `years`, whole months counted, the latest birth supposed."""
    assert person.born is not None  # who asks has looked
    month = 12 if person.born_precision == "year" else person.born.month
    year = person.born.year + years
    return dt.date(year + 1, 1, 1) if month == 12 else dt.date(year, month + 1, 1)
