"""Everything the site can be told, read from the environment in one place.

Each variable is documented in `docs/settings.md`; a wrong value stops the start with a sentence
that names it. Nothing else in the project reads the environment.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError
from marshmallow.validate import OneOf, Range, Regexp

from portal.settings.addresses import own_hosts, site_url
from portal.settings.api import SPECTACULAR, rest_framework
from portal.settings.logging import logging_config
from portal.settings.sources import archive_storage, database, secret_key

VERSION = "0.1.0"
BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = Env()
try:
    DEBUG: bool = env.bool("ATELIER_DEBUG", default=False)
    DATA_DIR: Path = env.path("DATA_DIR", default=BASE_DIR / "data").absolute()
    SITE_NAME: str = env.str("ATELIER_SITE_NAME", default="Atelier")
    # Where `manage.py serve` listens, with how many web processes, and whether it seeds the demo.
    BIND: str = env.str("ATELIER_BIND", default="127.0.0.1")
    PORT: int = env.int("PORT", default=8000)
    WEB_PROCESSES: int = env.int("ATELIER_WEB_PROCESSES", default=2, validate=Range(min=1))
    DEMO: bool = env.bool("ATELIER_DEMO", default=True)
    SITE_URL: str = env.str("ATELIER_URL", default=site_url(BIND, PORT)).rstrip("/")
    ALLOWED_HOSTS: list[str] = env.list("ATELIER_HOSTS", default=own_hosts(BIND))
    ALLOWED_HOSTS += [host] if (host := urlsplit(SITE_URL).hostname) else []
    LANGUAGE_CODE: str = env.str("ATELIER_LANGUAGE", default="en")
    TIME_ZONE: str = env.str("ATELIER_TIME_ZONE", default="Asia/Shanghai")
    REDIS_URL: str = env.str("REDIS_URL", default=f"unix://{DATA_DIR / 'redis' / 'redis.sock'}")
    LOG_FORMAT: str = env.str("ATELIER_LOG_FORMAT", default="console")
    LOG_LEVEL: str = env.str("ATELIER_LOG_LEVEL", default="INFO")
    # People behind a reverse proxy: how many proxies to believe about the client's address.
    ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("ATELIER_TRUSTED_PROXIES", default=0)
    EMAIL_URL = env.dj_email_url("EMAIL_URL", default="console:")
    DEFAULT_FROM_EMAIL: str = env.str("ATELIER_FROM_EMAIL", default="atelier@localhost")
    # Real models: a directory with transformer/ text_encoder/ vae/ tokenizer/, or of such ones.
    MODEL_DIR: str = env.str("ATELIER_MODEL_DIR", default="")
    MODEL_DEVICE: str = env.str("ATELIER_MODEL_DEVICE", default="auto")
    MODEL_VRAM_LIMIT_GIB: float | None = env.float("ATELIER_MODEL_VRAM_LIMIT_GIB", default=None)
    # LoRA files that may be registered. What becomes of a model that draws something else.
    LORA_DIR: str = env.str("ATELIER_LORA_DIR", default="")
    CANARY: str = env.str(
        "ATELIER_CANARY", default="show", validate=OneOf(["show", "block", "off"])
    )
    # Seconds between two steps of a preview picture, so that its progress can be watched.
    PREVIEW_STEP_SECONDS: float = env.float("ATELIER_PREVIEW_STEP_SECONDS", default=0.15)
    # The GPU memory that the preview engine says it has, to try out without a GPU what follows.
    SIMULATED_VRAM_GB: float | None = env.float(
        "ATELIER_SIMULATED_VRAM_GB",
        default=None,
        validate=Range(min=0, min_inclusive=False),
    )
    # How long pictures lie in the trash; 0 is for ever.
    TRASH_DAYS: int = env.int("ATELIER_TRASH_DAYS", default=30, validate=Range(min=0, max=3650))
    # The legal name or code that the Chinese AIGC label names as producer of the content.
    CONTENT_PRODUCER: str = env.str("ATELIER_CONTENT_PRODUCER", default=SITE_NAME)
    # Workers that `manage.py serve` starts: on which devices, and how many (0: on other machines).
    WORKER_DEVICES: list[str] = env.list("ATELIER_WORKER_DEVICES", default=[])
    WORKERS: int = env.int(
        "ATELIER_WORKERS", default=max(1, len(WORKER_DEVICES)), validate=Range(min=0, max=64)
    )
    # A worker: the name of its place, the pool whose tickets it takes, the models it is limited to.
    WORKER_NAME: str = env.str("ATELIER_WORKER_NAME", default="")
    WORKER_POOL: str = env.str(
        "ATELIER_WORKER_POOL", default="gpu", validate=Regexp(r"^[a-z0-9][a-z0-9_-]{0,39}$")
    )
    WORKER_MODELS: list[str] = env.list("ATELIER_WORKER_MODELS", default=[])
    WORKER_LOST_AFTER_SECONDS: int = env.int("ATELIER_WORKER_LOST_AFTER_SECONDS", default=15)
    JOB_TIME_LIMIT_SECONDS: int = env.int("ATELIER_JOB_TIME_LIMIT_SECONDS", default=600)
    JOB_MAX_ATTEMPTS: int = env.int("ATELIER_JOB_MAX_ATTEMPTS", default=3)
    # What an import may bring: megabytes of one file, millions of pixels, and files and gigabytes
    # of a whole import; whether files are kept as they came, and how long unfinished imports wait.
    IMPORT_MAX_FILE_MB: int = env.int(
        "ATELIER_IMPORT_MAX_FILE_MB", default=50, validate=Range(min=1, max=1024)
    )
    IMPORT_MAX_MEGAPIXELS: int = env.int(
        "ATELIER_IMPORT_MAX_MEGAPIXELS", default=40, validate=Range(min=1, max=170)
    )
    IMPORT_MAX_FILES: int = env.int(
        "ATELIER_IMPORT_MAX_FILES", default=20_000, validate=Range(min=1, max=100_000)
    )
    IMPORT_MAX_TOTAL_GB: int = env.int(
        "ATELIER_IMPORT_MAX_TOTAL_GB", default=100, validate=Range(min=1)
    )
    IMPORT_KEEP_ORIGINALS: bool = env.bool("ATELIER_IMPORT_KEEP_ORIGINALS", default=True)
    IMPORT_FORGET_AFTER_DAYS: int = env.int(
        "ATELIER_IMPORT_FORGET_AFTER_DAYS", default=7, validate=Range(min=1)
    )
    # How often one person may call the API in a minute, with all their tokens together.
    API_READS_PER_MINUTE: int = env.int("ATELIER_API_READS_PER_MINUTE", default=600)
    API_WRITES_PER_MINUTE: int = env.int("ATELIER_API_WRITES_PER_MINUTE", default=60)
    SECRET_KEY = secret_key(env.str("ATELIER_SECRET_KEY", default=""), DATA_DIR)
    DATABASES = {"default": database(env, DATA_DIR)}
    STORAGES = {
        "default": archive_storage(env, DATA_DIR),
        "archive": archive_storage(env, DATA_DIR),
        "staticfiles": {"BACKEND": "portal.statics.HashedStatics"},
    }
except EnvError as error:
    message = f"A setting is wrong: {error}. See docs/settings.md for what it may be."
    raise ImproperlyConfigured(message) from error
except OSError as error:  # the secret key is kept there
    message = f"The data directory cannot be used: {error}. Choose another with DATA_DIR=."
    raise ImproperlyConfigured(message) from error

INSTALLED_APPS = [
    "portal",
    "generation",
    "assets",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, for the FORM_RENDERER below
    "template_partials",
    "allauth",
    "allauth.account",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "django_rq",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "accounts.middleware.AccessMiddleware",
    "portal.errors.DomainErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.shell.shell",
            ],
        },
    }
]

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
WSGI_APPLICATION = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "accounts.sign_in.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ANONYMOUS_USER_NAME = None  # guardian's own row for strangers: we have no use for it
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "accounts.sign_in.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.sign_in.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation to their address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https://") else "http"

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from within, past the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- Words and time ---------------------------------------------------------------------------

LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

EMAIL_BACKEND = EMAIL_URL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_URL.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_URL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_URL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_URL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_URL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_URL.get("EMAIL_USE_SSL", False)

# Rate limits of the sign-in must hold across processes and must not need Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Django's 300 would forget counts that still run as soon as a few hundred addresses try.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What each process may count for itself, because writing it down would cost more.
    "memory": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# --- Work -------------------------------------------------------------------------------------

# Engines are named here and imported only by a worker; web processes never load them.
GENERATION_ENGINES: dict[str, dict[str, object]] = {
    "preview": {
        "ENGINE": "generation.engines.preview.PreviewEngine",
        "OPTIONS": {
            "step_seconds": PREVIEW_STEP_SECONDS,
            "simulated_vram_gb": SIMULATED_VRAM_GB,
        },
    },
}
if MODEL_DIR:
    GENERATION_ENGINES["diffsynth"] = {
        "ENGINE": "generation.engines.diffsynth.DiffSynthEngine",
        "OPTIONS": {
            "model_root": MODEL_DIR,
            "device": MODEL_DEVICE,
            "vram_limit": MODEL_VRAM_LIMIT_GIB,
            "lora_root": LORA_DIR or None,
        },
    }

RQ_QUEUES = {
    "gpu": {
        "URL": REDIS_URL,
        "DEFAULT_TIMEOUT": JOB_TIME_LIMIT_SECONDS + 120,
        "SERIALIZER": "rq.serializers.JSONSerializer",
        "COMMIT_MODE": "auto",
    }
}
RQ_SHOW_ADMIN_LINK = False

# --- API --------------------------------------------------------------------------------------

REST_FRAMEWORK = rest_framework(reads=API_READS_PER_MINUTE, writes=API_WRITES_PER_MINUTE)
SPECTACULAR_SETTINGS = SPECTACULAR

LOGGING_CONFIG = "portal.settings.logging.configure"
LOGGING = logging_config(LOG_FORMAT, LOG_LEVEL)
# One portal must not decide that every other name below its domain speaks HTTPS.
SILENCED_SYSTEM_CHECKS: list[str] = ["security.W005", "security.W021"]
