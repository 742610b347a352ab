"""Settings of the test suite: fixed keys, plain static files, nothing sent anywhere."""

import os
import tempfile

os.environ.setdefault("LINLI_HOME", tempfile.mkdtemp(prefix="linli-test-"))
os.environ.setdefault("LINLI_SECRET_KEY", "test-secret-key-that-is-long-enough-to-pass-every-check")
os.environ.setdefault("LINLI_FIELD_KEYS", "dGVzdC1maWVsZC1rZXktb2YtdGhpcnR5LXR3by1ieXQ=")
os.environ.setdefault("LINLI_INDEX_KEY", "dGVzdC1pbmRleC1rZXktb2YtdGhpcnR5LXR3by1ieXQ=")
os.environ.setdefault("LINLI_LOG_KEY", "dGVzdC1sb2cta2V5LW9mLXRoaXJ0eS10d28tYnl0ZXM=")
os.environ.setdefault("LINLI_HOSTS", "testserver,localhost,127.0.0.1")

from linli.site.settings import *  # noqa: E402, F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A real file: SQLite's shared memory database answers "locked" at once, where a file waits its turn.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["LINLI_HOME"], "test.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;PRAGMA foreign_keys=ON;"
    )
