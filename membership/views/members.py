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
from membership import register, units
from membership.forms.filters import MemberFilter
from membership.forms.members import DepartForm, ReceiveForm, RecogniseForm, TransferForm
from membership.models import Candidacy, Spell
from membership.register import Change
from membership.views import clocks, lists
from membership.views.access import Access, of_member
from membership.views.corrections import identity_page
from membership.views.deeds import FORM_METHODS, attempt, page, posted, say

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
    form = MemberFilter(request.GET, units=chosen)
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
    context = access.frame() | {
        "spell": spell,
        "lead": _lead(access),
        "facts": _facts(access),
        "events": _told(spells, names, access.day),
        "hidden": whole.count() - len(spells),
        "case": cases.filter(pk=spell.candidacy_id).first(),
        "links": _links(access),
        "recognise_url": _recognise_url(access),
        "clocks": clocks.panel(access) if spells and _on_the_way(spells[-1]) else None,
    }
    return render(request, "membership/member.html", context)


@require_http_methods(FORM_METHODS)
def member_recognise(request: HttpRequest, pk: int) -> HttpResponse:
    """A probationary member becomes a full one."""
    access = _keeper(request, pk)
    form = RecogniseForm(posted(request), today=access.today)
    if request.method == "POST":
        done = attempt(form, lambda: _recognise(form, pk, request, access))
        if done:
            say(request, f"Đã ghi {_name(access)} là đảng viên chính thức từ ngày {_day(form)}.")
            return redirect(done[0])
    return _page(request, form, access, "Công nhận chính thức", "Ghi công nhận chính thức")


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
    found = lists.in_unit(found, form.chosen("unit"), chosen, day)
    if form.chosen("standing"):
        found = found.filter(standing=form.chosen("standing"))
    return found


def _keeper(request: HttpRequest, pk: int) -> Access:
    """The spell, for a reader who keeps the register of its unit."""
    access = of_member(request, pk)
    access.require(rights.KEEP_REGISTER)
    return access


def _recognise(form: RecogniseForm, pk: int, request: HttpRequest, access: Access):
    values = form.cleaned_data
    change = Change(pk, values["day"], number=values["number"], decided_on=values["decided_on"])
    return register.recognise([change], actor=request.user, today=access.today)


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


def _page(request: HttpRequest, form, access: Access, title: str, deed: str) -> HttpResponse:
    if request.method != "POST" and access.spell.to_day is not None:
        messages.info(request, "Biến động của người này ở chi bộ đã được ghi.")
        return redirect(access.spell)
    lead = f"{_name(access)} · {access.unit.name}"
    return page(request, form, access, title=title, lead=lead, deed=deed, cancel_url=access.spell.get_absolute_url())


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


def _facts(access: Access) -> list[dict[str, Any]]:
    spell = access.spell
    decided, ceremony = (vietnamese.day(day) if day else "" for day in (spell.decided_on, spell.ceremony_on))
    return [
        {"name": "Ngày sinh", "value": spell.person.born_text},
        {"name": "Giới tính", "value": spell.person.get_sex_display()},
        {"name": "Dân tộc", "value": spell.person.ethnicity},
        {"name": "Quyết định kết nạp", "value": " ".join(part for part in (spell.decision_number, decided) if part)},
        {"name": "Lễ kết nạp", "value": ceremony},
    ]


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


def _recognise_url(access: Access) -> str:
    """Where the main button leads: the recognition of a probationary member, "" where there is none to do."""
    spell = access.spell
    due = spell.to_day is None and spell.standing == Spell.Standing.PROBATIONARY
    return reverse("member_recognise", args=[spell.pk]) if due and access.may(rights.KEEP_REGISTER) else ""


def _on_the_way(spell: Spell) -> bool:
    """Whether clocks are kept: of a probationary member, and of one whose case is here."""
    return spell.standing == Spell.Standing.PROBATIONARY or spell.candidacy_id is not None


def _links(access: Access) -> list[dict[str, str]]:
    spell = access.spell
    if not access.may(rights.KEEP_REGISTER):
        return []
    links = [{"label": "Sửa họ tên, ngày sinh", "url": reverse("member_identity", args=[spell.pk])}]
    if spell.to_day is not None:
        return links
    links.insert(0, {"label": "Ra khỏi danh sách", "url": reverse("member_depart", args=[spell.pk])})
    links.insert(0, {"label": "Chuyển sinh hoạt", "url": reverse("member_transfer", args=[spell.pk])})
    return links
