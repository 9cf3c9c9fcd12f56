"""The page of one case: where it stands, the next thing to do, and what happened."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells import vietnamese
from cells.asked_day import asked_day
from cells.log import write
from cells.people import rights
from config import clock
from membership import admission, correct, procedure
from membership.in_time.asking import Asking
from membership.in_time.told import Words
from membership.models import STAGES, Candidacy, Helper, Spell, Stage, StageEvent, Vote
from membership.papers.checklist import Line
from membership.papers.models import RECOGNITION
from membership.stages import is_anew, that_count
from membership.strata import SENSITIVE
from membership.views import around_sections, clocks, legal_steps, papers_panel, recognition
from membership.views.access import Access, access_to, of_case
from membership.views.corrections import may_correct
from membership.views.votes import told as told_vote
from membership.votes import correct as correct_vote

_INCOMPLETE_BIRTH = (
    "Chưa biết đủ ngày sinh nên tuổi tính theo cách có lợi cho người được xét; xem giấy khai sinh trước khi chi bộ xét."
)
BEFORE_THE_VOTE = (Stage.NOMINEE, Stage.SYMPATHISER, Stage.TRAINED, Stage.DOSSIER)


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's case; seeing it is logged."""
    access = of_case(request, pk, asked_day(request, clock.today()))
    write.read(actor=request.user, subject="candidacy", subject_id=pk, organisation=access.unit)
    found = access.case
    events = list(found.events.filter(day__lte=access.on).select_related("actor__person").order_by("day", "pk"))
    under_committee = procedure.under_committee(access.unit, access.on)
    seen = Spell.objects.for_user(request.user, on=access.today).filter(from_day__lte=access.on)
    spell = seen.filter(candidacy=found).order_by("-from_day").first()
    age = _age_notice(access)
    way = spell and recognition.way_if_on_probation(spell, access.day)
    lines = papers_panel.seen_lines(access, found, access.on)
    context = access.frame() | {
        "case": found,
        "lead": _lead(access),
        "stages": stage_line(found.stage, events, under_committee=under_committee),
        "age": age,
        "next": _next(access, under_committee, too_young=bool(age and age["bars"])),
        "in_time": _in_time(access),
        "papers": _papers(access, lines, under_committee, on_probation=way is not None),
        "around": around_sections.sections(access),
        "links": _links(access, spell),
        "facts": _facts(access),
        "events": _story(access, events, seen.filter(candidacy=found)),
        "spell": spell,
        "recognition": way and recognition.section(way, access_to(access, way.spell)),
        "clocks": clocks.panel(access, spell),
        "steps": legal_steps.groups(access, events, spell, lines),
    }
    return render(request, "membership/case.html", context)


