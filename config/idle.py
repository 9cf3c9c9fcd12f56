"""The idle time-out: a session lives SESSION_COOKIE_AGE after the last request.

Saving it at every request would make each page a write, and on SQLite one writer waits for another:
it is saved at most once a minute, so a session may end up to a minute early.
"""

import time
from collections.abc import Callable

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

SEEN = "seen"
A_MINUTE = 60


class KeepSession:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and time.time() - request.session.get(SEEN, 0) > A_MINUTE:
            request.session[SEEN] = time.time()
        return self.get_response(request)


@receiver(user_logged_in)
def begin(sender: type, request: HttpRequest, **kwargs: object) -> None:
    request.session[SEEN] = time.time()
