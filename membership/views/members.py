"""The register on screen: the list of a day, one member, and the deeds of the register."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cells import vietnamese
from cells.asked_day import AskedDay, asked_day
from cells.log import write
from cells.organisations.access import forbid
from cells.organisations.models import Organisation
from cells.people import rights
from config import clock
from membership import register, temporary, units
from membership.forms.filters import MemberFilter
from membership.forms.members import DepartForm, LeaveForm, ReceiveForm, RecogniseForm, ReturnForm, TransferForm
from membership.models import Candidacy, RecognitionDecision, Spell, TemporaryTransfer, Vote
from membership.papers.models import RECOGNITION
from membership.recognition.decide import decide, takes_effect
from membership.recognition.way import Turn, Way, decision_verdict, told, way_of
from membership.register import Change
from membership.views import clocks, lists, papers_panel, recognition
from membership.views.access import Access, of_member
from membership.views.corrections import identity_page
from membership.views.deeds import FORM_METHODS, attempt, page, posted, say
from membership.views.votes import told as told_vote
from membership.votes.correct import acted_on_member

COLUMNS = [
    {"label": "Họ và tên", "sort": "name"},
    {"label": "Năm sinh"},
    {"label": "Chi bộ", "sort": "unit"},
    {"label": "Tư cách", "sort": "standing"},
    {"label": "Từ ngày", "sort": "day", "number": True},
]
ORDERS = {
    "name": ("person__name_key", "pk"),
    "unit": ("unit_key", "person__name_key", "pk"),
    "standing": ("standing", "person__name_key", "pk"),
    "day": ("from_day", "pk"),
}


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """The members on a day (`?on=`, by default today) in the units the reader's posts of today see."""
    day = asked_day(request, clock.today())
    chosen = lists.units_to_choose(request, day)
    form = MemberFilter(request.GET, units=chosen, reader=request.user, day=day)
    found = _filtered(Spell.objects.for_user(request.user, on=day.today).on(day.on), form, chosen, day.on)
    found = lists.in_order(found.select_related("person"), request.GET.get("sort", ""), ORDERS, day.on)
    context = day.context() | {
        "filter_form": form,
        "columns": COLUMNS,
        "page": lists.one_page(request, found, day.on),
        "may_receive": day.is_today and rights.anywhere(request.user, rights.KEEP_REGISTER, on=day.today),
    }
    return render(request, "membership/members.html", context)


@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: the spells the reader may see, and the deeds on the open one; seeing it is logged."""
    access = of_member(request, pk, asked_day(request, clock.today()))
    write.read(actor=request.user, subject="spell", subject_id=pk, organisation=access.unit)
    spell = access.spell
    whole = Spell.objects.filter(person=spell.person_id, from_day__lte=access.on)
    spells = list(whole.for_user(request.user, on=access.today).order_by("from_day", "pk"))
    names = Organisation.objects.styled(access.on).in_bulk({row.organisation_id for row in spells})
    cases = Candidacy.objects.for_user(request.user, on=access.today).filter(listed_on__lte=access.on)
    way = recognition.way_if_on_probation(spell, access.day)
    away = temporary.transfer_of(spell.person_id, access.on) if spell.holds_on(access.on) else None
    context = access.frame() | {
        "spell": spell,
        "lead": _lead(access),
        "facts": _facts(access, away),
        "events": _story(access, spells, names),
        "hidden": whole.count() - len(spells),
        "case": cases.filter(pk=spell.candidacy_id).first(),
        "links": _links(access, way, away),
        "recognition": way and recognition.section(way, access),
        "papers": _papers(access) if way and not access.day.is_past else None,
        "clocks": clocks.panel(access) if spells and _on_the_way(spells[-1]) else None,
    }
    return render(request, "membership/member.html", context)


@require_http_methods(FORM_METHODS)
def member_recognise(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision that makes a probationary member a full one; who decides is who decides on admissions."""
    access = of_member(request, pk)
    access.require(rights.DECIDE)
    way = way_of(access.spell, access.today)
    is_full = access.spell.standing == Spell.Standing.FULL
    if request.method != "POST" and access.spell.to_day is None and (is_full or way.turn == Turn.NOT_YET):
        messages.info(request, "Người này đã là đảng viên chính thức." if is_full else told(way, way.turn))
        return redirect(access.spell)
    effect, verdict = takes_effect(way, access.today), decision_verdict(way)
    form = RecogniseForm(posted(request), day_known=effect is not None, voted=bool(verdict), today=access.today)
    if request.method == "POST":
        done = attempt(form, lambda: decide([form.decision(pk)], actor=request.user, today=access.today))
        if done:
            first = _recognised_from(done[0])
            say(request, f"Đã ghi {_name(access)} là đảng viên chính thức từ ngày {vietnamese.day(first)}.")
            return redirect(done[0])
    rule = way.effect(access.today)
    intro = "" if verdict else f"{verdict.reason} Nếu đã có quyết định thì vẫn ghi được, kèm lý do."
    return _page(request, form, access, "Công nhận chính thức", "Ghi quyết định công nhận", intro=intro, rule=rule)


