"""Django's settings for one node; which node is said by KAKEHASHI_NODE, its folder."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from kakehashi import node as nodes

NODE = nodes.load(Path(os.environ["KAKEHASHI_NODE"])) if "KAKEHASHI_NODE" in os.environ else None
BASE = Path(__file__).parent
FOLDER = NODE.folder if NODE else BASE
SLUG = NODE.slug if NODE else "none"


KEPT = 60  # seconds for which a thread keeps its connection: to open one costs as much as ten questions


def _secret() -> str:
    """The key of sessions and forms, made once and kept in the node's folder."""
    if NODE is None:
        return secrets.token_urlsafe(48)
    path = NODE.folder / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _database() -> dict[str, object]:
    address = NODE.database if NODE else ""
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "node.sqlite3" if NODE else ":memory:",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                " PRAGMA foreign_keys=ON; PRAGMA mmap_size=134217728; PRAGMA cache_size=-4000;",
            },
            "CONN_MAX_AGE": KEPT,
        }
    parts = urlsplit(address)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": KEPT,
    }


DEMO = bool(NODE and NODE.demo)
SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *([NODE.name] if NODE else [])]
CSRF_TRUSTED_ORIGINS = [f"https://{NODE.name}"] if NODE else []
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "kakehashi.urls"
WSGI_APPLICATION = "kakehashi.wsgi.application"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "kakehashi.audit",
    "kakehashi.mail",
    "kakehashi.ui",
    "kakehashi.accounts",  # before allauth, whose pages it sets in our look
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "kakehashi.translation",
    "kakehashi.records",
    "kakehashi.sme",
    "kakehashi.reports",
    "kakehashi.practices",
    "kakehashi.quality",
    "kakehashi.agreements",
    "kakehashi.exchange",
    "kakehashi.proving",
    "kakehashi.outlets",
    "kakehashi.recovery",
    "kakehashi.importers",
    "kakehashi.matching",
    "kakehashi.introductions",
    "kakehashi.missions",
    "kakehashi.newsroom",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kakehashi.ui.middleware.KeepLanguage",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kakehashi.accounts.middleware.ViewerMiddleware",
    "kakehashi.recovery.middleware.ReadOnlyWhenDamaged",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kakehashi.ui.middleware.ErrorPages",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kakehashi.ui.context.page",
            ],
            "builtins": [
                "kakehashi.ui.templatetags.kakehashi",
                "kakehashi.translation.templatetags.wordings",
                "kakehashi.records.templatetags.readings",
                "django.templatetags.i18n",
            ],
        },
    }
]

# Nodes of a demonstration share the host, and so would share cookies: each name carries the node.
SESSION_COOKIE_NAME = f"session_{SLUG}"
CSRF_COOKIE_NAME = f"csrf_{SLUG}"
LANGUAGE_COOKIE_NAME = f"language_{SLUG}"
MESSAGES_COOKIE_NAME = f"messages_{SLUG}"
MESSAGE_STORAGE = "kakehashi.ui.messages.NamedCookieStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEMO and NODE is not None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kakehashi.ui.views.form_expired"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "kakehashi.accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    name: f"kakehashi.accounts.forms.{form}"
    for name, form in {
        "login": "LoginForm",
        "signup": "SignupForm",
        "add_email": "AddressForm",
        "change_password": "ChangePasswordForm",
        "set_password": "SetPasswordForm",
        "reset_password": "ForgottenForm",
        "reset_password_from_key": "NewPasswordForm",
        "reauthenticate": "ConfirmPasswordForm",
    }.items()
}
MFA_FORMS = {
    "authenticate": "kakehashi.accounts.forms.CodeForm",
    "reauthenticate": "kakehashi.accounts.forms.ConfirmCodeForm",
    "activate_totp": "kakehashi.accounts.forms.ActivateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True  # one address a person; the old one holds until the new one is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Kakehashi: "
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEMO else "https"
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO else 1  # whose addresses the rate limits count: serve.py says why
MFA_ADAPTER = "kakehashi.accounts.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a new address may be confirmed while the second factor is on
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Kakehashi"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

USE_I18N = True
USE_TZ = True
TIME_ZONE = NODE.time_zone if NODE else "UTC"
LANGUAGE_CODE = NODE.language if NODE else "en"
LANGUAGES = [("de", "Deutsch"), ("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
FORMAT_MODULE_PATH = "kakehashi.locale"

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: files are served from where the package has them
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

EMAIL_HOST = os.environ.get("KAKEHASHI_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("KAKEHASHI_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("KAKEHASHI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KAKEHASHI_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("KAKEHASHI_SMTP_SECURITY") == "starttls"
EMAIL_USE_SSL = os.environ.get("KAKEHASHI_SMTP_SECURITY") == "tls"
if DEMO and "KAKEHASHI_SMTP_HOST" not in os.environ:  # no mail server there: mails become files
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = FOLDER / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = f"Kakehashi <noreply@{NODE.name if NODE else 'localhost'}>"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "file": {
            "class": "logging.handlers.RotatingFileHandler" if NODE else "logging.StreamHandler",
            "formatter": "line",
            **({"filename": NODE.folder / "node.log", "maxBytes": 2**21, "backupCount": 2} if NODE else {}),
        }
    },
    "root": {"handlers": ["file"], "level": "INFO"},
    "loggers": {"httpx": {"level": "WARNING"}},  # one line for each long-poll would fill the log
}
