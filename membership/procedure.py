"""The way into the Party as data: seven visible stages and the steps between them.

Which step follows which, who records it, and the guards each date must pass. Guards answer with a
`Verdict`; the deeds in `admission.py` ask the same ones the screens show. Source: `domain.md` §1.2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cells import vietnamese
from cells.dated import months_after
from cells.organisations import tree
from cells.organisations.models import Organisation, Style
from cells.people import rights
from cells.people.models import Person
from cells.rules.models import Kind, Rule
from cells.verdict import YES, Verdict, no, still_to_come
from membership.models import Candidacy, Spell, Stage
from membership.stages import RESOLVED
from membership.votes.models import Subject

SECTION_COMMITTEE = "section_committee"
AGE_KEYS = ("admission_age_min", "admission_age_max", "admission_age_unit")
READMISSION = "readmission_months"


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
#: the resolution grew too old before a decision: dossier, opinions and resolutions once more (`domain.md` §1.4)
REDO = Step(
    Stage.DOSSIER,
    RESOLVED,
    rights.BRANCH_WORK,
    "Làm lại hồ sơ",
    "Đã ghi làm lại hồ sơ từ ngày {day}.",
    "Ngày chi bộ họp bàn làm lại",
    "Số nghị quyết",
    who="chi bộ",
)
#: why it is done, on the page of the case and above its form
REDO_WHY = (
    "Nghị quyết chi bộ đã quá thời hạn mà chưa có quyết định kết nạp: bổ sung lý lịch, thẩm tra, giới thiệu, nhận xét, "
    "rồi chi bộ và đảng ủy biểu quyết lại."
)
_BY_STAGE = {step.to: step for step in STEPS}
_BY_VOTE = {step.vote: step for step in STEPS if step.vote}


def step_to(stage: str) -> Step:
    """The step that leads to `stage`; KeyError for the first stage and for dropping."""
    return _BY_STAGE[Stage(stage)]


def step_of_vote(subject: str) -> Step:
    """The step that a vote on an admission leads to; KeyError for another subject."""
    return _BY_VOTE[subject]


def next_step(stage: str, *, under_committee: bool, outdated: bool = False) -> Step | None:
    """The step that follows `stage`; a base branch has no base committee, so none examines there.

    `outdated`: the branch's resolution grew too old (`is_outdated`).
    """
    if outdated:
        return REDO
    if stage == Stage.BRANCH_RESOLVED and not under_committee:
        return step_to(Stage.DECIDED)
    return next((step for step in STEPS if stage in step.after), None)


def is_outdated(case: Candidacy, on: dt.date) -> bool:
    """Whether the case waits on a resolution that grew too old on `on`."""
    return case.stage in RESOLVED and Candidacy.objects.outdated_on(on).filter(pk=case.pk, outdated=True).exists()


@dataclass(frozen=True)
class Above:
    """The committees (ids) over a unit: of its base organisation, of a section inside that; null where none is."""

    base: int | None = None
    section: int | None = None


def committees_over(units: Iterable[int], day: dt.date) -> dict[int, Above]:
    """Unit's id → the committees over it on `day`; two queries."""
    found = {unit: Above() for unit in units}
    pairs = tree.above_each(found, day)
    styles = Style.objects.on(day).filter(organisation__in={over for _, over in pairs}).select_related("kind")
    kinds = {style.organisation_id: style.kind for style in styles}
    for unit, over in pairs:
        kind = kinds.get(over)
        if kind and kind.level == Kind.Level.BASE and kind.has_committee:
            found[unit] = replace(found[unit], base=over)
        elif kind and kind.code == SECTION_COMMITTEE:
            found[unit] = replace(found[unit], section=over)
    return found


def under_committee(organisation: Organisation, day: dt.date) -> bool:
    """Whether a base committee stands over this branch on `day` (no: it is a base branch)."""
    return committees_over([organisation.pk], day)[organisation.pk].base is not None


def base_committees(units: Iterable[int], day: dt.date) -> dict[int, int]:
    """Unit's id → the base committee over it on `day`, those without left out."""
    return {unit: above.base for unit, above in committees_over(units, day).items() if above.base is not None}