@require_safe
def case_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole case on paper: every step, paper and day; printing is logged as reading."""
    access = of_case(request, pk, asked_day(request, clock.today()))
    write.read(actor=request.user, subject="candidacy", subject_id=pk, organisation=access.unit)
    found = access.case
    events = list(found.events.filter(day__lte=access.on).select_related("actor__person").order_by("day", "pk"))
    seen = Spell.objects.for_user(request.user, on=access.today).filter(from_day__lte=access.on)
    spell = seen.filter(candidacy=found).order_by("-from_day").first()
    lines = papers_panel.seen_lines(access, found, access.on)
    context = access.frame() | {
        "case": found,
        "lead": _lead(access),
        "facts": _facts(access),
        "around": around_sections.sections(access),
        "papers": [papers_panel.item(found, line, "") for line in lines],
        "clocks": clocks.panel(access, spell),
        "steps": legal_steps.groups(access, events, spell, lines),
        "events": _story(access, events, seen.filter(candidacy=found)),
    }
    return render(request, "membership/case_print.html", context)


def stage_line(stage: str, events: list[StageEvent], *, under_committee: bool) -> list[dict[str, Any]]:
    """The stages as done, current or ahead, each with the day it was first reached by a step that counts, if known.

    A base branch has no base committee, so its line has no examination unless one was recorded.
    """
    valid = [event for event in events if not event.void]
    days: dict[str, Any] = {}
    for event in that_count(valid):
        days.setdefault(event.stage, event.day)
    reached = stage
    if stage == Stage.DROPPED:
        reached = (
            next((event.from_stage for event in reversed(valid) if event.stage == Stage.DROPPED), "") or Stage.NOMINEE
        )
    way = [step for step in STAGES if under_committee or step != Stage.EXAMINED or step in days]
    place = len(way) if reached == Stage.ADMITTED else way.index(Stage(reached)) if reached in way else 0
    line = []
    for index, step in enumerate(way):
        done = index < place or (stage == Stage.DROPPED and index == place)
        state = "done" if done else "current" if index == place else "ahead"
        line.append({"name": step.label, "day": None if state == "ahead" else days.get(step), "state": state})
    return line


def _lead(access: Access) -> str:
    case = access.case
    parts = [_age_text(access), access.unit.name]
    helping = Helper.objects.valid().on(access.on).filter(candidacy=case).select_related("person")
    helper = "; ".join(row.called for row in helping) or case.helper
    if helper:
        parts.append(f"người giúp đỡ: {helper}")
    return " · ".join(part for part in parts if part)


def _age_text(access: Access) -> str:
    person = access.case.person
    if person.born is None or person.born > access.on:
        return ""
    years, _ = vietnamese.age_on(person.born, person.born_precision, access.on)
    return f"{years} tuổi"


def _age_notice(access: Access) -> dict[str, Any] | None:
    """What the dated rule says where somebody is too young today, or the birth is not known."""
    case = access.case
    if case.stage not in BEFORE_THE_VOTE:
        return None
    if case.person.born is None:
        return {"text": "Chưa có ngày sinh: ghi ngày sinh hoặc năm sinh trước khi chi bộ xét.", "bars": True}
    rules = procedure.age_rules(access.on)
    verdict = procedure.age_verdict(case.person, access.on, rules=rules)
    if not verdict:
        earliest = vietnamese.day(procedure.earliest_vote(case.person, access.on))
        text = f"Chi bộ xét kết nạp sớm nhất ngày {earliest}."
        return {"text": text, "rule": verdict.rule, "bars": case.stage == Stage.DOSSIER}
    if procedure.is_over_age(case.person, access.on, rules):
        return {"text": procedure.asks_consent(rules), "rule": rules["admission_age_max"], "bars": False}
    favoured = procedure.by_the_favourable_reading(case.person, access.on, rules)
    return {"text": _INCOMPLETE_BIRTH, "bars": False} if favoured else None


def _next(access: Access, under_committee: bool, *, too_young: bool) -> dict[str, Any] | None:
    """The next step: its button where it is the reader's, else whom the case waits for."""
    case = access.case
    outdated = not access.day.is_past and procedure.is_outdated(case, access.on)
    step = procedure.next_step(case.stage, under_committee=under_committee, outdated=outdated) if case.is_open else None
    if step is None:
        return None
    return {
        "verb": step.verb,
        "who": step.who,
        "url": reverse("case_step", args=[case.pk, step.to]),
        "may": access.may(step.capability) and not too_young,
        "waiting": not access.may(step.capability),
        "on_behalf": access.on_behalf(step),
        "why": procedure.REDO_WHY if step == procedure.REDO else "",
        "since": case.stage_day,
        "days": (access.on - case.stage_day).days,
    }


def _in_time(access: Access) -> dict[str, str] | None:
    """Whether the admission can still count this year; nothing where it has counted, or the case has ended."""
    if not access.begun or not access.case.is_open:
        return None
    asking = Asking(access.on)
    cases = Candidacy.objects.filter(pk=access.case.pk).as_of(access.on, today=access.today)
    found = next(asking.of(cases), None)
    if found is None:
        return None
    return {"last": vietnamese.day(asking.last), "text": Words(asking).case(found, asking.last)}


def _papers(access: Access, lines: list[Line], under_committee: bool, *, on_probation: bool) -> dict[str, Any] | None:
    """What the next step, or the recognition, asks for; nothing while a ceremony is awaited, or of a past day."""
    case = access.case
    step = procedure.next_step(case.stage, under_committee=under_committee) if case.is_open else None
    to = RECOGNITION if on_probation else step.to if step else ""
    if not to or case.stage == Stage.DECIDED or access.day.is_past:
        return None
    return papers_panel.panel(access, case, lines, to)


def _links(access: Access, spell: Spell | None) -> list[dict[str, str]]:
    case = access.case
    links = []
    if access.may(rights.BRANCH_WORK):
        links.append({"label": "Giấy tờ", "url": reverse("case_papers", args=[case.pk])})
    if access.may(rights.ENTER):
        links.append({"label": "Bổ sung thông tin", "url": reverse("case_particulars", args=[case.pk])})
    if access.may(rights.CORRECT):
        links.append({"label": "Sửa họ tên, ngày sinh", "url": reverse("case_identity", args=[case.pk])})
    if access.may(rights.BRANCH_WORK) and admission.may_drop(case):
        links.append({"label": "Dừng theo dõi", "url": reverse("case_drop", args=[case.pk])})
    if access.may(rights.BRANCH_WORK) and case.stage == Stage.DROPPED:
        links.append({"label": "Theo dõi lại", "url": reverse("case_resume", args=[case.pk])})
    if access.may(rights.REVOKE) and spell is not None and _revocable(spell):
        links.append({"label": "Hủy việc kết nạp", "url": reverse("case_revoke", args=[case.pk])})
    return links


