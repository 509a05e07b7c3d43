"""Settings of the portal: what differs between places comes from the environment.

Nothing starts without SECRET_KEY and CODE_KEY; `make run` writes random ones once to
var/env.
"""

import base64
import hashlib
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .console import WrongSetting, gettext_noop

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
try:
    with (VAR_DIR / "env").open(encoding="utf-8") as _file:
        env.read_env(_file)
except FileNotFoundError:
    pass


def asked(kind, name, default=env.NOTSET):
    """Return a setting; tell which one is wrong, and nothing of what stands in it."""
    try:
        value = kind(name, default=default)
        if default is env.NOTSET and not value:
            raise ValueError
        return value
    except Exception:
        raise WrongSetting(
            gettext_noop(
                "%(name)s is missing or not understood: look at %(file)s. In passwords"
                " the signs @ # / : %% are written %%40 %%23 %%2F %%3A %%25."
            ),
            name=name,
            file=VAR_DIR / "env",
        ) from None


def database(name, default):
    # Of what names no database django-environ only warns, with the password in it.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = env.db(name, default=default)
    if not found["ENGINE"].endswith((".sqlite3", ".postgresql")):
        raise ValueError
    return found


# Keys. CODE_KEY is apart from SECRET_KEY so that changing the latter kills no code of a
# resident; it may list several: the first makes new codes, all open those they made.
# Former SECRET_KEYs stay valid while they are listed, until `manage.py relock` was run.
SECRET_KEY = asked(env, "SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
CODE_KEYS = asked(env.list, "CODE_KEY")
DEBUG = asked(env.bool, "DEBUG", default=False)

# Addresses
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}")
_site = urlsplit(SITE_URL)
IS_SECURE = _site.scheme == "https"
if not IS_SECURE and _site.hostname not in ("127.0.0.1", "localhost", "::1"):
    raise WrongSetting(
        gettext_noop(
            "SITE_URL in %(file)s must begin with https:// (with http:// only this"
            " machine opens the portal)."
        ),
        file=VAR_DIR / "env",
    )
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[_site.hostname, "localhost", "127.0.0.1"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
LEAVE_URL = env("LEAVE_URL", default="https://meteo.kg/")
# The one header in which a trusted proxy passes the client's address: HTTP_X_REAL_IP.
CLIENT_ADDRESS_HEADER = env("CLIENT_ADDRESS_HEADER", default="")

ROOT_URLCONF = "kaab.urls"
WSGI_APPLICATION = "kaab.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "phonenumber_field",
    "centers",
    "concerns",
    "meetings",
    "kaab",
]

MIDDLEWARE = [
    "kaab.middleware.own_resources",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kaab.middleware.LanguageOfAddress",
    "django.middleware.common.CommonMiddleware",
    # Within the one before, which tells the length.
    "centers.style.fitted",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kaab.middleware.staff_session",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kaab.middleware.refused_method",
]

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
                "kaab.context.site",
            ],
        },
    },
]
# Widgets come from templates/ too, where ours are.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "forms"

# Data
DATABASES = {
    "default": asked(database, "DATABASE_URL", f"sqlite:///{VAR_DIR}/kaab.sqlite3")
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at the start, so that a read inside an atomic block
    # is never overtaken: what select_for_update does on PostgreSQL. FULL survives a
    # power cut.
    _options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        " PRAGMA secure_delete=ON",
    }
else:
    _options = {
        "connect_timeout": 3,
        "options": "-c statement_timeout=10000 -c lock_timeout=5000",
    }
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
# What DATABASE_URL itself carries, ?sslmode=require, comes on top.
_database["OPTIONS"] = _options | _database.get("OPTIONS", {})

# One-time codes must be refused in every process, so the cache is always a shared one.
CACHES = {
    "default": asked(env.cache, "CACHE_URL")
    if "CACHE_URL" in env
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # A full one forgets used codes and counted mistakes while they matter.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Copies of public pages, for seconds: each process its own.
    "pages": {
        "BACKEND": "django.core.cache.backends."
        + ("dummy.DummyCache" if DEBUG else "locmem.LocMemCache")
    },
}

# Whoever may open backups: public keys of age. The identities are kept elsewhere.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])

# People
AUTH_USER_MODEL = "centers.User"
AUTHENTICATION_BACKENDS = ["centers.adapter.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation"
        ".UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "full_name"]},
    },
    {"NAME": "centers.passwords.NotThePhone"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
LOGOUT_REDIRECT_URL = "home:directory"
ACCOUNT_ADAPTER = "centers.adapter.StaffAdapter"
# allauth's own way by phone wants each confirmed by a message; the form and the backend
# of centers know both names. To allauth they are one method, which it calls by e-mail.
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
# A letter to an address without an account would be a way to send spam through us.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
ACCOUNT_FORMS = {"login": "centers.forms.SignInForm"}
# allauth makes apps only: codes come on a sheet, which its person must have printed.
MFA_SUPPORTED_TYPES = ["totp"]
MFA_RECOVERY_CODE_COUNT = 20
# Addresses come from invitations: whoever could verify one has an account by it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "КААБ"
MFA_ADAPTER = "centers.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "centers.forms.CodeForm",
    "reauthenticate": "centers.forms.CodeAgainForm",
    "activate_totp": "centers.forms.AppForm",
}

