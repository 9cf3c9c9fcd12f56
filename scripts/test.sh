#!/usr/bin/env bash
# test.sh BIN marked|all [pytest arguments]: everything on SQLite, then on a throw-away PostgreSQL the tests marked
# `both_databases` (or all). Says loudly what cannot be run; the last line is pytest's own.
set -euo pipefail
bin=$1
which=$2
shift 2
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
workers=${WORKERS:-2}
if [ "$which" = all ]; then
    export PROPERTY_TIMES=${PROPERTY_TIMES:-3}   # so many times the random histories, other ones each time
    export EVERYWHERE=${EVERYWHERE:-1}           # the walks of rights and of axe at every unit and in both widths
fi
unset PYTHONDONTWRITEBYTECODE   # tests start many processes: each would compile every module anew
missing=()

if ! "$bin/python" -m tests.chromium >/dev/null 2>&1; then
    missing+=("no Chromium: the tests in a real browser did not run (apt-get install chromium)")
fi
on_postgresql=1
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || on_postgresql=0
[ "$on_postgresql" = 1 ] ||
    missing+=("no PostgreSQL programs: nothing ran on PostgreSQL (apt-get install postgresql postgresql-contrib)")

for line in "${missing[@]}"; do echo "!!! SKIPPED: $line" >&2; done
echo "== SQLite: everything"
status=0
env -u DATABASE_URL "$bin/python" -m pytest -n "$workers" "$@" || status=$?

if [ "$on_postgresql" = 1 ]; then
    marked=(-m both_databases)
    [ "$which" = marked ] && [ $# = 0 ] && mapfile -t -O 2 marked < <(grep -rl --include=test_*.py both_databases tests)
    [ "$which" = marked ] || marked=()
    echo "== PostgreSQL: ${marked[*]:-everything}"
    code=0
    bash scripts/tmp_pg.sh "$bin/python" -m pytest -n "$workers" "${marked[@]}" "$@" || code=$?
    [ "$code" = 5 ] && [ "$which" = marked ] && code=0   # no marked test among those asked for
    [ "$status" != 0 ] || status=$code
fi
exit "$status"
