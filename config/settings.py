"""All settings, from the environment; docs/operations names every variable.

Two ways to run: LOCAL (DEBUG or DEVELOPMENT on: `make run`, the tests, a developer's machine), where nothing need be
set; and production, where a missing or weak secret stops the start with a sentence that says what to do. Commands of
`manage.py` that serve nobody (`migrate`, `import_workbook`, `report`…) also start where nothing at all is set.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
LOCAL = DEBUG or env.bool("DEVELOPMENT", default=False)
SHORTEST_SECRET = 50
DEVELOPMENT_SECRET = "development-only"
SERVING = {"runserver", "testserver", "--deploy"}


def _is_bare_command() -> bool:
    """Whether this is a command of `manage.py` other than the server, with nothing of production set.

    `workbooks.md`, "Commands": they work "with nothing set but DATABASE_URL". Half a production set-up still stops.
    """
    program, *arguments = sys.argv or [""]
    configured = any(env.str(name, default="") for name in ("SECRET_KEY", "LOG_KEY", "ALLOWED_HOSTS"))
    return Path(program).name == "manage.py" and not SERVING.intersection(arguments) and not configured


BARE_COMMAND = _is_bare_command()


def _secret(name: str) -> str:
    """A secret of at least SHORTEST_SECRET characters from the environment; a known one never where pages are served
    beyond a LOCAL machine."""
    value = env.str(name, default="")
    if LOCAL or BARE_COMMAND:
        return value or f"{DEVELOPMENT_SECRET}-{name}-never-used-outside-this-machine"
    if len(value) >= SHORTEST_SECRET and len(set(value)) >= 10 and not value.startswith(DEVELOPMENT_SECRET):
        return value
    raise ImproperlyConfigured(
        f"{name} is missing or weak: production needs {SHORTEST_SECRET} random characters or more in the environment "
        f'variable {name}, for example from: python3 -c "import secrets; print(secrets.token_urlsafe(64))". '
        "To try the product on this machine, use `make run` or set DEVELOPMENT=on."
    )


def _hosts() -> list[str]:
    """The names this server answers to; in production they must be given."""
    hosts = env.list("ALLOWED_HOSTS", default=[])
    if hosts or LOCAL or BARE_COMMAND:
        return hosts or ["127.0.0.1", "localhost", "[::1]"]
    raise ImproperlyConfigured("ALLOWED_HOSTS is empty: give the server's names, separated by commas.")


def _day(name: str) -> date | None:
    """A day as 2024-10-15 from the environment, or None."""
    text = env.str(name, default="")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a day such as 2024-10-15, or empty; it is {text!r}.") from None


def _database() -> dict:
    """DATABASE_URL with what each database needs added to its OPTIONS, never replacing what the URL says."""
    database = env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
    if database["ENGINE"].endswith("sqlite3"):
        needed = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
        }
    else:
        needed = {"pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=10), "timeout": 10}}
        database["CONN_MAX_AGE"] = 0  # the pool keeps the connections; Django must not
    database["OPTIONS"] = needed | database.get("OPTIONS", {})
    database["ATOMIC_REQUESTS"] = False  # deeds open their own transactions
    return database


# ---- what this product is ------------------------------------------------------------------------
SECRET_KEY = _secret("SECRET_KEY")
LOG_KEY = _secret("LOG_KEY")  # keys the hashes in the log, so that it must not change with SECRET_KEY
ALLOWED_HOSTS = _hosts()
TODAY = _day("TODAY")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a year's grid has five fields a unit
SHEET_ROW_LIMIT = env.int("SHEET_ROW_LIMIT", default=500_000)

INSTALLED_APPS = [
    "config",
    "reports",
    "targets",
    "membership",
    "cells",
    "config.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_include_bootstrap",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.KeepTypedForm",
    "config.idle.KeepSession",
    "config.middleware.no_nul",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": _database()}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.day",
                "config.context.frame",
            ],
            "builtins": ["cells.templatetags.words", "cells.templatetags.components"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# ---- language, time, numbers ---------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# ---- who may come in -----------------------------------------------------------------------------
AUTH_USER_MODEL = "cells.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "cells.people.sign_in.PersonBackend"]
PASSWORD_HASHERS = env.list(
    "PASSWORD_HASHERS",
    default=["config.passwords.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"],
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

PROXY_COUNT = env.int("PROXY_COUNT", default=0)  # our own proxies in front, each adding to X-Forwarded-For
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOCKED_MINUTES", default=15))
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "config.sign_in.locked"
AXES_CLIENT_IP_CALLABLE = "config.middleware.client_address"
# axes writes the fields of a failed login down: what a kept form carries must not be among them
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "kept_name", "kept_value", "kept_path", "next"]
AXES_VERBOSE = False

SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=30 * 60)  # seconds without a request
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# ---- what the browser may do ---------------------------------------------------------------------
HTTPS = env.bool("HTTPS", default=not LOCAL)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=30 * 24 * 3600) if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Whether the domain's other names are HTTPS too, and preloading, is for whoever owns the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's style sheet draws its ticks and arrows as data: images
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

# ---- mail: none is sent unless a server is named ------------------------------------------------
_MAIL = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(_MAIL)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="")
SITE_URL = env.str("SITE_URL", default="").rstrip("/")  # what links in a mail begin with
SENDS_MAIL = bool(DEFAULT_FROM_EMAIL and SITE_URL and "dummy" not in _MAIL["EMAIL_BACKEND"])

# ---- static files --------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = None if LOCAL else env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ---- what the server says about itself: paths, never what was sent -------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"path_only": {"()": "config.logs.PathOnly"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["path_only"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO"), "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}

# ---- only in tests: raise where a page asks one question per row ---------------------------------
if env.bool("ZEAL", default=False):
    INSTALLED_APPS.append("zeal")
    MIDDLEWARE.append("zeal.middleware.zeal_middleware")
    ZEAL_RAISE = True
    ZEAL_ALLOWLIST = [{"model": "sessions.Session"}]  # Django asks twice where a session changes its key