def _revocable(spell: Spell) -> bool:
    return spell.to_day is None and spell.started_by in (Spell.Start.ADMITTED, Spell.Start.READMITTED)


def _facts(access: Access) -> list[dict[str, Any]]:
    """What is known besides the steps; religion only for those who may know."""
    case, person, knows = access.case, access.case.person, access.may(rights.SEE_SENSITIVE)
    background = getattr(person, "background", None)
    certificate = case.certificate_number
    if case.certificate_on:
        certificate = f"{certificate} ngày {vietnamese.day(case.certificate_on)}".strip()
    facts = [
        ("Ngày sinh", person.born_text),
        ("Giới tính", person.get_sex_display()),
        ("Dân tộc", person.ethnicity),
        ("Diện", "; ".join(stratum.name for stratum in case.strata.all() if knows or stratum.code not in SENSITIVE)),
        ("Tổ chức giới thiệu", case.introduced_by),
        ("Học vấn theo quy định", case.get_schooling_display() if case.schooling else ""),
        ("Nơi cư trú", "ngoài địa bàn chi bộ" if case.lives_elsewhere else ""),
        ("Chứng nhận lớp nhận thức", certificate),
        ("Học vấn", background.education if background else ""),
        ("Nghề nghiệp", background.occupation if background else ""),
    ]
    if knows:
        facts.append(("Tiêu chuẩn chính trị", "phải xin ý kiến cấp có thẩm quyền" if case.asks_clearance else ""))
        facts.append(("Tôn giáo", background.religion if background else ""))
    return [{"name": name, "value": value} for name, value in facts]


def _story(access: Access, events: list[StageEvent], spells: QuerySet[Spell]) -> list[dict[str, Any]]:
    """The steps and the votes as one timeline, newest first; a vote that led to a step is told with it."""
    case = access.case
    of_person = Vote.objects.filter(Q(candidacy=case) | Q(spell__in=spells), day__lte=access.on)
    votes = list(of_person.select_related("actor__person", "spell").order_by("day", "pk"))
    of_step = {vote.step_id: vote for vote in votes if vote.step_id}
    of_member = [vote for vote in votes if vote.spell_id]

    def acted_since(row: StageEvent | Vote) -> bool:
        return correct.acted_since(case, events, row.recorded_at)

    gone_up = bool(of_member) and correct_vote.acted_on_member(of_member[-1].spell, of_member)
    lines = [_told(event, access, of_step.get(event.pk), acted=acted_since(event)) for event in events]
    for vote in votes:
        if vote.step_id is None:
            lines.append(told_vote(vote, access, acted=gone_up if vote.spell_id else acted_since(vote)))
    return sorted(lines, key=lambda line: line["day"])[::-1]


def _told(event: StageEvent, access: Access, vote: Vote | None, *, acted: bool) -> dict[str, Any]:
    """One event of the timeline, with «Sửa» where the reader may mend it."""
    case = access.case
    if vote is not None:
        title = f"{event.get_stage_display()}, biểu quyết lần {vote.attempt}"
        told = told_vote(vote, access, acted=acted)
        return told | {
            "title": title,
            "text": ". ".join(
                part for part in (told["text"], papers_panel.seen_reason(access, event.override)) if part
            ),
        }
    number = f"Số {event.number}" if event.number else ""
    note = event.note[:1].upper() + event.note[1:]
    if event.stage == Stage.DROPPED and case.exit_reason and case.stage == Stage.DROPPED:
        note = "; ".join(part for part in (f"Lý do: {case.exit_reason.name}", note) if part)
    who = event.actor.get_full_name() if event.actor else "hệ thống"
    again = event.from_stage == Stage.DROPPED
    stage = event.get_stage_display()
    title = f"Theo dõi lại: {vietnamese.uncapitalised(stage)}" if again else stage
    title = procedure.REDO.verb if is_anew(event) else title
    may = access.may(rights.CORRECT) and may_correct(access, event, acted=acted)
    return {
        "day": event.day,
        "title": f"{title} (đã hủy)" if event.void else title,
        "text": ". ".join(part for part in (number, note, papers_panel.seen_reason(access, event.override)) if part),
        "who": f"{who} ghi thay" if event.on_behalf else who,
        "url": reverse("case_correct_step", args=[case.pk, event.pk]) if may else "",
    }
