#!/usr/bin/env bash
# tmp_pg.sh COMMAND...: runs COMMAND with the DATABASE_URL of a throw-away PostgreSQL: unix socket only, no port,
# gone when COMMAND ends. Exit code 77 where no PostgreSQL server is installed, else that of COMMAND.
set -euo pipefail

bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -1 || true)
if [ -z "$bin" ]; then
    initdb=$(command -v initdb || true)
    [ -n "$initdb" ] || { echo "no PostgreSQL server programs found" >&2; exit 77; }
    bin=$(dirname "$(readlink -f "$initdb")")
fi

dir=$(mktemp -d /tmp/pg.XXXXXX)   # short: a socket's path may have 107 bytes
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then       # the server refuses to run as root
    chown postgres "$dir"
    as_owner() { setpriv --reuid=postgres --regid=postgres --init-groups env -i PATH="$PATH" LANG=C.UTF-8 "$@"; }
fi
stop() {
    as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap stop EXIT

from=$PWD
cd "$dir"
as_owner "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
as_owner "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
    -o "-k $dir -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off" \
    start >/dev/null || { cat "$dir/log" >&2; exit 1; }
cd "$from"
DATABASE_URL="postgres://postgres@/postgres?host=$dir" "$@"
