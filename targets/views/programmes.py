"""Entering programmes and their targets: for whoever may set them at the top."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells.forms import DeedForm, RowForm
from cells.organisations.access import forbid
from cells.people import rights
from cells.people.models import User
from config import clock
from membership.views.deeds import FORM_METHODS, attempt, posted
from targets import programmes as deeds
from targets.closed import closed_years, years_text
from targets.models import Programme, Target
from targets.programme_forms import ProgrammeForm, RemovalForm, TargetForm
from targets.words import in_words


@require_http_methods(FORM_METHODS)
def programme_new(request: HttpRequest) -> HttpResponse:
    """A programme without targets yet; they are entered next."""
    actor, today = _setter(request), clock.today()
    form = ProgrammeForm(posted(request), today=today)
    made = attempt(form, lambda: deeds.enter_programmes([form.line()], actor=actor, today=today))
    if made:
        messages.success(request, f"Đã ghi chương trình «{made[0].title}». Ghi tiếp từng chỉ tiêu của chương trình.")
        return redirect("target_new", made[0].pk)
    return _page(request, form, title="Thêm chương trình chỉ tiêu", deed="Ghi chương trình")


@require_http_methods(FORM_METHODS)
def programme_edit(request: HttpRequest, programme: int) -> HttpResponse:
    actor, today, row = _setter(request), clock.today(), Programme.objects.filter(pk=programme).first()
    if row is None:
        return _lost(request, ProgrammeForm(posted(request), today=today), title="Sửa chương trình")
    form = ProgrammeForm(posted(request), row=row, today=today)
    if attempt(form, lambda: deeds.enter_programmes([form.line()], actor=actor, today=today, reason=form.reason)):
        return _back(request, f"Đã ghi chương trình «{row.title}»; nội dung trước đó còn trong nhật ký.")
    return _page(request, form, title="Sửa chương trình", lead=row.title, deed="Ghi chương trình", remove=_remove(row))


@require_http_methods(FORM_METHODS)
def programme_remove(request: HttpRequest, programme: int) -> HttpResponse:
    """What goes with a programme; it goes once that is confirmed."""
    actor, today, row = _setter(request), clock.today(), get_object_or_404(Programme, pk=programme)
    gone = [in_words(target) for target in row.targets.select_related("sector")]
    form = RemovalForm(_confirmed(request), programme=row, gone=gone, today=today)
    if attempt(form, lambda: deeds.remove_programmes([row], actor=actor, today=today, reason=form.reason)):
        return _back(request, f"Đã xóa chương trình «{row.title}»; nội dung còn trong nhật ký.")
    return _confirm(request, form, row, gone, title="Xóa chương trình", deed="Xóa chương trình và chỉ tiêu")


@require_http_methods(FORM_METHODS)
def target_new(request: HttpRequest, programme: int) -> HttpResponse:
    actor, today, row = _setter(request), clock.today(), get_object_or_404(Programme, pk=programme)
    form = TargetForm(posted(request), programme=row, today=today)
    made = attempt(
        form, lambda: deeds.enter_targets([form.target_line(row)], actor=actor, today=today, reason=form.reason)
    )
    if made:
        messages.success(request, f"Đã ghi chỉ tiêu: {in_words(made[0])}")
        return redirect("target_new", row.pk) if "another" in request.POST else redirect("programmes")
    return _page(
        request,
        form,
        title="Thêm chỉ tiêu",
        lead=row.title,
        deed="Ghi chỉ tiêu",
        another=True,
        ended=_ended(row, today),
    )


@require_http_methods(FORM_METHODS)
def target_edit(request: HttpRequest, target: int) -> HttpResponse:
    actor, today, row = _setter(request), clock.today(), _targets().filter(pk=target).first()
    if row is None:
        return _lost(request, TargetForm(posted(request), programme=None, today=today), title="Sửa chỉ tiêu")
    form = TargetForm(posted(request), row=row, programme=row.programme, today=today)
    line = form.target_line
    if attempt(form, lambda: deeds.enter_targets([line(row.programme)], actor=actor, today=today, reason=form.reason)):
        return _back(request, f"Đã ghi chỉ tiêu: {in_words(row)} Nội dung trước đó còn trong nhật ký.")
    return _page(
        request,
        form,
        title="Sửa chỉ tiêu",
        lead=row.programme.title,
        deed="Ghi chỉ tiêu",
        remove=_remove(row),
        ended=_ended(row.programme, today),
    )


@require_http_methods(FORM_METHODS)
def target_remove(request: HttpRequest, target: int) -> HttpResponse:
    """What goes; it goes once that is confirmed."""
    actor, today, row = _setter(request), clock.today(), get_object_or_404(_targets(), pk=target)
    said = in_words(row)
    form = RemovalForm(_confirmed(request), programme=row.programme, gone=[said], today=today)
    if attempt(form, lambda: deeds.remove_targets([row], actor=actor, today=today, reason=form.reason)):
        return _back(request, f"Đã xóa chỉ tiêu «{said}»; nội dung còn trong nhật ký.")
    return _confirm(request, form, row.programme, [said], title="Xóa chỉ tiêu", deed="Xóa chỉ tiêu này")


def _setter(request: HttpRequest) -> User:
    """The reader, who may set targets; 403 for anybody else."""
    reader = cast(User, request.user)
    if not deeds.may_set(reader, on=clock.today()):
        forbid(rights.SET_TARGETS)
    return reader


def _targets() -> QuerySet[Target]:
    return Target.objects.select_related("programme", "sector")


def _lost(request: HttpRequest, form: RowForm, *, title: str) -> HttpResponse:
    """What was typed, where the row went while its form was open; 404 where nothing was typed."""
    if not form.is_bound:
        raise Http404
    form.is_valid()
    form.add_error(None, "Người khác vừa xóa mục này. Nội dung đồng chí gõ còn dưới đây; muốn có lại thì thêm mới.")
    form.stale = True
    return _page(request, form, title=title)


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("programmes")


def _page(request: HttpRequest, form: DeedForm, **context: Any) -> HttpResponse:
    context |= {"form": form, "cancel_url": reverse("programmes")}
    return render(request, "targets/programme_form.html", context, status=409 if form.stale else 200)


def _confirmed(request: HttpRequest) -> Any:
    return request.POST if "confirm" in request.POST else None


def _confirm(
    request: HttpRequest, form: RemovalForm, programme: Programme, gone: list[str], **context: Any
) -> HttpResponse:
    context |= {
        "form": form,
        "programme": programme,
        "gone": gone,
        "closed": years_text(closed_years(programme, clock.today())) if gone else "",
        "cancel_url": reverse("programmes"),
    }
    return render(request, "targets/programme_remove.html", context, status=409 if form.stale else 200)


def _remove(row: Programme | Target) -> str:
    return reverse("programme_remove" if isinstance(row, Programme) else "target_remove", args=[row.pk])


def _ended(programme: Programme, today: Any) -> str:
    return deeds.ENDED.format(year=programme.to_year) if programme.to_year < today.year else ""
