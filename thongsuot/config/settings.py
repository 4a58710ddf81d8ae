"""Settings of every process. What differs between machines comes from the environment (see docs/running.md)."""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.files.stores import s3_options
from thongsuot.kit.postgres.databases import database_settings

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
PACKAGE_DIR = BASE_DIR / "thongsuot"
DATA_DIR = BASE_DIR / "data"
VAR_DIR = Path(env.str("TS_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("TS_DEBUG", default=False)
# The demo shows its accounts on the sign-in page; production never does.
DEMO = env.bool("TS_DEMO", default=False)


def _kept_secret(variable: str, file: str) -> str:
    """Taken from the environment, else made once and kept beside the data (readable by its owner only)."""
    given = env.str(variable, default="")
    if given:
        return given
    path = VAR_DIR / file
    if not path.exists():
        import os
        import secrets
        import tempfile

        # Written whole, then given its name: a process that starts at the same time never reads half a secret.
        handle, draft = tempfile.mkstemp(dir=VAR_DIR)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text()


SECRET_KEY = _kept_secret("TS_SECRET_KEY", "secret-key")
# Personal ids are sealed under the last of these; the first also keys their digests and must never change. Comma-separated.
SEALING_SECRETS = _kept_secret("TS_SEALING_SECRETS", "sealing-secret").split(",")
# What files of pupils may bring of parents: "none", "name" (name and year of birth) or "full" (job, telephone).
REGISTRY_KEEP_CONTACTS = env.str("TS_REGISTRY_KEEP_CONTACTS", default="name")
# A file of people lies readable in the store: so long after it was brought in it is deleted (error lists need it).
IMPORT_FILE_KEPT_DAYS = env.int("TS_IMPORT_FILE_KEPT_DAYS", default=30)
# Bytes in the store to which no upload points (a transaction failed after them) are deleted when so old.
FILES_UNUSED_KEPT_DAYS = env.int("TS_FILES_UNUSED_KEPT_DAYS", default=2)
ALLOWED_HOSTS = env.list("TS_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("TS_ORIGINS", default=[])
# A list with more rows is written to a file in the background: each thousand takes about a second.
# A statutory form of a unit with more schools below it is computed in the background and kept.
FORM_UNITS_AT_ONCE = env.int("TS_FORM_UNITS_AT_ONCE", default=60)
EXPORT_INLINE_ROWS = env.int("TS_EXPORT_INLINE_ROWS", default=1000)
EXPORT_KEPT_DAYS = env.int("TS_EXPORT_KEPT_DAYS", default=7)
BASE_URL = env.str("TS_BASE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    # config and portals
    "thongsuot.config",
    "thongsuot.portals",
    # modules, in the order of the house
    "thongsuot.modules.directives",
    "thongsuot.modules.maturity",
    "thongsuot.modules.documents",
    "thongsuot.modules.registry",
    "thongsuot.modules.quality",
    # Before statistics: a computed figure takes the place of the one that units reported.
    "thongsuot.modules.transcripts",
    "thongsuot.modules.statistics",
    "thongsuot.modules.gradebook",
    "thongsuot.modules.organization",
    # kit
    "thongsuot.kit.pages",
    "thongsuot.kit.api",
    "thongsuot.kit.indicators",
    "thongsuot.kit.importing",
    "thongsuot.kit.exports",
    "thongsuot.kit.notify",
    "thongsuot.kit.jobs",
    "thongsuot.kit.files",
    "thongsuot.kit.audit",
    "thongsuot.kit.accounts",
    "thongsuot.kit.postgres",
    # libraries
    "django_tables2",
    "django_filters",
    "django_htmx",
    "csp",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # widget templates, for FORM_RENDERER
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages only (static files are compressed already); its random padding answers BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "thongsuot.kit.pages.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "thongsuot.kit.accounts.middleware.LoginRequiredMiddleware",
    "thongsuot.kit.api.middleware.KeyMiddleware",
    "thongsuot.kit.accounts.middleware.ActorMiddleware",
    "thongsuot.kit.audit.middleware.ActingMiddleware",
    "thongsuot.kit.accounts.policy.SignInPolicyMiddleware",
    "thongsuot.kit.api.middleware.CallerMiddleware",
]

FORM_RENDERER = "thongsuot.kit.pages.forms.TablerRenderer"

ROOT_URLCONF = "thongsuot.config.urls"
WSGI_APPLICATION = "thongsuot.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "thongsuot.portals.context.shell",
            ],
        },
    }
]

