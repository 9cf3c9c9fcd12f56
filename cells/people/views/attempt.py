"""What the pages of deeds on posts share: try, show what is refused, lead back to the posts of the unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from cells.forms import DeedForm, show_problems
from cells.log import write
from cells.organisations.models import Organisation
from cells.organisations.path import path
from cells.people.forms import FIND, PersonForm
from cells.people.models import Person, User
from cells.verdict import Refused, Verdict

METHODS = ["GET", "HEAD", "POST"]


def posted(request: HttpRequest) -> QueryDict | None:
    """What the form is bound to: what was sent, or None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def require(verdict: Verdict) -> None:
    """403 with the reason, unless the reader may."""
    if not verdict:
        raise PermissionDenied(" ".join(filter(None, (verdict.reason, verdict.who_can))))


def done(request: HttpRequest, form: DeedForm, deed: Callable[[], Any]) -> Any:
    """What the deed gives, with whoever is entered for it; None where it was not asked for or is refused."""
    if request.method != "POST" or FIND in request.POST or not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return deed()
    except Refused as refused:
        show_problems(form, refused)
    except IntegrityError:
        form.add_error(None, "Người khác vừa ghi chức vụ ở tổ chức này; tải lại trang và xem lại.")
    return None


def back(request: HttpRequest, unit: Organisation, sentence: str) -> HttpResponse:
    """To the posts of the unit, with the sentence of what happened."""
    messages.success(request, sentence)
    return redirect("posts", unit.code)


def page(request: HttpRequest, unit: Organisation, form: DeedForm, template: str, **context: Any) -> HttpResponse:
    """The form's page; names that a search shows are logged, and a search shows no errors of the rest."""
    if isinstance(form, PersonForm):
        if form.hits:
            write.read(actor=request.user, subject="search", organisation=unit, count=len(form.hits))
        if FIND in request.POST:
            form._errors = {}  # a search judges nothing yet
    context |= {
        "unit": unit,
        "path": path(unit, form.today),
        "form": form,
        "cancel_url": reverse("posts", args=[unit.code]),
    }
    return render(request, template, context)


def account_note(person: Person) -> str:
    """What is still to be done where somebody cannot sign in yet."""
    if User.objects.filter(person=person, is_active=True).exists():
        return ""
    return " Người này chưa có tài khoản; nhờ người quản trị lập tài khoản."
