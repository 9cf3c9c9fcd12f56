"""`python -m benchmarks [NAME …]`: each on a scratch database, with DATABASE_URL on that one.

Names: those of NAMES and HEAVY; the heavy ones run only where named. Without any, the others on SQLite, then on
PostgreSQL where its programs are installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = (
    "tree",
    "country",
    "move",
    "freeze",
    "ledger",
    "pace",
    "dashboard",
    "city-ledger",
    "city-pace",
    "allocation",
    "import",
)
#: too heavy unless asked for
HEAVY = ("freeze-country", "ledger-country", "pace-country")
ROOT = Path(__file__).resolve().parent.parent


def main(names: list[str]) -> int:
    unknown = set(names) - {*NAMES, *HEAVY}
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join((*NAMES, *HEAVY))}", file=sys.stderr)
        return 2
    if "DATABASE_URL" in os.environ:
        _run(names or list(NAMES))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        _again(names, ["env", f"DATABASE_URL=sqlite:///{folder}/bench.sqlite3"])
    if _again(names, ["bash", str(ROOT / "scripts" / "tmp_pg.sh")]) == 77:
        print("PostgreSQL is not installed: its benchmarks were SKIPPED", file=sys.stderr)
    return 0


def _again(names: list[str], prefix: list[str]) -> int:
    return subprocess.run([*prefix, sys.executable, "-m", "benchmarks", *names], cwd=ROOT, check=False).returncode


def _run(names: list[str]) -> None:
    os.environ.setdefault("DEVELOPMENT", "on")
    os.environ.setdefault("TODAY", "2024-10-15")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks import allocation, dashboard, freeze, import_workbook, ledger, pace, reorganise, tree

    runs = {
        "tree": lambda: tree.run(tree.TEN_CITIES),
        "country": lambda: tree.run(tree.COUNTRY),
        "move": lambda: reorganise.run(tree.COUNTRY),
        "freeze": lambda: freeze.run(freeze.PROVINCE),
        "freeze-country": lambda: freeze.run(freeze.COUNTRY),
        "ledger": lambda: ledger.by_province(ledger.TENTH),
        "ledger-country": lambda: ledger.by_province(ledger.COUNTRY),
        "allocation": allocation.run,
        "pace": lambda: pace.by_province(pace.TENTH),
        "pace-country": lambda: pace.by_province(pace.COUNTRY),
        "import": import_workbook.run,
        "dashboard": dashboard.run,
        "city-ledger": ledger.city,
        "city-pace": pace.city,
    }
    for name in (name for name in runs if name in names):
        runs[name]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
