"""A form sent after the session ended is not lost, and not stored; every page asks for a login."""

import re
from datetime import timedelta
from html import unescape

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from config.idle import SEEN
from config.kept_form import KeptForm, is_own_path
from membership.models import Candidacy
from tests.factories import a_city, a_user
from tests.pages import form_of

FORM = "/ho-so/moi/"
PASSWORD = "mot-mat-khau-du-dai-7"
pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    """A branch secretary, who fills in FORM."""
    user = a_user("branch", a_city().branch)
    user.username = "bi-thu"
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def browser_like():
    """A client that must send the CSRF token, as a browser does."""
    return Client(enforce_csrf_checks=True)


def hidden(response) -> list[tuple[str, str]]:
    """The hidden inputs of a page, in order."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', response.content.decode())
    return [(unescape(name), unescape(value)) for name, value in found]


def encode(pairs) -> dict:
    """The pairs as the test client wants them; names may repeat."""
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return data


def test_what_was_typed_survives_the_end_of_the_session(browser_like, keeper):
    browser_like.force_login(keeper)
    page = browser_like.get(FORM)
    csrf = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.content.decode()).group(1)
    typed = form_of(page) | {"name": "H'Hen “Niê” <1>", "born": "1990", "listed_on": "05/03/2024"}
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    asked = browser_like.post(FORM, typed | {"csrfmiddlewaretoken": csrf})
    assert asked.status_code == 401
    assert asked["Cache-Control"] == "no-store"
    assert Candidacy.objects.count() == 0
    assert csrf not in [value for name, value in hidden(asked) if name == "kept_value"]

    fields = [*hidden(asked), ("username", "bi-thu"), ("password", PASSWORD)]
    resume = browser_like.post("/dang-nhap/", encode(fields))
    assert resume.status_code == 200
    assert f'action="{FORM}"' in resume.content.decode()

    sent = browser_like.post(FORM, encode(hidden(resume)))
    assert sent.status_code == 302
    case = Candidacy.objects.get()
    assert (case.person.name, case.person.born_text) == ("H'Hen “Niê” <1>", "1990")


def test_a_wrong_password_keeps_the_form_and_writes_none_of_it_down(client, keeper):
    asked = client.post(FORM, {"name": "Nguyễn Thị Mẫu"})
    again = client.post("/dang-nhap/", encode([*hidden(asked), ("username", "bi-thu"), ("password", "sai")]))
    assert again.status_code == 200
    assert ("kept_value", "Nguyễn Thị Mẫu") in hidden(again)
    assert "Mẫu" not in unescape(AccessAttempt.objects.get().post_data)
    assert Session.objects.count() == 0


@pytest.mark.parametrize("name", ["password", "old_password", "mat_khau_moi", "csrfmiddlewaretoken", "kept_path"])
def test_secrets_are_not_carried(client, name):
    asked = client.post(FORM, {"name": "Tổ", name: "khong-duoc-giu"})
    assert ("kept_name", "name") in hidden(asked)
    assert "khong-duoc-giu" not in asked.content.decode()


def test_files_are_not_carried_and_the_reader_is_told(client, keeper):
    asked = client.post(FORM, {"name": "Tổ", "file": SimpleUploadedFile("a.xlsx", b"noi dung tep")})
    assert "noi dung tep" not in asked.content.decode()
    fields = [*hidden(asked), ("username", "bi-thu"), ("password", PASSWORD)]
    assert "chọn lại tệp" in client.post("/dang-nhap/", encode(fields)).content.decode()


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        (FORM, True),
        (f"{FORM}?unit=DU1", True),
        ("/quan-tri/", True),
        ("/dang-nhap/", False),
        ("/dang-xuat/", False),
        ("/khong-co-trang-nay-dau/", False),
        ("https://example.org/quan-tri/", False),
        ("//example.org/quan-tri/", False),
        ("/\\example.org/quan-tri/", False),
        ("javascript:alert(1)", False),
        ("quan-tri/", False),
        ("", False),
    ],
)
def test_a_form_is_sent_again_only_to_our_own_pages(path, ours):
    assert is_own_path(path) is ours
    data = QueryDict(mutable=True)
    data.update({"kept_path": path, "kept_name": "name", "kept_value": "Tổ"})
    assert (KeptForm.of_login(data) is not None) is ours


def test_a_login_carrying_a_foreign_path_just_signs_in(client, keeper):
    foreign = {"kept_path": "//example.org/", "kept_name": "name", "kept_value": "x"}
    response = client.post("/dang-nhap/", foreign | {"username": "bi-thu", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_a_page_asked_for_leads_to_the_login_and_back(client, keeper):
    response = client.get(f"{FORM}?a=1")
    assert response.status_code == 302
    assert response["Location"] == f"/dang-nhap/?next={FORM}%3Fa%3D1"
    page = client.get(response["Location"])
    fields = [*hidden(page), ("username", "bi-thu"), ("password", PASSWORD)]
    assert client.post("/dang-nhap/", encode(fields))["Location"] == f"{FORM}?a=1"


@pytest.mark.parametrize("method", ["get", "post"])
def test_htmx_sends_the_whole_page_to_the_login(client, method):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/ho-so/?page=2"}
    response = getattr(client, method)(FORM, headers=headers)
    assert response["HX-Redirect"] == "/dang-nhap/?next=/ho-so/%3Fpage%3D2"


def test_someone_signed_in_is_led_past_the_login(client, keeper):
    client.force_login(keeper)
    assert client.get("/dang-nhap/?next=/quan-tri/")["Location"] == "/quan-tri/"


def test_signing_out_after_the_session_ended_is_no_form_to_keep(client):
    response = client.post("/dang-xuat/")
    assert response.status_code == 302
    assert response["Location"] == "/dang-nhap/"


def test_the_session_ends_after_its_idle_time_and_each_request_renews_it(client, keeper, settings):
    client.force_login(keeper)
    session = client.session
    session[SEEN] -= 61  # it is saved once a minute
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=60))
    answer = client.get(FORM)
    assert Session.objects.get().expire_date > timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE - 60)
    assert answer.cookies["sessionid"]["max-age"] == ""  # gone with the browser
