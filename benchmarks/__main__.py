"""`python -m benchmarks [NAME …]`: each on a scratch database, with DATABASE_URL on that one.

Names: those of RUNS; the HEAVY ones run only where named. Without any, the others on SQLite, then on PostgreSQL where
its programs are installed. Exit code 0 every promise kept, 1 one missed or a measurement broken, 2 an unknown name.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

#: what tmp_pg.sh answers where PostgreSQL is not installed
NO_POSTGRESQL = 77
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measurement:
    """A function of a module of this package, for the `size` that the module names; imported when Django is set up."""

    module: str
    function: str = "run"
    size: str = ""

    def found(self) -> partial[object]:
        module = import_module(f"benchmarks.{self.module}")
        sizes = [getattr(module, self.size)] if self.size else []
        return partial(getattr(module, self.function), *sizes)

    def __call__(self) -> None:
        self.found()()


#: name → measurement, in the order in which they run
RUNS: dict[str, Callable[[], object]] = {
    "tree": Measurement("tree", size="TEN_CITIES"),
    "country": Measurement("tree", size="COUNTRY"),
    "move": Measurement("reorganise"),
    "freeze": Measurement("freeze", size="PROVINCE"),
    "freeze-country": Measurement("freeze", size="COUNTRY"),
    "ledger": Measurement("ledger", "by_province", "TENTH"),
    "ledger-country": Measurement("ledger", "by_province", "COUNTRY"),
    "allocation": Measurement("allocation"),
    "pace": Measurement("pace", "by_province", "TENTH"),
    "pace-country": Measurement("pace", "by_province", "COUNTRY"),
    "import": Measurement("import_workbook"),
    "dashboard": Measurement("dashboard"),
    "city-ledger": Measurement("ledger", "city"),
    "city-pace": Measurement("pace", "city"),
}
#: too heavy unless asked for
HEAVY = ("freeze-country", "ledger-country", "pace-country")


def main(names: list[str]) -> int:
    unknown = set(names) - set(RUNS)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(RUNS)}", file=sys.stderr)
        return 2
    if "DATABASE_URL" in os.environ:
        return _run(names or [name for name in RUNS if name not in HEAVY])
    with tempfile.TemporaryDirectory() as folder:
        on_sqlite = _again(names, ["env", f"DATABASE_URL=sqlite:///{folder}/bench.sqlite3"])
    return verdict((on_sqlite, _again(names, ["bash", str(ROOT / "scripts" / "tmp_pg.sh")])))


def verdict(codes: Iterable[int]) -> int:
    """0 if each database answered 0; one that is not installed is told of and missed by nobody."""
    answers = set(codes)
    if NO_POSTGRESQL in answers:
        print("PostgreSQL is not installed: its benchmarks were SKIPPED", file=sys.stderr)
    return int(bool(answers - {0, NO_POSTGRESQL}))


def _again(names: list[str], prefix: list[str]) -> int:
    return subprocess.run([*prefix, sys.executable, "-m", "benchmarks", *names], cwd=ROOT, check=False).returncode


def _run(names: list[str]) -> int:
    os.environ.setdefault("DEVELOPMENT", "on")
    os.environ.setdefault("TODAY", "2024-10-15")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.measure import missed_in

    call_command("migrate", verbosity=0)
    missed = missed_in(run for name, run in RUNS.items() if name in names)
    for what in missed:
        print(f"MISSED on {connection.vendor}: {what}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
