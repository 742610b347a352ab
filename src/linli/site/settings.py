"""The one settings file. Every value an operator may change is read from ``LINLI_…``.

docs/reference/settings.md explains each of them; a test keeps the two in step.
"""

from __future__ import annotations

from pathlib import Path

from linli.site import environment

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(environment.text("LINLI_HOME", "var")).resolve()

DEBUG = environment.flag("LINLI_DEBUG", False)
SECRET_KEY = environment.secret("LINLI_SECRET_KEY", HOME)
LINLI_FIELD_KEYS = [key for key in environment.secret("LINLI_FIELD_KEYS", HOME).split(",") if key]
LINLI_INDEX_KEY = environment.secret("LINLI_INDEX_KEY", HOME)
LINLI_LOG_KEY = environment.secret("LINLI_LOG_KEY", HOME)
LINLI_ORIGIN = environment.text("LINLI_ORIGIN", "linli.localhost")
LINLI_MEDIA = HOME / "media"
LINLI_LAW_PROFILE = environment.text("LINLI_LAW_PROFILE", "cn-3702-qingdao")
LINLI_SMS = environment.text("LINLI_SMS", "console")
LINLI_SMS_URL = environment.text("LINLI_SMS_URL")
LINLI_SMS_TOKEN = environment.text("LINLI_SMS_TOKEN")
LINLI_MAIL_FROM = environment.text("LINLI_MAIL_FROM", "linli@localhost")
LINLI_DEMO = environment.flag("LINLI_DEMO", False)
LINLI_STAFF_GRACE_DAYS = environment.number("LINLI_STAFF_GRACE_DAYS", 0)
LINLI_MESSAGES_KEPT_DAYS = environment.number("LINLI_MESSAGES_KEPT_DAYS", 1096, least=30)
LINLI_DELIVERIES_KEPT_DAYS = environment.number("LINLI_DELIVERIES_KEPT_DAYS", 180, least=30)

ALLOWED_HOSTS = environment.words("LINLI_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("LINLI_TRUSTED_ORIGINS")
LINLI_HTTPS = environment.flag("LINLI_HTTPS", False)
CSRF_COOKIE_SECURE = LINLI_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "linli.ground.web.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if LINLI_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "linli.ground.db",
    "linli.ground.web",
    "linli.ground.journal",
    "linli.registry.places",
    "linli.registry.people",
    "linli.registry.organisations",
    "linli.registry.regulations",
    "linli.civic.notifications",
    "linli.civic.requests",
    "linli.outward.transparency",
    "linli.outward.exchange",
    "linli.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linli.ground.web.middleware.HeadMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.registry.people.middleware.ActorMiddleware",
    "linli.ground.web.middleware.DisplayMiddleware",
    "linli.ground.web.middleware.Door",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGIN_URL = "people:login"
ROOT_URLCONF = "linli.site.urls"
WSGI_APPLICATION = "linli.site.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": sorted(str(path) for path in PACKAGE.glob("*/*/templates")),
        "OPTIONS": {
            "environment": "linli.ground.web.jinja.environment",
            "context_processors": ["linli.ground.web.context.page"],
        },
    }
]

DATABASES = {"default": environment.database("LINLI_DATABASE", f"sqlite:///{HOME}/linli.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [str(PACKAGE / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = str(HOME / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LINLI_MAX_REQUEST = environment.number("LINLI_MAX_REQUEST", 64 * 2**20)
LINLI_PROXIES = environment.number("LINLI_PROXIES", 0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

EMAIL_BACKEND = environment.text("LINLI_MAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = environment.text("LINLI_MAIL_HOST", "localhost")
EMAIL_PORT = environment.number("LINLI_MAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("LINLI_MAIL_USER")
EMAIL_HOST_PASSWORD = environment.text("LINLI_MAIL_PASSWORD")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": environment.text("LINLI_LOG_LEVEL", "WARNING")},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
