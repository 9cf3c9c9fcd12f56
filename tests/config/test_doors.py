"""Lock-out, headers, error pages, the server's own output: what stands at every door."""

import logging
import re

import pytest
from django.test import Client
from django.urls import reverse

from config.logs import PathOnly
from config.middleware import client_address

PASSWORD = "mot-mat-khau-du-dai-7"


@pytest.fixture
def keeper(django_user_model):
    return django_user_model.objects.create_superuser("quan-tri-vien", password=PASSWORD)


def try_login(client: Client, password: str, address: str = "192.0.2.1"):
    return client.post("/dang-nhap/", {"username": "quan-tri-vien", "password": password}, REMOTE_ADDR=address)


@pytest.mark.both_databases
def test_the_fifth_wrong_password_locks_that_account_from_that_address(client, keeper):
    answers = [try_login(client, "sai").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = try_login(client, PASSWORD)
    assert locked.status_code == 429
    assert "khóa 15 phút" in locked.content.decode()
    assert try_login(client, PASSWORD, address="192.0.2.2").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "heard", "address"),
    [
        (0, "198.51.100.7", "192.0.2.1"),  # a header nobody of ours wrote
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),  # the left one is the browser's own claim
        (2, "198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_browsers_address_behind_proxies(rf, settings, proxies, heard, address):
    settings.PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": heard})
    assert client_address(request) == address


@pytest.mark.django_db
def test_every_page_forbids_inline_scripts_frames_and_other_sites(client):
    response = client.get("/dang-nhap/")
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    body = response.content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", body)


@pytest.mark.django_db
def test_an_unknown_address_is_answered_in_vietnamese(client, keeper):
    client.force_login(keeper)
    response = client.get("/khong-co-trang-nay-dau/")
    assert response.status_code == 404
    assert "Không tìm thấy" in response.content.decode()


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_vietnamese():
    response = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "chưa ghi gì" in response.content.decode()


@pytest.mark.parametrize("code", ["400", "403", "404"])
@pytest.mark.django_db
def test_error_pages_render_for_anyone(rf, code):
    from django.contrib.auth.models import AnonymousUser
    from django.views import defaults

    request = rf.get("/")
    request.user = AnonymousUser()
    view = {"400": defaults.bad_request, "403": defaults.permission_denied, "404": defaults.page_not_found}[code]
    response = view(request, Exception("mot-chi-tiet-khong-duoc-lo"))
    assert response.status_code == int(code)
    assert reverse("home") in response.content.decode()
    told = "mot-chi-tiet" in response.content.decode()
    assert told is (code == "403")  # a refusal says why, in words of ours; what broke is nobody's business


def test_the_page_of_a_broken_server_needs_nothing(rf):
    from django.views.defaults import server_error

    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Máy chủ gặp lỗi" in response.content.decode()


def test_the_request_line_in_the_output_has_no_query():
    record = logging.LogRecord(
        "django.server", logging.INFO, "", 0, '"%s" %s %s', ("GET /tim/?q=Mẫu+A HTTP/1.1", "200", "9"), None
    )
    assert PathOnly().filter(record)
    assert record.getMessage() == '"GET /tim/ HTTP/1.1" 200 9'


def test_passwords_are_hashed_with_argon2_of_bounded_memory():
    from config.passwords import Argon2

    hashed = Argon2().encode(PASSWORD, "muoi-thu-nghiem")
    assert hashed.startswith("argon2$argon2id$")
    assert "m=47104" in hashed
    assert Argon2().verify(PASSWORD, hashed)
    assert not Argon2().verify("sai", hashed)


def test_deploying_with_development_switches_is_refused(settings):
    from config.checks import production_is_production

    settings.LOCAL, settings.LOG_KEY = True, settings.SECRET_KEY
    assert [error.id for error in production_is_production(None)] == ["config.E001", "config.E002", "config.E003"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "address", ["/don-vi/%00/", "/ho-so/?unit=%00", "/ho-so/moi/?unit=a%00", "/chuong-trinh/?unit=%00"]
)
def test_an_address_with_a_nul_names_nothing(client, keeper, address):
    """PostgreSQL would refuse to look for it, and the page end in an error."""
    client.force_login(keeper)
    assert client.get(address).status_code == 404