def order_verdict(candidacy: Candidacy, to: str, *, under_committee: bool, outdated: bool = False) -> Verdict:
    """Nothing is skipped: `to` must be the very next stage, or where the resolution is `outdated` the dossier anew.

    The stage after an outdated resolution is barred by its papers, not here: they can be let pass with a reason.
    """
    if outdated and to == REDO.to:
        return YES
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


def age_verdict(person: Person, meeting: dt.date, *, rules: Mapping[str, Rule] | None = None) -> Verdict:
    """Whether `person` is old enough at the branch's vote, the reading most favourable where only a year is known.

    Above the upper age the branch may vote: the consent is a paper, asked for before the decision (`domain.md` §1.1).
    `rules`: those of the meeting's day, where the caller has read them.
    """
    if person.born is None:
        return no("Chưa có ngày sinh; ghi ngày sinh trước khi chi bộ xét.")
    rules = rules or age_rules(meeting)
    youngest, earliest = rules["admission_age_min"], earliest_vote(person, meeting, rules)
    if meeting < earliest:
        met, when = vietnamese.day(meeting), vietnamese.day(earliest)
        return no(f"Chưa đủ {youngest.number} tuổi ngày {met}; sớm nhất là ngày {when}.", rule=youngest)
    return YES


def readmission_verdict(person: int, applied_on: dt.date) -> Verdict:
    """Whether a person (id) who was out of the Party long enough when they applied, or never was in it."""
    left = Spell.objects.out_of_the_party(applied_on).filter(person=person)
    last = left.order_by("-to_day").first()
    rule = Rule.objects.on(applied_on).filter(key=READMISSION).first() if last else None
    if last is None or rule is None:
        return YES
    earliest = earliest_application(last.to_day, rule)
    if applied_on >= earliest:
        return YES
    told = f"Người này ra khỏi Đảng chưa đủ {rule.number} tháng"
    when = vietnamese.day(earliest)
    return no(f"{told}; nộp đơn xin kết nạp lại sớm nhất là ngày {when} ({rule.document}).", rule=rule)


def earliest_application(out_from: dt.date, rule: Rule) -> dt.date:
    """First day on which somebody out of the Party since `out_from` may apply again, by the `rule` of that day."""
    return months_after(out_from, rule.number)


def is_over_age(person: Person, on: dt.date, rules: Mapping[str, Rule]) -> bool:
    """Whether `person` is above the upper age of `rules` on `on`; False where the birth is not known."""
    return person.born is not None and on >= _first_day_over(person, rules["admission_age_max"].number)


def asks_consent(rules: Mapping[str, Rule]) -> str:
    """What is said of somebody above the upper age of `rules`."""
    years = rules["admission_age_max"].number
    return f"Đã trên {years} tuổi: phải có văn bản đồng ý của cấp ủy có thẩm quyền trước khi ra quyết định."


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


def earliest_vote(person: Person, on: dt.date, rules: Mapping[str, Rule] | None = None) -> dt.date:
    """First day on which the branch may vote on `person`, whose birth is known, by the rules (`rules`) of `on`."""
    rules = rules or age_rules(on)
    by_month = rules["admission_age_unit"].value == "month"
    precision = "month" if by_month and person.born_precision == "day" else person.born_precision
    assert person.born is not None  # who asks has looked
    return vietnamese.earliest_age_day(person.born, precision, rules["admission_age_min"].number)


def age_rules(on: dt.date) -> dict[str, Rule]:
    """The rules on age in force on `on`, by key."""
    return {rule.key: rule for rule in Rule.objects.on(on).filter(key__in=AGE_KEYS)}


def _first_day_over(person: Person, years: int) -> dt.date:
    """First day on which `person` is over `years`, whole months counted, the latest birth supposed."""
    assert person.born is not None  # who asks has looked
    month = 12 if person.born_precision == "year" else person.born.month
    year = person.born.year + years
    return dt.date(year + 1, 1, 1) if month == 12 else dt.date(year, month + 1, 1)
