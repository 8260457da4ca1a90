"""Settings of the project, read from the environment; a missing or wrong value stops with what to do.

Variables: PINGYI_SECRET_KEY, PINGYI_SECRET_KEY_FALLBACKS and PINGYI_CODE_KEY (keys, comma-separated, the newest first), PINGYI_DEBUG (1 or 0), PINGYI_HOSTS (comma-separated), PINGYI_HTTPS (1 behind TLS),
PINGYI_VAR (folder for everything generated), PINGYI_DEMO (1 for the demo, which has a database, a key and files of its
own whatever the other variables say), PINGYI_TRUSTED_PROXIES (addresses or networks, comma-separated), DATABASE_URL,
PINGYI_SECOND_FACTOR_FOR (roles that need a second factor, comma-separated), PINGYI_SITE (the address on slips, walls and in links);
of notices: PINGYI_EMAIL_URL, PINGYI_EMAIL_FROM, PINGYI_WEBHOOK_NETWORKS (private networks);
numbers: PINGYI_LOCK_SECONDS, PINGYI_SCREEN_CODE_SECONDS, PINGYI_WRONG_CODES_OF_ADDRESS, PINGYI_WRONG_CODES_OF_BATCH, PINGYI_BURST_BALLOTS.
"""

import hashlib
import os
import re
import secrets
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from pingyi.addresses import networks
from pingyi.files import keep_private
from pingyi.mailing import mail_settings

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name, default):
    value = os.environ.get(name, default)
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def _number(name, default, least):
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


# Whether this is the demo, whose passwords everybody knows: it lives apart, in a folder of its own.
DEMO = _flag("PINGYI_DEMO", "0")
# The folder of the set-up, which serves both: fonts, style sheets, collected static files.
INSTALLED_DIR = Path(os.environ.get("PINGYI_VAR", BASE_DIR / "var"))
VAR_DIR = INSTALLED_DIR / "demo" if DEMO else INSTALLED_DIR

# Everything generated is for the account alone under which the programs run: ballots, a key, opinions in clear.
os.umask(os.umask(0o077) | 0o077)
keep_private(VAR_DIR, *(VAR_DIR / name for name in ("secret_key", "secret_key_fallbacks", "code_key")))


def _secret_key():
    """The key from the environment, or one kept in var/ with mode 600 and made on first use.

    The demo's is another in either case: nothing that it signs for anybody is believed by the real site.
    """
    if key := os.environ.get("PINGYI_SECRET_KEY"):
        return hashlib.sha256(f"demo {key}".encode()).hexdigest() if DEMO else key
    path = VAR_DIR / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was quicker
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"Set PINGYI_SECRET_KEY, or make {VAR_DIR} writable: {error}") from error
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


def _known_keys(variable, kept):
    """The keys of a variable, or of the file that a restored backup left, comma-separated; the demo has its own of each."""
    value = os.environ.get(variable, "")
    if not value:
        return (VAR_DIR / kept).read_text().split(",") if (VAR_DIR / kept).is_file() else []
    keys = [key.strip() for key in value.split(",") if key.strip()]
    return [hashlib.sha256(f"demo {key}".encode()).hexdigest() for key in keys] if DEMO else keys


