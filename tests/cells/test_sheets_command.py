"""`manage.py import_workbook`: exit codes, what it prints, what is kept, and what a kill leaves behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from cells.models import Entry
from cells.organisations.models import Organisation
from tests import workbooks
from tests.workbooks import CITY

BAD = ("X", "Chi bộ X", "TU", "loại lạ")
ROOT = Path(__file__).resolve().parents[2]

# A workbook goes in with a last sheet whose loader kills the process, all else being written by then.
KILLED = """
import os, sys
import django
django.setup()
from django.core.management import call_command
from cells.sheets import sheet
from cells.sheets.values import Text
from cells.organisations.models import Organisation

def die(session, rows):
    assert Organisation.objects.count() == 5
    os.kill(os.getpid(), 9)

column = sheet.Column("word", "Từ", Text(10)), sheet.Column("other", "Khác", Text(10))
sheet.register(die, sheet.Sheet("Giua chung", column, list), after=tuple(known.name for known in sheet.sheets()))
call_command("import_workbook", sys.argv[1])
"""


@pytest.fixture
def run(tmp_path, capsys):
    """Runs the command on a workbook of these sheets: exit code, what it printed, its complaints."""

    def command(sheets, *options):
        path = workbooks.write(tmp_path / "file.xlsx", sheets)
        code = 0
        try:
            call_command("import_workbook", str(path), *options)
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return code, out.splitlines(), err.splitlines()

    return command


@pytest.mark.django_db
def test_done_is_0_and_a_second_time_says_that_nothing_changed(run):
    first = run({"To chuc": CITY})
    second = run({"To chuc": CITY})
    assert first == (0, ["To chuc: 5 mới, 0 thay đổi, 0 không đổi, 0 bị từ chối"], [])
    assert second == (0, ["To chuc: 0 mới, 0 thay đổi, 5 không đổi, 0 bị từ chối"], [])
    assert Entry.objects.filter(deed="import_workbook").count() == 1


@pytest.mark.django_db
def test_several_sheets_have_a_sum(run):
    sheets = {"To chuc": CITY, "So lieu dau nam": [("A", 2024, 50)]}
    assert run(sheets)[1][-1] == "Tổng cộng: 6 mới, 0 thay đổi, 0 không đổi, 0 bị từ chối"
    assert run(sheets)[1][-1] == "Tổng cộng: 0 mới, 0 thay đổi, 6 không đổi, 0 bị từ chối"


@pytest.mark.django_db
def test_a_check_does_everything_and_keeps_nothing(run):
    code, out, _ = run({"To chuc": CITY}, "--check")
    assert (code, out[0]) == (0, "To chuc: 5 mới, 0 thay đổi, 0 không đổi, 0 bị từ chối")
    assert not Organisation.objects.exists()
    assert run({"To chuc": [*CITY, BAD]}, "--check")[0] == 1


@pytest.mark.django_db
def test_refused_rows_are_1_and_nothing_is_written_unless_asked(run):
    code, _, complaints = run({"To chuc": [*CITY, BAD]})
    assert code == 1
    assert len(complaints) == 1
    assert complaints[0].startswith("To chuc!D7: «loại lạ» không có trong danh sách:")
    assert not Organisation.objects.exists()
    assert run({"To chuc": [*CITY, BAD]}, "--good-rows-only")[0] == 1
    assert Organisation.objects.count() == 5


@pytest.mark.django_db
def test_an_unusable_file_and_an_unknown_actor_are_2(run, tmp_path, capsys):
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(SystemExit) as end:
        call_command("import_workbook", str(tmp_path / "file.txt"))
    assert end.value.code == 2
    assert capsys.readouterr().err == "Tệp không phải là Excel .xlsx.\n"
    assert run({"To chuc": CITY}, "--as", "khong-co")[0] == 2
    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_the_log_names_the_actor(run, django_user_model):
    django_user_model.objects.create_user("can-bo", password="mot-mat-khau-du-dai-7")
    run({"To chuc": CITY}, "--as", "can-bo")
    assert {entry.actor.username for entry in Entry.objects.all()} == {"can-bo"}


def test_a_kill_in_the_middle_leaves_nothing(tmp_path):
    path = workbooks.write(
        tmp_path / "file.xlsx",
        {"To chuc": [workbooks.TO_CHUC, *CITY], "Giua chung": [("Từ", "Khác"), ("a", "b")]},
        headers=False,
    )
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}

    def manage(*arguments):
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    assert manage("manage.py", "migrate", "-v0", "--skip-checks").returncode == 0
    killed = manage("-c", KILLED, str(path))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    count = "from cells.organisations.models import Organisation as O; print(O.objects.count())"
    counted = manage("manage.py", "shell", "--no-imports", "-c", count)
    assert counted.stdout.split() == ["0"], counted.stderr