@require_http_methods(FORM_METHODS)
def member_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """A member moves to another branch, or outside."""
    access = _keeper(request, pk)
    branches = {unit.pk: unit for unit in units.branches(access.today).exclude(pk=access.unit.pk)}
    choices = units.as_choices(branches.values(), access.today)
    form = TransferForm(posted(request), branches=choices, today=access.today)
    if request.method == "POST":
        done = attempt(form, lambda: _transfer(form, access, branches, request))
        if done:
            values = form.cleaned_data
            place = branches[values["destination"]].name if values["destination"] else values["elsewhere"]
            say(request, f"Đã ghi {_name(access)} chuyển sinh hoạt đến {place}; ngày cuối ở chi bộ cũ là {_day(form)}.")
            return redirect(_unit_list(access))
    return _page(request, form, access, "Chuyển sinh hoạt", "Ghi chuyển sinh hoạt")


@require_http_methods(FORM_METHODS)
def member_temporary(request: HttpRequest, pk: int) -> HttpResponse:
    """A member takes part in meetings elsewhere for a while, or is back."""
    access = _keeper(request, pk)
    away = temporary.transfer_of(access.spell.person_id, access.today)
    form = ReturnForm(posted(request), today=access.today) if away else LeaveForm(posted(request), today=access.today)
    if request.method == "POST":
        done = attempt(form, lambda: _away(form, pk, request, access))
        if done:
            back = "Từ hôm sau lại được tính khi chi bộ biểu quyết."
            gone = "Vẫn là đảng viên của chi bộ; không tính vào tổng số khi chi bộ biểu quyết."
            say(
                request,
                f"Đã ghi {_name(access)} {'trở về' if away else 'sinh hoạt tạm thời nơi khác'}.",
                back if away else gone,
            )
            return redirect(access.spell)
    if away:
        intro = f"Đang sinh hoạt tạm thời ở {away.place} từ {vietnamese.day(away.from_day)}."
        return _page(request, form, access, "Trở về sau sinh hoạt tạm thời", "Ghi đã trở về", intro=intro)
    return _page(request, form, access, "Sinh hoạt tạm thời nơi khác", "Ghi sinh hoạt tạm thời")


@require_http_methods(FORM_METHODS)
def member_depart(request: HttpRequest, pk: int) -> HttpResponse:
    """A member dies, is struck off, resigns or is expelled."""
    access = _keeper(request, pk)
    form = DepartForm(posted(request), today=access.today)
    if request.method == "POST":
        done = attempt(form, lambda: _depart(form, pk, request, access))
        if done:
            cause = Spell.End(form.cleaned_data["cause"]).label
            say(request, f"Đã ghi {_name(access)}: {cause}, ngày {_day(form)}.")
            return redirect(access.spell)
    return _page(request, form, access, "Ra khỏi danh sách đảng viên", "Ghi ra khỏi danh sách")