SECRET_KEY = _secret_key()
# Keys before it, with which nothing is made any more: what was signed or locked with them is still believed.
SECRET_KEY_FALLBACKS = _known_keys("PINGYI_SECRET_KEY_FALLBACKS", "secret_key_fallbacks")
# Keys of printed codes: the first makes new ones, each is tried on a code that is shown. Without one of their own that is
# the secret key, so that slips printed before there was one go on.
CODE_KEYS = list(dict.fromkeys([*_known_keys("PINGYI_CODE_KEY", "code_key"), SECRET_KEY, *SECRET_KEY_FALLBACKS]))
DEBUG = _flag("PINGYI_DEBUG", "0")
HTTPS = _flag("PINGYI_HTTPS", "0")
ALLOWED_HOSTS = [host for host in os.environ.get("PINGYI_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
try:
    # Proxies whose X-Forwarded-For is believed; without any the address of the connection counts.
    TRUSTED_PROXIES = networks(os.environ.get("PINGYI_TRUSTED_PROXIES", ""))
except ValueError as error:
    raise ImproperlyConfigured(f"PINGYI_TRUSTED_PROXIES wants addresses or networks: {error}") from error
# So many cookies, of 3.8 kB each, may hold a ballot between filling in and casting. Web servers in front refuse a request whose
# cookies exceed 8 kB unless they are told otherwise; our own takes heads of 32 kB.
DRAFT_COOKIES = min(_number("PINGYI_DRAFT_COOKIES", 2 if HTTPS or TRUSTED_PROXIES else 6, 1), 6)
# The address of this site in whatever leaves it, on slips, walls and in notices, where it is not the one that the secretary's
# browser uses; notices never take the one that a request asks for.
SITE = os.environ.get("PINGYI_SITE", "").rstrip("/")
if SITE and not re.fullmatch(r"https?://[^/\s]+", SITE):
    raise ImproperlyConfigured(f"PINGYI_SITE wants an address like http://192.168.43.7:8000, not {SITE!r}.")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "campaigns",
    "ballots",
    "reports",
    "pingyi",
]

MIDDLEWARE = [
    "pingyi.lanes.ParticipantsLane",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pingyi.policy.FixedPolicyMiddleware",
    "pingyi.caching.KeepNoPage",
    "pingyi.methods.RefuseOtherMethods",
    "pingyi.bodies.RefuseLargeBodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pingyi.lanes.AccountLane",
    "pingyi.errors.ExplainCannotDraw",
]
# A whole room waits for the pages beneath these addresses, and none of them has an account: they go without what follows,
# and their usual requests without the rest too. Of that the next four write the same head for every answer.
PARTICIPANT_PAGES = ("/v/", "/ballot/")
PARTICIPANT_HEAD = [
    "django.middleware.security.SecurityMiddleware",
    "pingyi.policy.FixedPolicyMiddleware",
    "pingyi.caching.KeepNoPage",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ACCOUNT_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "campaigns.accounts.sessions.SessionRulesMiddleware",
    "campaigns.unsaved.ForgetSavedWords",
    "reports.trail.watching.KeepTrail",
]

# The keeper around each command of `manage.py`.
COMMAND_KEEPER = "reports.trail.commands.keeping_trail"

ROOT_URLCONF = "pingyi.urls"
WSGI_APPLICATION = "pingyi.wsgi.application"

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
                "campaigns.permissions.authority_context",
                "campaigns.accounts.beginning.demo_context",
                "pingyi.cookies.cookie_context",
            ],
        },
    },
]


# How long a statement waits for a database that another program holds; the web server says less (pingyi/gunicorn.py).
LOCK_SECONDS = _number("PINGYI_LOCK_SECONDS", 20, 1)


def _database():
    """DATABASE_URL, or SQLite in var/; SQLite gets the settings that lose no acknowledged ballot.

    The demo never opens the database of DATABASE_URL.
    """
    own = f"sqlite:///{VAR_DIR / ('demo.sqlite3' if DEMO else 'pingyi.sqlite3')}"
    url = own if DEMO else os.environ.get("DATABASE_URL") or own
    # Asked first whether it still stands: after a restart of PostgreSQL nobody meets a dead connection.
    database = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "timeout": LOCK_SECONDS,
            # Writers queue instead of failing, and an acknowledged ballot survives a power cut.
            "transaction_mode": "IMMEDIATE",
            # secure_delete overwrites what is deleted: used codes and, at sealing, ballots.
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;",
        }
        path = Path(database["NAME"])
        path.parent.mkdir(parents=True, exist_ok=True)
        keep_private(*(path.with_name(path.name + ending) for ending in ("", "-wal", "-shm")))
    elif database["ENGINE"] == "django.db.backends.postgresql":
        # Compiling a statement takes a fifth of a second where the planner fears a long one; none of ours runs that long.
        options = f"-c lock_timeout={LOCK_SECONDS}s -c jit=off"
        database.setdefault("OPTIONS", {}).setdefault("options", options)
    else:
        raise ImproperlyConfigured("DATABASE_URL must be sqlite:///… or postgres://…")
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "campaigns.accounts.strength.OtherThanNameValidator"},
    {"NAME": "campaigns.accounts.strength.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "campaigns.accounts.strength.StrengthValidator"},
    {"NAME": "campaigns.accounts.strength.NotOnlyFiguresValidator"},
]
# Roles whose holders need a second factor besides administrators, who always do; tests sign in without one.
SECOND_FACTOR_DEMANDED = True
SECOND_FACTOR_FOR = [kind for kind in os.environ.get("PINGYI_SECOND_FACTOR_FOR", "").split(",") if kind]
if unknown := {*SECOND_FACTOR_FOR} - {"secretary", "teller", "officer"}:
    raise ImproperlyConfigured(
        f"PINGYI_SECOND_FACTOR_FOR wants secretary, teller, officer, comma-separated, not {', '.join(sorted(unknown))}."
    )
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "reports:home"
LOGOUT_REDIRECT_URL = "login"

