"""The four keys of an installation: made once, looked at before every start."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from linli.ground.kernel.errors import Invalid

KEYS = ("LINLI_SECRET_KEY", "LINLI_FIELD_KEYS", "LINLI_INDEX_KEY", "LINLI_LOG_KEY")


def make_keys(folder: Path) -> list[str]:
    """Make the keys that are missing, readable by the owner only; returns the names of the new ones."""
    is_new_home = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if is_new_home:  # the register, photos and the log lie beside the keys
        folder.parent.chmod(0o700)
    made = []
    for name in KEYS:
        path = folder / name
        if os.environ.get(name) or os.environ.get(f"{name}_FILE") or path.exists():
            continue
        key = (
            secrets.token_urlsafe(48)
            if name == "LINLI_SECRET_KEY"
            else base64.b64encode(secrets.token_bytes(32)).decode()
        )
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
        made.append(name)
    return made


def require_keys() -> None:
    """Refuse to go on without all four keys, or with one that cannot be used."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from linli.ground.db import crypto
    from linli.ground.journal import queries as journal

    missing = [name for name in KEYS if not _is_given(name)]
    if missing:
        raise Invalid(
            "no_keys",
            "缺密钥 {names}。新装请先运行 linli init；恢复时请先把 keys 文件夹放回 {home}。",
            names="、".join(missing),
            home=settings.HOME,
        )
    try:
        crypto.encrypt("")
        crypto.blind_index("")
        journal.verifier_key(0)
    except ImproperlyConfigured as error:
        raise Invalid("bad_key", "密钥不能用：{reason}。", reason=str(error).rstrip("。")) from error


def _is_given(name: str) -> bool:
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        return bool(getattr(settings, "SECRET_KEY" if name == "LINLI_SECRET_KEY" else name))
    except ImproperlyConfigured:  # Django's own way to say that SECRET_KEY is empty
        return False