@require_http_methods(FORM_METHODS)
def member_receive(request: HttpRequest) -> HttpResponse:
    """A member comes from outside with a transfer paper."""
    today = clock.today()
    branches = {unit.pk: unit for unit in units.branches_of(request.user, rights.KEEP_REGISTER, today)}
    if not branches:
        forbid(rights.KEEP_REGISTER)
    form = ReceiveForm(posted(request), branches=units.as_choices(branches.values(), today), today=today)
    if request.method == "POST":
        done = attempt(form, lambda: _receive(form, branches, request, today))
        if done:
            unit = branches[form.cleaned_data["organisation"]].name
            say(request, f"Đã tiếp nhận {done[0].person.name} về {unit} từ ngày {_day(form)}.")
            return redirect(done[0])
    context = {"form": form, "title": "Tiếp nhận đảng viên", "deed": "Ghi tiếp nhận", "cancel_url": reverse("members")}
    return render(request, "membership/deed.html", context)


@require_http_methods(FORM_METHODS)
def member_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the name, birth, sex or people of a member."""
    access = _keeper(request, pk)
    return identity_page(request, access, access.spell.person, access.spell)


def _filtered(found: QuerySet, form: MemberFilter, chosen: list[Organisation], day: dt.date) -> QuerySet:
    found = lists.in_unit(found, form, chosen, day)
    if form.chosen("standing"):
        found = found.filter(standing=form.chosen("standing"))
    return lists.in_stratum(found, form, "candidacy__")


def _keeper(request: HttpRequest, pk: int) -> Access:
    """The spell, for a reader who keeps the register of its unit."""
    access = of_member(request, pk)
    access.require(rights.KEEP_REGISTER)
    return access


def _away(form: LeaveForm | ReturnForm, pk: int, request: HttpRequest, access: Access):
    deed = temporary.transfer_temporarily if isinstance(form, LeaveForm) else temporary.end_temporary_transfer
    return deed([form.item(pk)], actor=request.user, today=access.today)


def _recognised_from(spell: Spell) -> dt.date:
    begun = Spell.objects.filter(person=spell.person_id, started_by=Spell.Start.RECOGNISED)
    return begun.latest("from_day").from_day


def _transfer(form: TransferForm, access: Access, branches: dict[int, Organisation], request: HttpRequest):
    values = form.cleaned_data
    destination = branches.get(values["destination"])
    change = Change(access.spell.pk, values["day"], destination=destination, elsewhere=values["elsewhere"])
    return register.transfer([change], actor=request.user, today=access.today)


def _depart(form: DepartForm, pk: int, request: HttpRequest, access: Access):
    change = Change(pk, form.cleaned_data["day"], cause=form.cleaned_data["cause"])
    return register.depart([change], actor=request.user, today=access.today)


def _receive(form: ReceiveForm, branches: dict[int, Organisation], request: HttpRequest, today: dt.date):
    reception = form.reception(branches[form.cleaned_data["organisation"]])
    return register.receive([reception], actor=request.user, today=today)


def _page(request: HttpRequest, form, access: Access, title: str, deed: str, **context: Any) -> HttpResponse:
    if request.method != "POST" and access.spell.to_day is not None:
        messages.info(request, "Biến động của người này ở chi bộ đã được ghi.")
        return redirect(access.spell)
    lead = f"{_name(access)} · {access.unit.name}"
    context |= {"title": title, "lead": lead, "deed": deed, "cancel_url": access.spell.get_absolute_url()}
    return page(request, form, access, **context)


def _name(access: Access) -> str:
    return access.spell.person.name


def _day(form) -> str:
    return vietnamese.day(form.cleaned_data["day"])


def _unit_list(access: Access) -> str:
    return f"{reverse('members')}?unit={access.unit.code}"


def _lead(access: Access) -> str:
    spell = access.spell
    if not access.begun:
        return access.unit.name
    if _ended(spell, access.day):
        return f"{access.unit.name} · đến {vietnamese.day(spell.last_day)} ({spell.get_ended_by_display()})"
    return f"Đảng viên {spell.get_standing_display().lower()} · {access.unit.name}"


def _facts(access: Access, away: TemporaryTransfer | None) -> list[dict[str, Any]]:
    spell = access.spell
    recognised = recognition.decision_of(spell) if spell.standing == Spell.Standing.FULL else None
    decided, ceremony = (vietnamese.day(day) if day else "" for day in (spell.decided_on, spell.ceremony_on))
    return [
        {"name": "Ngày sinh", "value": spell.person.born_text},
        {"name": "Giới tính", "value": spell.person.get_sex_display()},
        {"name": "Dân tộc", "value": spell.person.ethnicity},
        {"name": "Quyết định kết nạp", "value": " ".join(part for part in (spell.decision_number, decided) if part)},
        {"name": "Lễ kết nạp", "value": ceremony},
        *([{"name": "Quyết định công nhận", "value": _decision_told(recognised)}] if recognised else []),
        *([{"name": "Sinh hoạt tạm thời", "value": _away_told(away)}] if away else []),
    ]


def _decision_told(decision: RecognitionDecision) -> str:
    told = f"{decision.number} ngày {vietnamese.day(decision.decided_on)}"
    return f"{told}; chưa đủ biểu quyết, lý do: {decision.without_votes}" if decision.without_votes else told


def _away_told(away: TemporaryTransfer) -> str:
    until = f" đến {vietnamese.day(away.last_day)}" if away.to_day else ""
    return f"{away.place}, từ {vietnamese.day(away.from_day)}{until}"


def _story(access: Access, spells: list[Spell], names: dict[int, Organisation]) -> list[dict[str, Any]]:
    """The spells and the votes on them as one timeline, newest first."""
    on_member = Vote.objects.filter(spell__in=spells, day__lte=access.on).select_related("actor__person")
    votes = list(on_member.order_by("day", "pk"))
    acted = acted_on_member(access.spell, votes)
    lines = _told(spells, names, access.day) + [told_vote(vote, access, acted=acted) for vote in reversed(votes)]
    return sorted(lines, key=lambda line: line["day"], reverse=True)


def _ended(spell: Spell, day: AskedDay) -> bool:
    """Whether its end is known: a past day knows nothing of what came after it."""
    return spell.to_day is not None and (day.is_today or spell.to_day <= day.on)


def _told(spells: list[Spell], names: dict[int, Organisation], day: AskedDay) -> list[dict[str, Any]]:
    """The spells begun by the day as a timeline, newest first: what began, where, and how it had ended by then."""
    events = []
    for spell in reversed(spells):
        ended = _ended(spell, day)
        end = f"Đến {vietnamese.day(spell.last_day)}: {spell.get_ended_by_display()}" if ended else "Hiện nay"
        place = f" ({spell.elsewhere})" if spell.elsewhere and (ended or spell.to_day is None) else ""
        start = spell.get_started_by_display()
        title = f"{start[:1].upper()}{start[1:]} · {spell.get_standing_display().lower()}"
        text = f"{names[spell.organisation_id].name}. {end}{place}."
        events.append({"day": spell.from_day, "title": title, "text": text})
    return events


def _papers(access: Access) -> dict[str, Any] | None:
    """What the recognition asks for, of a member whose case was followed here."""
    case = Candidacy.objects.select_related("person").filter(pk=access.spell.candidacy_id).first()
    if case is None:
        return None
    lines = papers_panel.seen_lines(access, case, access.today)
    return papers_panel.panel(access, case, lines, RECOGNITION)


def _on_the_way(spell: Spell) -> bool:
    """Whether clocks are kept: of a probationary member, and of one whose case is here."""
    return spell.standing == Spell.Standing.PROBATIONARY or spell.candidacy_id is not None


def _links(access: Access, way: Way | None, away: TemporaryTransfer | None) -> list[dict[str, str]]:
    spell = access.spell
    links = []
    if way and recognition.may_decide_early(way, access):
        links.append({"label": "Ghi quyết định công nhận", "url": reverse("member_recognise", args=[spell.pk])})
    if not access.may(rights.KEEP_REGISTER):
        return links
    if spell.to_day is None:
        temporarily = "Ghi đã trở về" if away else "Sinh hoạt tạm thời"
        links += [
            {"label": "Chuyển sinh hoạt", "url": reverse("member_transfer", args=[spell.pk])},
            {"label": temporarily, "url": reverse("member_temporary", args=[spell.pk])},
            {"label": "Ra khỏi danh sách", "url": reverse("member_depart", args=[spell.pk])},
        ]
    return [*links, {"label": "Sửa họ tên, ngày sinh", "url": reverse("member_identity", args=[spell.pk])}]
