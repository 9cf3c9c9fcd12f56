#!/usr/bin/env bash
# lint.sh BIN: every check that needs no test run; all of them run, the exit code says whether all were silent.
set -uo pipefail
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
failed=()

check() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

# Settings as a server would have them: made-up secrets, everything else the default of production.
in_production() {
    env -u DEBUG -u DEVELOPMENT -u TODAY -u DATABASE_URL \
        SECRET_KEY="$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        LOG_KEY="$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        ALLOWED_HOSTS=ket-nap.example \
        "$bin/python" -W ignore::UserWarning manage.py "$@"
}

export DEVELOPMENT=on
check "style" "$bin/ruff" check .
check "format" "$bin/ruff" format --check .
check "import contracts" "$bin/lint-imports"
check "templates" "$bin/djlint" --lint --quiet templates
check "types" "$bin/mypy"
check "migrations" "$bin/python" manage.py makemigrations --check --dry-run
check "production settings" in_production check --deploy --fail-level WARNING

[ ${#failed[@]} = 0 ] && exit 0
printf 'Not clean: %s\n' "${failed[*]}" >&2
exit 1
