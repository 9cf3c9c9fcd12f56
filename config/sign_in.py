"""The login page, and the page that sends a kept form on its way."""

import logging

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cells.organisations.reorganise.waiting import carry_out
from config import clock
from config.kept_form import KeptForm

logger = logging.getLogger(__name__)


class SignInForm(AuthenticationForm):
    """Django's login form in this product's words."""

    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Hãy gõ lại; mật khẩu phân biệt chữ hoa, chữ thường.",
        "inactive": "Tài khoản này đã ngừng dùng. Hãy liên hệ Ban Tổ chức Thành ủy.",
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["password"].label = "Mật khẩu"


class SignIn(LoginView):
    """Signs in; where the login page carried an interrupted form, the next page offers to send it again."""

    template_name = "cells/login.html"
    authentication_form = SignInForm

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict[str, object]:
        kept = KeptForm.of_login(self.request.POST)
        return super().get_context_data(**kwargs) | (kept.context() if kept else {})

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        kept = KeptForm.of_login(self.request.POST)
        response = super().form_valid(form)
        _begin_the_day()
        return render(self.request, "cells/resume.html", kept.context()) if kept else response


def _begin_the_day() -> None:
    """Do what waited for today: an office may have no nightly timer. Nobody is kept out because it failed, or waits."""
    try:
        carry_out(today=clock.today(), wait=False)
    except Exception:
        logger.exception("operations that wait for their day were not carried out")


def ask_again(request: HttpRequest, kept: KeptForm) -> HttpResponse:
    """The login page (401) that carries `kept`."""
    context = {"form": SignInForm(request), "interrupted": True} | kept.context()
    response = render(request, "cells/login.html", context, status=401)
    response["Cache-Control"] = "no-store"
    return response


def locked(request: HttpRequest, response: HttpResponse | None, credentials: dict | None) -> HttpResponse:
    """The page (429) after too many wrong passwords; axes calls it."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"failure_limit": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    return render(request, "cells/locked.html", context, status=settings.AXES_HTTP_RESPONSE_CODE)
