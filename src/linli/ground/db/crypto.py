"""Encryption of single values at rest, and keyed indexes by which they can still be found.

A stored value is base64 text of ``version ‖ key id ‖ nonce ‖ AES-256-GCM ciphertext and tag``. The key
id says which of ``LINLI_FIELD_KEYS`` opens it, so that a new key can be put in front of the list while
old values stay readable. A blind index is a truncated HMAC-SHA256: equal texts have equal indexes, and
without ``LINLI_INDEX_KEY`` nobody can try phone numbers out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_BOUND_TO = b"linli/field/v1"
_BATCH = 4096
_HEAD = 1 + _KEY_ID_BYTES


class Unreadable(Exception):
    """A stored value that none of the keys opens: a key is missing, or the value was changed."""


def encrypt(text: str) -> str:
    """The text under the newest key, as base64 text; every call gives another result."""
    return encrypt_many([text])[0]


def encrypt_many(texts: Iterable[str]) -> list[str]:
    """Many texts under the newest key, about 3 µs each; in the order given."""
    key_id, cipher = _newest()
    head, seal, encode = _VERSION + key_id, cipher.encrypt, base64.b64encode
    pending = list(texts)
    sealed: list[str] = []
    for start in range(0, len(pending), _BATCH):
        batch = pending[start : start + _BATCH]
        noise = os.urandom(_NONCE_BYTES * len(batch))
        at = 0
        for text in batch:
            nonce = noise[at : at + _NONCE_BYTES]
            at += _NONCE_BYTES
            sealed.append(encode(head + nonce + seal(nonce, text.encode(), _BOUND_TO)).decode("ascii"))
    return sealed


def decrypt(stored: str) -> str:
    """The text behind a stored value. Refuses to guess: raises ``Unreadable``."""
    try:
        raw = base64.b64decode(stored, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("the stored value is not base64") from error
    cipher = _ciphers(tuple(settings.LINLI_FIELD_KEYS)).get(raw[1:_HEAD])
    if raw[:1] != _VERSION or cipher is None or len(raw) < _HEAD + _NONCE_BYTES + 16:
        raise Unreadable("no key of LINLI_FIELD_KEYS has sealed this value")
    nonce, sealed = raw[_HEAD : _HEAD + _NONCE_BYTES], raw[_HEAD + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, sealed, _BOUND_TO).decode()
    except InvalidTag as error:
        raise Unreadable("the stored value was changed after it was sealed") from error


def is_under_newest_key(stored: str) -> bool:
    """Whether the value needs no re-encryption after a key was put in front of the list."""
    return base64.b64decode(stored)[1:_HEAD] == _newest()[0]


def blind_index(text: str) -> str:
    """32 hexadecimal digits that stand for the text in a unique or indexed column.

    Give it the normalised text (a phone as eleven digits): other writings have other indexes.
    """
    return hmac.new(_index_key(settings.LINLI_INDEX_KEY), text.encode(), hashlib.sha256).hexdigest()[:32]


def blind_indexes(texts: Iterable[str]) -> list[str]:
    """``blind_index`` of many texts, in the order given."""
    start = hmac.new(_index_key(settings.LINLI_INDEX_KEY), b"", hashlib.sha256)
    found: list[str] = []
    for text in texts:
        one = start.copy()
        one.update(text.encode())
        found.append(one.hexdigest()[:32])
    return found


def _newest() -> tuple[bytes, AESGCM]:
    return next(iter(_ciphers(tuple(settings.LINLI_FIELD_KEYS)).items()))


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[str, ...]) -> dict[bytes, AESGCM]:
    if not keys:
        raise ImproperlyConfigured("设置 LINLI_FIELD_KEYS 是空的，敏感信息没有钥匙可用；先运行 linli init")
    return {hashlib.sha256(raw).digest()[:_KEY_ID_BYTES]: AESGCM(raw) for raw in map(_field_key, keys)}


def _field_key(text: str) -> bytes:
    raw = _base64("LINLI_FIELD_KEYS", text)
    if len(raw) != 32:
        raise ImproperlyConfigured(f"设置 LINLI_FIELD_KEYS 每把应为 32 字节，有一把是 {len(raw)} 字节")
    return raw


@lru_cache(maxsize=8)
def _index_key(text: str) -> bytes:
    raw = _base64("LINLI_INDEX_KEY", text)
    if len(raw) < 16:
        raise ImproperlyConfigured(f"设置 LINLI_INDEX_KEY 至少 16 字节，现在是 {len(raw)} 字节")
    return raw


def _base64(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(f"设置 {name} 应为 base64 文本") from error
