"""Settings, read from the environment. `.env.example` documents every variable."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cyclemap.clock import SCHEDULE
from cyclemap.logs import logging_of

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

# --- Where we are --------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# The trial (`make run`) and the tests have embedded defaults; production has to say its own.
TRIAL = env.bool("CYCLEMAP_TRIAL", default=False)

INSECURE_KEY = "insecure-for-trial-only"
SECRET_KEY = env("SECRET_KEY", default=INSECURE_KEY if TRIAL or DEBUG else "")
if not (TRIAL or DEBUG) and (len(SECRET_KEY) < 32 or SECRET_KEY.startswith("insecure")):
    raise ImproperlyConfigured(
        "SECRET_KEY must be a secret of at least 32 characters. Make one with: "
        'python -c "import secrets; print(secrets.token_urlsafe(48))"'
    )

# Where everything the server writes goes: the SQLite file, reports, the trial letter box.
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- What is in it -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "cycles",
    "surveys",
    "prioritization",
    "cyclemap",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]

# What every answer passes; the pages for customers (cyclemap/lane.py) pass nothing else.
# The policy stands outside of whatever may refuse a request, so that refusals carry their headers too.
CUSTOMERS_PREFIXES = ["/s/", "/o/", "/u/"]
CUSTOMERS_MIDDLEWARE = [
    "cyclemap.middleware.RequestIdMiddleware",
    "cyclemap.middleware.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "accounts.middleware.LanguageMiddleware",
]
MIDDLEWARE = [
    "cyclemap.lane.CustomersLane",
    "cyclemap.middleware.RequestIdMiddleware",
    "cyclemap.middleware.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.WorkspaceMiddleware",
    # Says who changes a map; asks the database nothing unless something changes.
    "simple_history.middleware.HistoryRequestMiddleware",
    "accounts.middleware.InvalidFormMiddleware",
]

ROOT_URLCONF = "cyclemap.urls"
WSGI_APPLICATION = "cyclemap.wsgi.application"

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
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# --- Database ------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'cyclemap.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL and IMMEDIATE let web and worker write side by side without "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["ENGINE"] = "cyclemap.postgres"
    # Every statement is short: compiling one takes longer than running it.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    # Off behind a pooler that does not keep prepared statements (PgBouncer before 1.21).
    prepares = env.bool("DATABASE_PREPARES", default=True)
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 0 if prepares else None

# History is read by cycle and day; our own index is for that.
SIMPLE_HISTORY_DATE_INDEX = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupNameForm"
# One address a person; a new one counts once it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https://") else "http"
# Strangers may not open accounts on a private server; invited people always can.
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=False)

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Cyclemap"
MFA_FORMS = {
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRIAL or DEBUG

# --- Language ------------------------------------------------------------------------------------

LANGUAGE_CODE = env("LANGUAGE_CODE", default="es")
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["cyclemap.formats"]
TIME_ZONE = env("TIME_ZONE", default="UTC")
USE_TZ = True

# --- Files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
# Production serves collected, hashed files; the trial serves them from where they lie.
# (COLLECT is set while the image is built: then the files are hashed without a secret at hand.)
WHITENOISE_USE_FINDERS = (TRIAL or DEBUG) and not env.bool("COLLECT", default=False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Of a whole request; each form says how large its own file may be.
MAX_UPLOAD = 32 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "cyclemap.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Mail ----------------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL", default="smtp://127.0.0.1:1025"))
EMAIL_TIMEOUT = 30
# How many connections the mail server is to see at once.
MAIL_LANES = env.int("MAIL_LANES", default=2)
# How many mails may leave in a minute, of all lanes together; 0: as many as the server takes.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=0)
# To try with real data: every mail to customers goes to this address instead.
MAIL_ONLY_TO = env("MAIL_ONLY_TO", default="")
# Reports about mail that came back: imaps://user:password@host/INBOX, read every five minutes.
BOUNCE_MAILBOX = env("BOUNCE_MAILBOX", default="")
# The mail provider that calls /hooks/mail/ (postmark, mailgun, ...; surveys/provider_events.py), and what
# anymail must know to believe it: the secret of basic authentication, or as JSON the key it signs with.
MAIL_PROVIDER = env("MAIL_PROVIDER", default="")
ANYMAIL = {"WEBHOOK_SECRET": env("MAIL_WEBHOOK_SECRET", default=""), **env.json("ANYMAIL", default={})}
# Kept outside the database on every machine that sends (surveys/guard.py, surveys/journal.py).
SENDING_EPOCHS = DATA_DIR / "sending-epochs"
SENDING_JOURNAL = DATA_DIR / "sending-journal"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Cyclemap <cyclemap@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Workers -------------------------------------------------------------------------------------

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A frozen broker must not hang a page: give up soon, the clock finds the row.
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "health_check_interval": 10,
    # `retry=False` alone still tries to connect for seconds before a page may go on.
    "max_retries": 0,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- Security ------------------------------------------------------------------------------------

# Each source is listed because something needs it: our files, our forms, our htmx calls, and
# data: images for the QR code of two-factor set-up.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
HTTPS = SITE_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not (TRIAL or DEBUG))
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if TRIAL or DEBUG else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Health checks come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Whose X-Forwarded-For entry the limits believe: what a browser writes there itself is ignored.
    ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not (TRIAL or DEBUG)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE
if SESSION_COOKIE_SECURE:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "cyclemap.views.csrf_failure"
# Invitation links are derived from this key, so a copy of the database alone opens none of them.
LINK_KEYS = env.list("LINK_KEYS", default=[SECRET_KEY])

# Files of reports are removed after so many days, and their lines stay; 0: they are kept for ever.
REPORTS_KEPT_DAYS = env.int("REPORTS_KEPT_DAYS", default=365)
# A report that takes more memory than this on top of its worker's own fails with a sentence; 0: no bound.
REPORT_MEMORY_MB = env.int("REPORT_MEMORY_MB", default=1500)
# How many answers a minute one address may send (surveys/limits.py); 0: as many as come.
ANSWERS_PER_ADDRESS = env.int("ANSWERS_PER_ADDRESS", default=300)

# The limits on log-in attempts live here: shared by all web processes, and there without Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Who has a page open is forgotten after seconds: never worth a row of the database.
    "here": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "here",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    },
}
if TRIAL and not env("REDIS_URL", default=""):
    # One process tried by hand, or a test: `serve` says REDIS_URL to the processes it starts.
    CACHES["here"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "here"}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Logs: one JSON object a line, with the request id; never tokens, answers or addresses -------

LOGGING = logging_of(env("LOG_LEVEL", default="INFO"))

# --- Wiring: what a lower app asks of a higher one without knowing it -----------------------------

MOMENT_SCORES = "prioritization.scores.latest_scores"
MOMENT_ROUNDS = "prioritization.scores.rounds_of"
MOMENT_SCORES_IN = "prioritization.scores.scores_in"
MOMENTS_ASKED = "surveys.asked.asked_moments"
CYCLE_GLANCES = "prioritization.glances.glances_of"
CLOCKS = "surveys.cases.clocks.hours_of"
# What an action can be made from (cycles/origins.py), and what else its page shows (cycles/action_parts.py).
ACTION_MADE_FROM = {
    "comment": "cycles.origins.from_comment",
    "case": "surveys.cases.origin.from_case",
    "cases_at": "surveys.cases.origin.from_moment",
}
# What else forgets a person who is erased (surveys/traces.py).
PERSON_ERASED = ["prioritization.forgetting.forget"]
ACTION_EFFECTS = "prioritization.effect_page.in_short"
ACTION_QUICK_WINS = "prioritization.quick_wins.quick_wins_of"
ACTION_PARTS = ["prioritization.effect_page.part_of", "surveys.cases.origin.cases_of"]
SAMPLE_NEEDED = "prioritization.sampling.needed"