# -- data -------------------------------------------------------------------------------------
DATABASES = database_settings(env.ENVIRON, VAR_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
# The kit knows nothing of schools: who somebody is in the organisation is answered by the module.
ACTOR_RESOLVER = "thongsuot.modules.organization.queries.actor_for"
UNIT_NODES = "thongsuot.modules.organization.queries.unit_nodes"
UNIT_MODEL = "organization.Unit"
READY_FIGURES = "thongsuot.modules.statistics.queries.warm.ready_figures"
RIGHT_NAMES = "thongsuot.modules.organization.domain.rights.RIGHTS"

# -- programs of others -------------------------------------------------------------------------
# The population database (docs/identity-contract.md); without an address lists go out and come in as files.
POPULATION_URL = env.str("TS_POPULATION_URL", default="")
POPULATION_TOKEN = env.str("TS_POPULATION_TOKEN", default="")
POPULATION_TIMEOUT = env.float("TS_POPULATION_TIMEOUT", default=20)

# The gateway of transcripts; without an address the schools of this installation hand in to its own.
TRANSCRIPT_GATEWAY_URL = env.str("TS_TRANSCRIPT_GATEWAY_URL", default="")
TRANSCRIPT_GATEWAY_USER = env.str("TS_TRANSCRIPT_GATEWAY_USER", default="")
TRANSCRIPT_GATEWAY_TOKEN = env.str("TS_TRANSCRIPT_GATEWAY_TOKEN", default="")
# The ministry's store of transcripts (ops/ministry_store.py is its reference); without an address nothing is reported.
TRANSCRIPT_STORE_URL = env.str("TS_TRANSCRIPT_STORE_URL", default="")
TRANSCRIPT_STORE_TOKEN = env.str("TS_TRANSCRIPT_STORE_TOKEN", default="")

# -- signing: where keys lie that are not files under VAR_DIR/keys, and who stamps the time
SIGNING_PKCS11_LIBRARY = env.str("TS_SIGNING_PKCS11_LIBRARY", default="")
SIGNING_PKCS11_TOKEN = env.str("TS_SIGNING_PKCS11_TOKEN", default="")
# A file with the PIN, for this system's user only; read when something is signed and kept nowhere.
SIGNING_PKCS11_PIN_FILE = env.str("TS_SIGNING_PKCS11_PIN_FILE", default="")
REMOTE_SIGNING_URL = env.str("TS_REMOTE_SIGNING_URL", default="")
REMOTE_SIGNING_TOKEN = env.str("TS_REMOTE_SIGNING_TOKEN", default="")
# Lists of revoked certificates from the addresses that certificates of trusted authorities name.
FETCH_REVOCATION = env.bool("TS_FETCH_REVOCATION", default=False)
TIMESTAMP_URL = env.str("TS_TIMESTAMP_URL", default="")
TIMESTAMP_TOKEN = env.str("TS_TIMESTAMP_TOKEN", default="")

# -- language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = ["thongsuot.config.formats"]

# -- static files and uploads -----------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# WhiteNoise warns of a folder that is not there yet.
STATIC_ROOT.mkdir(exist_ok=True)
# Named files of npm packages, copied by the set-up (ops/assets.py); no third-party code in the repository.
STATICFILES_DIRS = [VAR_DIR / "assets"] if (VAR_DIR / "assets").exists() else []
# Hashed names once they have been collected (and while collecting); tests read the sources as they stand.
_hashed = "PYTEST_VERSION" not in env.ENVIRON and (
    (STATIC_ROOT / "staticfiles.json").exists() or sys.argv[1:2] in (["setup"], ["collectstatic"])
)
STORED_FILES_DIR = VAR_DIR / "files"
_s3_bucket = env.str("TS_S3_BUCKET", default="")
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": s3_options(
            bucket=_s3_bucket,
            endpoint=env.str("TS_S3_ENDPOINT", default=None),
            region=env.str("TS_S3_REGION", default=None),
            access_key=env.str("TS_S3_ACCESS_KEY", default=None),
            secret_key=env.str("TS_S3_SECRET_KEY", default=None),
            addressing=env.str("TS_S3_ADDRESSING", default="auto"),
            ca_bundle=env.str("TS_S3_CA", default=None),
        ),
    }
    if _s3_bucket
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STORED_FILES_DIR},
    },
    "staticfiles": {
        "BACKEND": "thongsuot.config.static.AssetStorage"
        if _hashed
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _hashed
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# -- sign-in ----------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# -- what the browser is told -----------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
_https = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 31536000 if _https else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("TS_BEHIND_PROXY", default=False) else None
)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# -- mail and logs ----------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("TS_EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("TS_EMAIL_FROM", default="Thông Suốt <khong-tra-loi@localhost>")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("TS_LOG_LEVEL", default="WARNING")},
    # It warns of every signature that keeps its proofs from lists at hand, and names people's certificates.
    "loggers": {"pyhanko": {"level": "ERROR"}},
}

DJANGO_TABLES2_TEMPLATE = "tables/table.html"
DJANGO_TABLES2_TABLE_ATTRS = {"class": "table ts-cards"}
FILTERS_EMPTY_CHOICE_LABEL = _("Tất cả")
# The tab "history" of detail pages; named here because audit stands beside pages, not below it.
HISTORY_READER = "thongsuot.kit.audit.queries.history"
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"

from thongsuot.kit.accounts.settings import *  # noqa: E402, F403 - sign-in policy has a page of its own

ACCOUNT_FIRST_VISIT_PAGE = "registry:family-first-visit"

CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += OIDC_ORIGINS  # noqa: F405
