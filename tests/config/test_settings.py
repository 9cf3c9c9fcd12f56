"""What the settings refuse and what they derive, each in a process of its own as a server would start."""

import os
import subprocess
import sys

import pytest

STRONG = "q7Zc1-rT9_wXv3LkP0sDfGhJ2bN4mQeR6tYuI8oAaSdFgHjKlZxCvBnM"
OTHER = "m3Kd8_vQ2-pLx7RtY0wZsJhG5fN1bCeU9aTiO4xAsDqFlHkWzXyVnBgM"
PRODUCTION = {"SECRET_KEY": STRONG, "LOG_KEY": OTHER, "ALLOWED_HOSTS": "ket-nap.example"}
OURS = ("DEBUG", "DEVELOPMENT", "TODAY", "ZEAL", "DATABASE_URL", "PASSWORD_HASHERS", "LOG_LEVEL", *PRODUCTION)


def ask(expression: str, **environment: str) -> tuple[int, str]:
    """The exit code and output of evaluating `expression` on settings `s` under exactly this environment."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(
        [sys.executable, "-c", f"import config.settings as s; print({expression})"],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip() + done.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "a" * 64}, "SECRET_KEY is missing or weak"),
        (
            {"SECRET_KEY": "development-only-SECRET_KEY-never-used-outside-this-machine"},
            "SECRET_KEY is missing or weak",
        ),
        ({"LOG_KEY": ""}, "LOG_KEY is missing or weak"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"TODAY": "15/10/2024"}, "TODAY must be a day such as 2024-10-15"),
    ],
)
def test_production_does_not_start_with(changed, said):
    code, output = ask("'started'", **(PRODUCTION | changed))
    assert code != 0
    assert said in output
    assert "ImproperlyConfigured" in output


# A program, what is set, and whether it starts: `workbooks.md` promises commands "with nothing set but DATABASE_URL".
STARTS = [
    (["manage.py", "report", "--list"], {}, True),
    (["manage.py", "report", "--list"], {"SECRET_KEY": STRONG}, False),
    (["manage.py", "report", "--list"], {"ALLOWED_HOSTS": "ket-nap.example"}, False),
    (["manage.py", "runserver", "--noreload", "0"], {}, False),
    (["manage.py", "check", "--deploy"], {}, False),
    (["-c", "import config.wsgi"], {}, False),
]


@pytest.mark.parametrize(("program", "environment", "starts"), STARTS)
def test_only_commands_that_serve_nobody_start_with_nothing_set(program, environment, starts):
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(
        [sys.executable, *program], env=kept | environment, capture_output=True, check=False, timeout=60
    )
    assert (done.returncode == 0) == starts, done.stderr.decode()


@pytest.mark.parametrize(
    ("environment", "expression", "answer"),
    [
        (PRODUCTION, "(s.DEBUG, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE)", "(False, True, True)"),
        (PRODUCTION, "s.STORAGES['staticfiles']['BACKEND'].split('.')[0]", "whitenoise"),
        (PRODUCTION, "s.TODAY", "None"),
        (PRODUCTION | {"TODAY": "2024-10-15"}, "s.TODAY", "2024-10-15"),
        (
            {"DEVELOPMENT": "on"},
            "(s.DEBUG, s.SESSION_COOKIE_SECURE, 'zeal' in s.INSTALLED_APPS)",
            "(False, False, False)",
        ),
        ({"DEVELOPMENT": "on"}, "s.DATABASES['default']['OPTIONS']['transaction_mode']", "IMMEDIATE"),
        ({"DEVELOPMENT": "on"}, "s.DATABASES['default']['OPTIONS']['timeout']", "20"),
        (
            {"DEVELOPMENT": "on"},
            "s.DATABASES['default']['OPTIONS']['init_command']",
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
        ),
        (PRODUCTION, "(s.PASSWORD_HASHERS[0], s.SHEET_ROW_LIMIT)", "('config.passwords.Argon2', 500000)"),
        (
            PRODUCTION | {"DATABASE_URL": "postgres://u:p@/d?host=/run/pg&application_name=x"},
            "(sorted(s.DATABASES['default']['OPTIONS'].items())[:2], s.DATABASES['default']['CONN_MAX_AGE'])",
            "([('application_name', 'x'), ('host', '/run/pg')], 0)",
        ),
        (
            PRODUCTION | {"DATABASE_URL": "postgres://u:p@/d?host=/run/pg"},
            "'pool' in s.DATABASES['default']['OPTIONS']",
            "True",
        ),
    ],
)
def test_settings_follow_the_environment(environment, expression, answer):
    assert ask(expression, **environment) == (0, answer)