# Notices. Without a mail server none goes by e-mail; the demo, whose passwords everybody knows, sends nothing at all.
MAIL_URL = "" if DEMO else os.environ.get("PINGYI_EMAIL_URL", "")
DEFAULT_FROM_EMAIL = os.environ.get("PINGYI_EMAIL_FROM", "")
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if MAIL_URL else "django.core.mail.backends.dummy.EmailBackend"
)
if MAIL_URL:
    try:
        globals().update(mail_settings(MAIL_URL))
    except ValueError as error:
        raise ImproperlyConfigured(f"PINGYI_EMAIL_URL {error}.") from None
    if "@" not in DEFAULT_FROM_EMAIL:
        raise ImproperlyConfigured(
            "PINGYI_EMAIL_URL is set: set PINGYI_EMAIL_FROM to the address that notices come from."
        )
HAS_MAIL = bool(MAIL_URL)
HAS_WEBHOOKS = not DEMO
try:
    # Private networks in which robots of offices may stand; without any the server asks nothing of its own network.
    WEBHOOK_NETWORKS = networks(os.environ.get("PINGYI_WEBHOOK_NETWORKS", ""))
except ValueError as error:
    raise ImproperlyConfigured(f"PINGYI_WEBHOOK_NETWORKS wants networks: {error}") from error
# Tests alone speak to robots without TLS, on the loopback.
HAS_PLAIN_WEBHOOKS = False

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = INSTALLED_DIR / "static"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [BASE_DIR / "static"]
if (INSTALLED_DIR / "vendor" / "bootstrap").is_dir():
    STATICFILES_DIRS.append(("vendor/bootstrap", INSTALLED_DIR / "vendor" / "bootstrap"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Served from the source folders where nothing was collected, as in tests and with PINGYI_DEBUG=1.
_is_collected = "collectstatic" in sys.argv or (STATIC_ROOT / "staticfiles.json").exists()
if DEBUG or not _is_collected:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
WHITENOISE_MANIFEST_STRICT = False
FONTS_DIR = INSTALLED_DIR / "fonts"
# Archives that are made outside the request; web servers and the worker of exports read and write the same folder.
EXPORTS_DIR = VAR_DIR / "exports"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:  # see pingyi/cookies.py
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    # Whoever watches the server asks it without the proxy, in plain http.
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
CSRF_FAILURE_VIEW = "pingyi.errors.csrf_failure"

# Proof of somebody who sees the terminal in which the demo was started; without it nobody begins in earnest by browser.
START_CODE = os.environ.get("PINGYI_START_CODE", "") if DEMO else ""

# How long the code on a meeting's screen lets in; how many wrong codes, and ballots in a burst, each process of the
# server lets pass: see ballots/voting/guessing.py.
SCREEN_CODE_SECONDS = _number("PINGYI_SCREEN_CODE_SECONDS", 180, 60)
WRONG_CODES_OF_ADDRESS = _number("PINGYI_WRONG_CODES_OF_ADDRESS", 30, 1)
WRONG_CODES_OF_BATCH = _number("PINGYI_WRONG_CODES_OF_BATCH", 100, 1)
BURST_BALLOTS = _number("PINGYI_BURST_BALLOTS", 8, 2)

# An upload larger than this is refused before it is read; a ballot is a few kilobytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask_codes": {"()": "pingyi.logs.MaskCodes"}},
    # When something went wrong, and how badly; never who asked for what.
    "formatters": {"timed": {"format": "{asctime} {levelname} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["mask_codes"], "formatter": "timed"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Lines that runserver prints for each request.
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
