#!/usr/bin/env bash
# venv.sh DIRECTORY LOCK: a virtual environment in DIRECTORY with exactly the hashed packages of LOCK added.
# uv installs when it can be had, plain pip otherwise; both read the same lock.
set -euo pipefail
venv=$1
lock=$2
python=${PYTHON:-python3}
here=$(cd "$(dirname "$0")/.." && pwd)

fail() { echo "$*" >&2; exit 1; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "Python 3.11 or newer is needed: make setup PYTHON=/path/to/python3.11"

# A moved or half-made environment, or one whose interpreter is gone, is made again.
if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    rm -rf "$venv"
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"
    "$python" -m venv "$venv"
fi

if [ ! -x "$venv/bin/uv" ]; then
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes \
        -r "$here/requirements/uv.txt" || echo "uv cannot be had: pip installs instead, which is slower" >&2
fi
if [ -x "$venv/bin/uv" ]; then
    VIRTUAL_ENV=$(cd "$venv" && pwd) "$venv/bin/uv" pip install -q --require-hashes -r "$lock"
else
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
fi
