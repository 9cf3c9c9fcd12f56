"""The runner of the measurements: whoever misses a promise is told by the exit code, not only in a line."""

import inspect
import os
import time

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.measure import compare, say

FAST, SLOW = (lambda: None), (lambda: time.sleep(0.002))


@pytest.fixture
def on_this_database(monkeypatch):
    """As `make bench` runs itself once more for each database."""
    for name in ("DATABASE_URL", "DEVELOPMENT", "TODAY"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


#: what is measured → what its line says of the promise, and the exit code
LINES = {
    "kept": (lambda: compare("tiny", FAST, SLOW, most=2, times=1), "(promised ≤ 2)\n", 0),
    "missed": (lambda: compare("tiny", SLOW, FAST, most=2, times=1), "(promised ≤ 2)  MISSED\n", 1),
    "nothing promised": (lambda: compare("tiny", SLOW, FAST, times=1), "(for information)\n", 0),
    "memory kept": (lambda: say("tiny: 500 MB", 500, 500), "(promised ≤ 500)\n", 0),
    "memory missed": (lambda: say("tiny: 501 MB", 501, 500), "(promised ≤ 500)  MISSED\n", 1),
}


@pytest.mark.django_db
@pytest.mark.usefixtures("on_this_database")
@pytest.mark.parametrize(("run", "says", "code"), LINES.values(), ids=LINES)
def test_a_missed_promise_is_the_exit_code(monkeypatch, capsys, run, says, code):
    monkeypatch.setitem(benchmarks.RUNS, "tiny", run)
    assert benchmarks.main(["tiny"]) == code
    said = capsys.readouterr()
    assert said.out.startswith("tiny")
    assert said.out.endswith(says)
    assert said.err.startswith("MISSED on ") is bool(code)


@pytest.mark.parametrize(
    ("codes", "code"), [((0, 0), 0), ((1, 0), 1), ((0, 1), 1), ((0, 77), 0), ((1, 77), 1), ((0, -9), 1)]
)
def test_each_database_has_its_say(codes, code):
    assert benchmarks.verdict(codes) == code


def test_every_name_leads_to_a_function_and_what_it_takes():
    assert set(benchmarks.HEAVY) < set(benchmarks.RUNS)
    for measurement in benchmarks.RUNS.values():
        found = measurement.found()
        inspect.signature(found.func).bind(*found.args)
