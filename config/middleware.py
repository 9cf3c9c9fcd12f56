"""What stands between a request and the views."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect

from config.kept_form import KeptForm


def no_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """An address with a NUL names nothing; PostgreSQL would not even be asked for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return get_response(request)

    return answer


class KeepTypedForm(LoginRequiredMiddleware):
    """Every page asks for a login; a form sent after the session ended is answered with a login page that keeps it."""

    def handle_no_permission(  # type: ignore[override] # the stubs know only of a redirect; any response will do
        self, request: HttpRequest, view_func: Callable
    ) -> HttpResponse:
        if request.headers.get("HX-Request") == "true":
            return self._send_browser_to_login(request)
        if request.method == "POST":
            from config.sign_in import ask_again  # its form needs the apps loaded

            return ask_again(request, KeptForm.of_interrupted(request))
        return super().handle_no_permission(request, view_func)

    @staticmethod
    def _send_browser_to_login(request: HttpRequest) -> HttpResponse:
        """htmx would put a login page into a corner of the page, so the whole page goes there and comes back."""
        current = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = f"{current.path}?{current.query}" if current.query else current.path
        return HttpResponseClientRedirect(redirect_to_login(back or "/", resolve_url(settings.LOGIN_URL)).url)


def client_address(request: HttpRequest) -> str:
    """The address of the browser, behind PROXY_COUNT proxies of our own.

    Each of them appends the address it heard from to X-Forwarded-For; what stands further left was written by the
    browser and proves nothing.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT < 1:
        return direct
    heard = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return heard[-settings.PROXY_COUNT] if len(heard) >= settings.PROXY_COUNT else direct
