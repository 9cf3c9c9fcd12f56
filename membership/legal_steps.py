"""The 24 steps of the procedure as data, under the stages, and where a case stands in each (`domain.md` §1.2).

The deeds guard the stages (`procedure.py`) and the papers (`papers/checklist.py`); this table shows everything between
them, so that nothing is skipped silently. Which form a paper has, and how long a clock runs, dated rules say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from membership.around.models import Helper
from membership.deadlines.models import Kind
from membership.models import STAGES, Candidacy, RecognitionDecision, Spell, Stage, StageEvent, Vote
from membership.papers.checklist import Line
from membership.stages import is_anew, that_count
from membership.votes.models import Subject


class State(StrEnum):
    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    BEFORE = "before"  # the old book's, in a case taken over
    LET_PASS = "let_pass"  # passed without its papers, for a reason that stays
    UNRECORDED = "unrecorded"  # passed, and nothing tells when


WORDS = {
    State.DONE: "đã làm",
    State.NOW: "đang làm",
    State.AHEAD: "chưa tới",
    State.BEFORE: "trước khi dùng phần mềm",
    State.LET_PASS: "cho qua khi còn thiếu",
    State.UNRECORDED: "không ghi riêng",
}


@dataclass(frozen=True)
class Told:
    """That a step was taken: on which day (null: not known), by which paper."""

    day: dt.date | None
    note: str = ""


@dataclass(frozen=True)
class Record:
    """What is recorded of one case and of its member, as of a day; only valid rows."""

    case: Candidacy
    steps: Sequence[StageEvent]  # oldest first
    papers: Mapping[str, Line]  # by code
    helpers: Sequence[Helper] = ()
    spell: Spell | None = None
    votes: Sequence[Vote] = ()  # on the end of the probation, oldest first
    filed_on: dt.date | None = None
    decision: RecognitionDecision | None = None
    under_committee: bool = True

    @property
    def is_over(self) -> bool:
        """Whether the probation has ended."""
        return self.spell is not None and self.spell.standing == Spell.Standing.FULL


Evidence = Callable[[Record], Told | None]


def _stage(stage: str) -> Evidence:
    def told(record: Record) -> Told | None:
        steps = that_count(record.steps)
        first = [step for step in steps if step.stage == stage and step.from_stage != Stage.DROPPED]
        taken = [step for step in first if not is_anew(step)]
        return Told(taken[-1].day, f"số {taken[-1].number}" if taken[-1].number else "") if taken else None

    return told


def _papers(*codes: str) -> Evidence:
    """All of them that are asked of the case; the day is the latest of theirs."""

    def told(record: Record) -> Told | None:
        asked = [record.papers[code] for code in codes if code in record.papers]
        if not asked or not all(line.is_there for line in asked):
            return None
        days = [line.paper.issued_on for line in asked if line.paper and line.paper.issued_on]
        return Told(max(days, default=None), "; ".join(line.told for line in asked if line.paper and line.paper.number))

    return told


def _votes(*subjects: str) -> Evidence:
    def told(record: Record) -> Told | None:
        held = [vote for vote in record.votes if vote.subject in subjects]
        if not held:
            return None
        last = held[-1]
        return Told(last.day, f"{last.yes}/{last.base} phiếu, {'đủ' if last.passed else 'chưa đủ'}")

    return told


def _helped_on_probation(record: Record) -> Told | None:
    held = record.spell.ceremony_on if record.spell else None
    now = [row for row in record.helpers if held and (row.to_day is None or row.to_day > held)]
    return Told(now[-1].from_day, now[-1].called) if now else None


def _decision(record: Record) -> Told | None:
    return Told(record.decision.decided_on, f"số {record.decision.number}") if record.decision else None


def _listed(record: Record) -> Told | None:
    return Told(record.case.listed_on, record.case.introduced_by)


def _asks_for(code: str) -> Callable[[Record], bool]:
    return lambda record: code in record.papers


@dataclass(frozen=True)
class LegalStep:
    """One step: during which visible stage, by whom, which papers belong to it, which clocks it starts.

    `applies`: whether it is taken at all in this case.
    """

    number: int
    during: Stage
    title: str
    who: str
    told_by: Evidence
    papers: tuple[str, ...] = ()
    starts: tuple[Kind, ...] = ()
    applies: Callable[[Record], bool] = field(default=lambda record: True)


_BRANCH, _UNIT, _BASE = "chi bộ", "đoàn thể, chi bộ", "đảng ủy cơ sở"
_DECIDES = "cấp ủy có thẩm quyền"
_INTRODUCTIONS = ("introducers", "introduction", "youth_union_resolution", "trade_union_resolution")
_DOSSIER, _PROBATION = Stage.DOSSIER, Stage.ADMITTED

LEGAL_STEPS = (
    LegalStep(1, Stage.NOMINEE, "Giới thiệu quần chúng ưu tú", _UNIT, _listed),
    LegalStep(
        2,
        Stage.NOMINEE,
        "Nghị quyết đưa vào danh sách cảm tình Đảng, phân công người giúp đỡ",
        _BRANCH,
        _stage(Stage.SYMPATHISER),
    ),
    LegalStep(3, Stage.SYMPATHISER, "Xét đề nghị của chi bộ, cử đi học lớp nhận thức", _BASE, lambda record: None),
    LegalStep(
        4,
        Stage.SYMPATHISER,
        "Học lớp bồi dưỡng nhận thức về Đảng, được cấp chứng nhận",
        "Trung tâm Chính trị",
        _stage(Stage.TRAINED),
        ("certificate",),
        (Kind.CERTIFICATE,),
    ),
    LegalStep(
        5, Stage.TRAINED, "Đơn xin vào Đảng, tự viết tay", "người vào Đảng", _stage(Stage.DOSSIER), ("application",)
    ),
    LegalStep(6, _DOSSIER, "Khai lý lịch", "người vào Đảng", _papers("life_history"), ("life_history",)),
    LegalStep(
        7,
        _DOSSIER,
        "Thẩm tra, kết luận lý lịch",
        "chi bộ, đảng ủy cơ sở",
        _papers("verification", "verification_replies"),
        ("verification_replies", "verification"),
    ),
    LegalStep(8, _DOSSIER, "Giới thiệu vào Đảng", "người giới thiệu", _papers(*_INTRODUCTIONS), _INTRODUCTIONS),
    LegalStep(
        9,
        _DOSSIER,
        "Ý kiến của tổ chức chính trị - xã hội và chi ủy nơi cư trú",
        "chi ủy",
        _papers("opinions", "residence_opinion"),
        ("residence_opinion", "opinions"),
    ),
    LegalStep(
        10,
        _DOSSIER,
        "Chi bộ họp xét, biểu quyết từng người",
        _BRANCH,
        _stage(Stage.BRANCH_RESOLVED),
        ("branch_resolution",),
        (Kind.DECISION, Kind.DOSSIER),
    ),
    LegalStep(
        11,
        Stage.BRANCH_RESOLVED,
        "Đảng ủy bộ phận thẩm định",
        "đảng ủy bộ phận",
        _papers("section_report"),
        ("section_report",),
        applies=_asks_for("section_report"),
    ),
    LegalStep(
        12,
        Stage.BRANCH_RESOLVED,
        "Đảng ủy cơ sở họp xét, ra nghị quyết đề nghị",
        _BASE,
        _stage(Stage.EXAMINED),
        ("committee_resolution",),
        applies=lambda record: record.under_committee,
    ),
    LegalStep(
        13, Stage.EXAMINED, "Quyết định kết nạp", _DECIDES, _stage(Stage.DECIDED), ("age_consent",), (Kind.CEREMONY,)
    ),
    LegalStep(
        14,
        Stage.DECIDED,
        "Lễ kết nạp",
        _BRANCH,
        _stage(Stage.ADMITTED),
        (),
        (Kind.MEMBER_FILE, Kind.PROBATION),
    ),
    LegalStep(
        15,
        _PROBATION,
        "Hoàn thành lý lịch đảng viên",
        "đảng viên dự bị",
        lambda record: Told(record.filed_on) if record.filed_on else None,
    ),
    LegalStep(16, _PROBATION, "Phân công đảng viên chính thức giúp đỡ", _BRANCH, _helped_on_probation),
    LegalStep(
        17,
        _PROBATION,
        "Học lớp bồi dưỡng đảng viên mới",
        "Trung tâm Chính trị",
        _papers("new_member_certificate"),
        ("new_member_certificate",),
    ),
    LegalStep(18, _PROBATION, "Bản tự kiểm điểm", "đảng viên dự bị", _papers("self_review"), ("self_review",)),
    LegalStep(
        19, _PROBATION, "Nhận xét của người giúp đỡ", "người giúp đỡ", _papers("helper_review"), ("helper_review",)
    ),
    LegalStep(
        20,
        _PROBATION,
        "Tổng hợp ý kiến nơi làm việc và nơi cư trú",
        "chi ủy",
        _papers("probation_opinions"),
        ("probation_opinions",),
    ),
    LegalStep(
        21,
        _PROBATION,
        "Chi bộ biểu quyết công nhận",
        _BRANCH,
        _votes(Subject.BRANCH_RECOGNITION),
        (),
        (Kind.RECOGNITION,),
    ),
    LegalStep(
        22,
        _PROBATION,
        "Đảng ủy cơ sở xét công nhận",
        _BASE,
        _votes(Subject.COMMITTEE_RECOGNITION),
        applies=lambda record: record.under_committee,
    ),
    LegalStep(23, _PROBATION, "Quyết định công nhận đảng viên chính thức", _DECIDES, _decision),
    LegalStep(
        24,
        _PROBATION,
        "Không đủ tư cách: đề nghị xóa tên",
        "chi bộ, cấp ủy có thẩm quyền",
        _votes(Subject.BRANCH_REMOVAL),
        applies=lambda record: any(vote.subject == Subject.BRANCH_REMOVAL for vote in record.votes),
    ),
)


@dataclass(frozen=True)
class Standing:
    """One step in one case."""

    step: LegalStep
    state: State
    told: Told | None = None
    reason: str = ""  # why it was let pass


def standing(record: Record) -> list[Standing]:
    """Every step that applies to the case, in order, each in its one state."""
    return [_standing(step, record) for step in LEGAL_STEPS if step.applies(record)]


def _standing(step: LegalStep, record: Record) -> Standing:
    told = step.told_by(record)
    if told is not None:
        return Standing(step, State.DONE, told)
    now = _now(record)
    if _place(step.during) > now:
        return Standing(step, State.AHEAD)
    if _place(step.during) == now:
        return Standing(step, State.NOW)
    if _place(step.during) < _taken_over_at(record):
        return Standing(step, State.BEFORE)
    passed = [event for event in that_count(record.steps) if set(event.let_pass.split()) & set(step.papers)]
    if passed:
        return Standing(step, State.LET_PASS, reason=passed[-1].override)
    return Standing(step, State.UNRECORDED)


def _now(record: Record) -> int:
    """The place of the stage the case is in; a base branch goes from its vote to the decision."""
    if record.is_over:
        return len(STAGES) + 1
    stage = record.case.stage
    if stage == Stage.DROPPED:
        left = [event.from_stage for event in record.steps if event.stage == Stage.DROPPED]
        stage = left[-1] if left and left[-1] else Stage.NOMINEE
    if stage == Stage.BRANCH_RESOLVED and not record.under_committee:
        stage = Stage.EXAMINED
    return _place(stage)


def _taken_over_at(record: Record) -> int:
    """The place of the stage at which the case came out of the old book; 0 where it did not."""
    later = [event for event in record.steps if event.stage != Stage.NOMINEE]
    if not record.case.taken_over or not later:
        return 0
    return _place(min(later, key=lambda event: event.pk).stage)


def _place(stage: str) -> int:
    return STAGES.index(Stage(stage)) if stage in STAGES else len(STAGES)
