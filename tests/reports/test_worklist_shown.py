"""The work list where there is much to do: its questions, its first page, its mail."""

import datetime as dt
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cells.log.models import Entry
from membership.models import Candidacy
from reports import worklist
from tests.factories import TODAY, a_city
from tests.lively import lively, the_readers
from tests.pages import text_of

pytestmark = pytest.mark.django_db

D = dt.date


@pytest.fixture(scope="module")
def all_of_it(once):
    def build():
        city = a_city()
        readers = the_readers(city)
        lively(city)
        return city, readers

    return once(build)


@pytest.fixture
def city(all_of_it, db):
    return all_of_it()[0]


@pytest.fixture
def readers(all_of_it, db):
    return all_of_it()[1]


def test_few_questions_however_much_there_is(city, readers):
    counts = {role: [] for role in ("branch", "committee", "board", "standing")}
    for rounds in range(2):
        lively(city) if rounds else None
        for role, asked_before in counts.items():
            readers[role].__dict__.pop("_posts_on", None)
            with CaptureQueriesContext(connection) as asked:
                found = worklist.of(readers[role], TODAY)
            assert found.due or found.elsewhere
            asked_before.append(len(asked))
    assert all(few == more <= 14 for few, more in counts.values())  # posts and the levels of the tree among them


def test_the_first_page_shows_the_nearest_deadline_first_and_the_list_all_under_their_marks(client, city, readers):
    client.force_login(readers["branch"])
    page = client.get("/")
    assert [task["deadline"] for task in page.context["tasks"]][:3] == [D(2024, 8, 1), D(2024, 11, 1), D(2024, 11, 19)]
    text = text_of(page)
    for words in ("quá hạn 75 ngày hạn 01/08/2024", "còn 17 ngày hạn 01/11/2024", "Đang chờ nơi khác (4)"):
        assert words in text
    page = client.get("/viec-can-lam/")
    assert [(title, len(cards)) for title, cards in page.context["groups"]] == [
        ("Quá hạn", 1),
        ("Trong 30 ngày", 1),
        ("Trong 60 ngày", 1),
        ("Việc chưa có hạn", 1),
    ]
    assert "Đang chờ Ban Tổ chức" in text_of(page)


# ---- the mail ------------------------------------------------------------------------------------
@pytest.fixture
def posting(settings):
    settings.SENDS_MAIL = True
    settings.SITE_URL = "https://ket-nap.example"
    settings.DEFAULT_FROM_EMAIL = "ket-nap@example.org"


def _send() -> str:
    out = StringIO()
    call_command("send_digest", stdout=out)
    return out.getvalue().strip()


def test_nothing_is_sent_unless_mail_is_configured(city, readers):
    assert _send() == "Chưa cấu hình thư (EMAIL_URL, EMAIL_FROM, SITE_URL); không gửi gì."
    assert mail.outbox == []


def test_counts_and_links_once_a_day(city, readers, posting, settings):
    for name in ("branch", "board", "body"):
        readers[name].email = f"{name.replace(' ', '-')}@example.org"
        readers[name].save()
    assert _send() == "Đã gửi 2 thư."  # a mass organisation has nothing to do here
    assert [letter.to for letter in mail.outbox] == [["branch@example.org"], ["board@example.org"]]
    letter = mail.outbox[0]
    assert letter.subject == "Việc cần làm ngày 15/10/2024: 1 việc quá hạn"
    assert letter.body.startswith("- Quá hạn: 1\n- Việc khác: 3\n")
    assert "https://ket-nap.example/viec-can-lam/" in letter.body
    names = Candidacy.objects.values_list("person__name", flat=True)
    assert not any(name in letter.body or name in letter.subject for letter in mail.outbox for name in names)
    assert _send() == "Đã gửi 0 thư."
    settings.TODAY = D(2024, 10, 16)
    assert _send() == "Đã gửi 2 thư."
    assert Entry.objects.filter(deed="send_digest").count() == 2


def test_a_mail_that_failed_is_sent_by_the_next_run(city, readers, posting, settings):
    readers["branch"].email = "branch@example.org"
    readers["branch"].save()
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    with pytest.raises(CommandError, match="1 thư không gửi được"):
        _send()
    settings.EMAIL_BACKEND = good
    assert _send() == "Đã gửi 1 thư."


def test_who_may_not_come_in_gets_no_mail(city, readers, posting):
    readers["branch"].email, readers["branch"].is_active = "branch@example.org", False
    readers["branch"].save()
    assert _send() == "Đã gửi 0 thư."