# Cookies and headers. Names carry __Host- wherever the scheme allows it.
_prefix = "__Host-" if IS_SECURE else ""
SESSION_COOKIE_NAME = _prefix + "sessionid"
CSRF_COOKIE_NAME = _prefix + "csrftoken"
LEFT_COOKIE_NAME = _prefix + "seen"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_SECURE
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# None: a cookie that dies with the browser. One year, the default, would be a trace.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "kaab.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
# Asked on the machine itself, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
# no-referrer would make browsers send "Origin: null" and every form would fail.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600
DATA_UPLOAD_MAX_NUMBER_FILES = 6
# As much as the server takes: a photo as it was sent, with its place, is given no file.
FILE_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
MEDIA_ROOT = VAR_DIR / "media"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What browsers ask for at the root by themselves: /favicon.ico, /apple-touch-icon.png.
WHITENOISE_ROOT = BASE_DIR / "static" / "root"
WHITENOISE_MAX_AGE = 0 if DEBUG else 7 * 24 * 60 * 60
STORAGES = {
    "default": {"BACKEND": "centers.storage.DurableStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Public pages carry their style inside: a second request costs a second on GPRS.
INLINE_STYLE = (BASE_DIR / "static" / "style.css").read_text(encoding="utf-8").strip()
_style_hash = base64.b64encode(hashlib.sha256(INLINE_STYLE.encode()).digest()).decode()
_leave = urlsplit(LEAVE_URL)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF, f"'sha256-{_style_hash}'"],
        "script-src": [SELF],
        # The script that sends a photo.
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        # The neutral page's origin: leaving is a form, so that it works without script.
        "form-action": [SELF, f"{_leave.scheme}://{_leave.netloc}"],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Languages
LANGUAGE_CODE = "ky"
LANGUAGES = [("ky", "Кыргызча"), ("ru", "Русский")]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "overrides"]
FORMAT_MODULE_PATH = ["kaab.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "ky"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("ky", "ru")
TIME_ZONE = "Asia/Bishkek"
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = "KG"

# Mail
# Without a mail server letters go nowhere: a link on the console would stay in a log.
EMAIL_CONFIG = asked(
    env.email, "EMAIL_URL", default="consolemail://" if DEBUG else "dummymail://"
)
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith(".smtp.EmailBackend"):
    EMAIL_BACKEND = "centers.letters.AfterwardsBackend"
# Seconds.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@localhost")
# Who tells a reporter that there is news. Others may see her mailbox: let it name
# neither the police nor a centre.
NEWS_FROM = env("NEWS_FROM", default=DEFAULT_FROM_EMAIL)

# No mail_admins: it would mail whole requests, with a resident's words and address.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_tokens": {"()": "kaab.logs.WithoutTokens"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["without_tokens"],
        }
    },
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {
            "handlers": ["console"],
            "level": "ERROR",
            "propagate": False,
        },
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # It names the address, and that of an invitation is all one needs to use it.
        "django.security.csrf": {"level": "ERROR"},
    },
}

# How long things take or last. Terms of answers: centers/terms.py.
EXTENSION_DAYS = asked(env.int, "EXTENSION_DAYS", default=30)
# Months after the end of a concern during which what is personal is kept.
KEEP_IDENTITY_MONTHS = asked(env.int, "KEEP_IDENTITY_MONTHS", default=12)
KEEP_PHOTOS_MONTHS = asked(env.int, "KEEP_PHOTOS_MONTHS", default=12)
KEEP_CODE_MONTHS = asked(env.int, "KEEP_CODE_MONTHS", default=12)
KEEP_WORDS_MONTHS = {
    "public": asked(env.int, "KEEP_PUBLIC_WORDS_MONTHS", default=60),
    "restricted": asked(env.int, "KEEP_RESTRICTED_WORDS_MONTHS", default=36),
    "confidential": asked(env.int, "KEEP_CONFIDENTIAL_WORDS_MONTHS", default=24),
}
CLOSE_AFTER_DAYS = asked(env.int, "CLOSE_AFTER_DAYS", default=30)
FOLLOW_IDLE_SECONDS = 15 * 60
FOLLOW_TOTAL_SECONDS = 60 * 60
STAFF_IDLE_SECONDS = 30 * 60
STAFF_TOTAL_SECONDS = 12 * 60 * 60
INVITATION_HOURS = 72
CONSENT_VERSION = "2026-11"
SITE_NAME = _("Prevention centres' portal")
