"""The one settings file. Values that differ between installations come from `configuration`."""

from __future__ import annotations

from pathlib import Path

import yaml
from psycopg.conninfo import conninfo_to_dict

from city1361 import configuration

DATA = configuration.data_folder()
PACKAGE = Path(__file__).parent

SECRET_KEY = configuration.text("SECRET_KEY")
DEBUG = configuration.flag("CITY1361_DEBUG")
TLS = configuration.flag("CITY1361_TLS")
DEMONSTRATION = configuration.flag("CITY1361_DEMONSTRATION")
ALLOWED_HOSTS = configuration.words("CITY1361_HOSTS")
CSRF_TRUSTED_ORIGINS = configuration.words("CITY1361_ORIGINS")
PROXIES = int(configuration.text("CITY1361_PROXIES"))

INSTANCE_FOLDER = configuration.instance_folder()
INSTANCE = yaml.load((INSTANCE_FOLDER / "instance.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "city1361.base.database",
    "city1361.base.calendar",
    "city1361.base.files",
    "city1361.base.search",
    "city1361.base.evidence",
    "city1361.base.outbox",
    "city1361.base.archive",
    "city1361.base.ui",
    "city1361.platform.assurance.standards.instance",
    "city1361.platform.assurance.standards.areas",
    "city1361.platform.assurance.standards.organisations",
    "city1361.platform.assurance.standards.codes",
    "city1361.platform.assurance.rules",
    "city1361.platform.assurance.security.accounts",
    "city1361.platform.assurance.security.access",
    "city1361.platform.components.documents",
    "city1361.platform.components.forms",
    "city1361.platform.components.processes",
    "city1361.platform.portals.official",
    "city1361.platform.applications.packages",
    "city1361.centres.execution",
    "city1361.centres.command",
    "city1361.centres.supervision",
    "city1361.centres.situation",
    "city1361.centres.demonstration",
    "city1361.grassroots.grids",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "city1361.platform.assurance.security.access.middleware.TraceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "city1361.platform.assurance.security.access.middleware.SessionLimitMiddleware",
    "city1361.platform.assurance.security.access.middleware.ScopeMiddleware",
]

ROOT_URLCONF = "city1361.urls"
WSGI_APPLICATION = "city1361.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "base/ui/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "city1361.base.ui.context.interface",
            ],
        },
    }
]


# Migrations may take their time over a large table; nobody waits long for a lock.
LIMITS = {"app": "-c statement_timeout=30000 -c lock_timeout=10000", "owner": "-c lock_timeout=10000"}
# A server that is gone without a word (power, network) is noticed after five seconds instead of two hours.
DEAD_LINE = {"keepalives_idle": 3, "keepalives_interval": 1, "keepalives_count": 2, "tcp_user_timeout": 5000}


def _database(url: str, role: str) -> dict[str, object]:
    """A Django connection from a PostgreSQL URL (percent-encoded parts; `?host=/folder` names a socket; `a:5432,b:5432`
    two servers, of which `target_session_attrs=read-write` takes the one that writes).

    Whatever else the address demands (`sslmode`, `sslrootcert` …) is demanded of the connection.
    """
    asked = conninfo_to_dict(url)
    limits = f"{asked.pop('options', '')} {LIMITS[role]}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": asked.pop("dbname", ""),
        "USER": asked.pop("user", ""),
        "PASSWORD": asked.pop("password", ""),
        "HOST": asked.pop("host", ""),
        "PORT": asked.pop("port", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {"connect_timeout": 5, **DEAD_LINE, **asked, "options": limits},
    }


DATABASE_ROLE = "owner" if configuration.text("CITY1361_DATABASE_ROLE") == "owner" else "app"
DATABASE_ADDRESS = configuration.text("DATABASE_OWNER_URL" if DATABASE_ROLE == "owner" else "DATABASE_URL")
DATABASES = {"default": _database(DATABASE_ADDRESS, DATABASE_ROLE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "platform_accounts.Account"
AUTHENTICATION_BACKENDS = ["city1361.platform.assurance.security.accounts.adapter.Backend"]
PASSWORD_HASHERS = ["city1361.platform.assurance.security.accounts.hashing.BoundedArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "city1361.platform.assurance.security.accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_FORMS = {"change_password": "city1361.platform.assurance.security.accounts.forms.CountedChangePasswordForm"}
ACCOUNT_RATE_LIMITS = False  # counted in the database instead (accounts.attempts): holds over processes
MFA_RATE_LIMITS = False
MFA_ADAPTER = "city1361.platform.assurance.security.accounts.adapter.SealingMfaAdapter"
MFA_FORMS = {
    "authenticate": "city1361.platform.assurance.security.accounts.forms.CountedAuthenticateForm",
    "reauthenticate": "city1361.platform.assurance.security.accounts.forms.CountedReauthenticateForm",
}
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "city1361"

SESSION_ENGINE = "city1361.platform.assurance.security.accounts.every_request"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if TLS else "city1361_session"
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "city1361_csrf"
CSRF_COOKIE_SECURE = TLS
CSRF_FAILURE_VIEW = "city1361.platform.assurance.security.access.problems.csrf_failure"
SESSION_IDLE_MINUTES = int(configuration.text("CITY1361_SESSION_IDLE_MINUTES"))
SESSION_HOURS = int(configuration.text("CITY1361_SESSION_HOURS"))
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS and PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LIVE_URL = configuration.text("CITY1361_LIVE_URL")
LIVE_KEY = configuration.text("LIVE_KEY")
PERSONAL_DATA_KEY = configuration.text("PERSONAL_DATA_KEY")
MFA_REQUIRED = configuration.words("CITY1361_MFA_REQUIRED")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'", *([LIVE_URL] if LIVE_URL else [])],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "city1361_language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = INSTANCE["timezone"]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/.+-[\w-]{8}\.\w+$"

FILES_DIR = DATA / "files"
FILES_LIMITS = {
    "bytes": int(configuration.text("CITY1361_UPLOAD_MEGABYTES")) * 1_000_000,
    "pixels": int(configuration.text("CITY1361_IMAGE_MEGAPIXELS")) * 1_000_000,
}
ARCHIVE_DIR = Path(configuration.text("CITY1361_ARCHIVE") or DATA / "archive")
ARCHIVE_MONTHS = int(configuration.text("CITY1361_ARCHIVE_MONTHS"))
EXPORTS_DIR = DATA / "exports"
EXPORT_ROWS = int(configuration.text("CITY1361_EXPORT_ROWS"))
WEBHOOK_HOSTS = configuration.words("CITY1361_WEBHOOK_HOSTS")
EVIDENCE_KEYS_DIR = DATA / "keys"
EVIDENCE_HEADS_FILE = DATA / "evidence-heads.jsonl"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# The proxy that ends TLS redirects to it (W008); what holds for other hosts of the domain is its owner's to say (W005, W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
LOGGING_CONFIG = None
