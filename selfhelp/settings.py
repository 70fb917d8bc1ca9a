"""All settings, from the environment (or `.env`). What production needs and does not have stops the start."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def required(name, why):
    """Return the setting `name`, or stop with a sentence that says what to set and why."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment or in .env: {why}")
    return value


# What the site is
SITE_NAME = env.str("SITE_NAME", default="Open Chair")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")

# Whether single words that found nothing are counted for curators. The privacy page says which.
KEEP_SEARCHED_WORDS = env.bool("KEEP_SEARCHED_WORDS", default=True)

# Safety
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "a long random string, the same on every web process.")
ALLOWED_HOSTS = [
    host.strip()
    for host in required("ALLOWED_HOSTS", "the host names this site answers to, with commas.").split(",")
    if host.strip()
]
HTTPS = env.bool("HTTPS", default=True)
# Whose word on the visitor's address and scheme counts.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# 'same-origin' and not 'no-referrer': Django's protection of forms over HTTPS reads the referrer.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
# A session ends when nothing was done for so long, after so long in any case, and with the browser.
SESSION_COOKIE_AGE = 2 * 3600
SESSION_LASTS_AT_MOST = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# A form of this site is text. What is larger is refused before it is read; files, see FILE_UPLOAD_HANDLERS.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# How the house is put together
INSTALLED_APPS = [
    "selfhelp",
    "casestudies",
    "practitioners",
    "groups",
    "directory",
    "selfhelp.installed.WorkplaceConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "django_htmx",
    "csp",
    "import_export",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "selfhelp.installed.SignInsConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "selfhelp.middleware.SecurityHeadersMiddleware",
    "selfhelp.middleware.IgnoreNulMiddleware",
    "selfhelp.middleware.TidyAddressMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "groups.shortlist.ShortlistMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "selfhelp.middleware.SessionEndsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "selfhelp.urls"
WSGI_APPLICATION = "selfhelp.wsgi.application"
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
                "selfhelp.context_processors.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The ground knows no page above it: the roof says where its models are shown.
ABSOLUTE_URL_OVERRIDES = {
    "directory.topic": lambda topic: reverse("topic", args=[topic.slug]),
    "directory.supportrole": lambda role: reverse("practitioners:role", args=[role.slug]),
}

# The database. `manage.py` starts the embedded server and sets DATABASE_URL where nobody else does.
required("DATABASE_URL", "a PostgreSQL address; or start the site with `make run`, which brings its own server.")
DATABASES = {"default": env.db("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("Set DATABASE_URL to a PostgreSQL address (postgres://...): there is no other search.")
# Kept, not pooled: with a fixed number of web threads both measure the same, and this has no background threads.
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A host that does not answer must not hold a page, or /readyz, for minutes.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# A page asks for little: to start helpers for it, or to compile its SQL, takes longer than the answer. And what it asks
# for lies in memory or on a disk without arms: by PostgreSQL's own figure it would rather read a small table whole.
DATABASES["default"]["OPTIONS"].setdefault(
    "options",
    "-c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1 -c plan_cache_mode=force_generic_plan",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Words and time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
# The texts are written in the one language there is. To look each up took an eighth of a page.
USE_I18N = len(LANGUAGES) > 1
USE_TZ = True

# Files
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Half the files to compress: no page asks for a name without a hash.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default="") or BASE_DIR / "var" / "media")
# Tables between a dry run and the yes to it: an hour at most, and in no backup.
IMPORTS_ROOT = Path(env.str("IMPORTS_ROOT", default="") or BASE_DIR / "var" / "imports")
# The first one stops what the others would write down.
FILE_UPLOAD_HANDLERS = [
    "directory.exchange.uploads.LimitFiles",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Mail. Without a server, messages become files in a folder of this machine, and the pages say so.
MAIL_GOES_OUT = bool(env.str("EMAIL_URL", default="").strip())
if MAIL_GOES_OUT:
    _mail = env.email_url("EMAIL_URL")
    if not _mail["EMAIL_BACKEND"].endswith(".smtp.EmailBackend") or not _mail["EMAIL_HOST"]:
        raise ImproperlyConfigured("Set EMAIL_URL to a mail server: smtp+tls://user:password@mail.example.org:587")
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST = _mail["EMAIL_HOST"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
    EMAIL_PORT = _mail["EMAIL_PORT"] or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
    # A person waits for the answer.
    EMAIL_TIMEOUT = 10
    DEFAULT_FROM_EMAIL = required("MAIL_FROM", "the address that the site's letters come from, as EMAIL_URL is set.")
else:
    EMAIL_BACKEND = "directory.mail.OutboxBackend"
    EMAIL_FILE_PATH = BASE_DIR / "var" / "outbox"
    DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or CONTACT_EMAIL or "nobody@localhost"

# Sign-in
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
OTP_TOTP_ISSUER = SITE_NAME
# Who guesses at a password is locked out for a while: this name, from this network. A name alone would let a stranger
# lock a curator out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "selfhelp.guessing.network_address"
AXES_HANDLER = "selfhelp.guessing.Handler"
AXES_LOCKOUT_CALLABLE = "selfhelp.views.second_step.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Logs: what went wrong, never what somebody looked for. Paths are logged without their query strings, and without keys.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_keys": {"()": "selfhelp.logs.WithoutKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_keys"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Who signed in, and who guessed, stands in the database for administrators.
        "axes": {"level": "ERROR"},
    },
}
