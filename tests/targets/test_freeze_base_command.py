"""`manage.py freeze_base`: what it writes, says and exits with."""

import pytest
from django.core.management import CommandError, call_command

from cells.log.models import Entry
from targets.models import Base
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    city = factories.a_city()
    factories.a_full_member(city.branch)
    return city


def _run(*options):
    call_command("freeze_base", *options)


def test_check_writes_nothing_and_freezing_may_be_repeated(city, capsys):
    asked = ("--organisation", "TU", "--year", "2024")
    _run(*asked, "--check")
    assert "Sẽ chốt số đầu năm 2024 của 1 tổ chức." in capsys.readouterr().out
    assert not Base.objects.exists()
    _run(*asked)
    said = capsys.readouterr().out
    assert "Đã chốt số đầu năm 2024 của 1 tổ chức." in said
    assert "Không có sổ nên không chốt: 4." in said
    _run(*asked)
    assert "Đã có số từ trước, giữ nguyên: 1." in capsys.readouterr().out
    assert list(Base.objects.values_list("organisation", "total", "made_by")) == [(city.branch.pk, 1, None)]


def test_an_account_freezes_what_it_declares_for_and_is_named(city, capsys):
    factories.a_full_member(city.outside)
    actor = factories.a_user("committee", city.committee)
    asked = ("--organisation", "DU1", "--year", "2024", "--as", actor.username)
    _run(*asked, "--check")
    assert "Sẽ chốt số đầu năm 2024 của 1 tổ chức." in capsys.readouterr().out
    _run(*asked)
    _run("--organisation", "TU", "--year", "2024")
    made = dict(Base.objects.values_list("organisation__code", "made_by"))
    assert made == {"DU1-01": actor.pk, "DU2-02": None}
    assert [entry.actor for entry in Entry.objects.filter(deed="freeze_bases").order_by("pk")] == [actor, None]


@pytest.mark.parametrize("more", [(), ("--check",)])
def test_a_register_that_changed_since_is_told_by_the_exit_code(city, capsys, more):
    _run("--organisation", "TU", "--year", "2024")
    factories.a_full_member(city.branch)
    with pytest.raises(SystemExit) as left:
        _run("--organisation", "TU", "--year", "2024", *more)
    assert left.value.code == 1
    assert "DU1-01: đã chốt 1, sổ 2" in capsys.readouterr().err
    assert Base.objects.get().total == 1


@pytest.mark.parametrize(
    ("code", "year", "username", "says"),
    [
        ("KHONG", "2024", "", "Không có tổ chức mã «KHONG»."),
        ("TU", "2025", "", "Năm 2025 chưa đến"),
        ("TU", "24", "", "Năm «24» không hợp lệ."),
        ("TU", "1900", "", "Năm 1900 không hợp lệ."),
        ("TU", "2024", "khong-co", "Không có tài khoản «khong-co»."),
        ("TU", "2024", "chi-bo", "Tài khoản «chi-bo» không có quyền khai số liệu ở tổ chức này."),
    ],
)
def test_what_cannot_be_frozen(city, code, year, username, says):
    factories.a_user("branch", city.branch, username="chi-bo")
    with pytest.raises(CommandError, match=says) as wrong:
        _run("--organisation", code, "--year", year, *(("--as", username) if username else ()))
    assert wrong.value.returncode == 2
    assert not Base.objects.exists()
