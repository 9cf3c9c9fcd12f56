"""`manage.py freeze_base`: what it writes, says and exits with."""

import pytest
from django.core.management import CommandError, call_command

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
    assert [(base.organisation, base.total) for base in Base.objects.all()] == [(city.branch, 1)]


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
    ("code", "year", "says"),
    [
        ("KHONG", "2024", "Không có tổ chức mã «KHONG»."),
        ("TU", "2025", "Năm 2025 chưa đến"),
        ("TU", "24", "Năm «24» không hợp lệ."),
        ("TU", "1900", "Năm 1900 không hợp lệ."),
    ],
)
def test_what_cannot_be_frozen(city, code, year, says):
    with pytest.raises(CommandError, match=says) as wrong:
        _run("--organisation", code, "--year", year)
    assert wrong.value.returncode == 2
    assert not Base.objects.exists()
