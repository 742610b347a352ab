"""Signed notes, checkpoints and key strings as text (C2SP signed-note, tlog-checkpoint; Ed25519)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from linli.ground.kernel.errors import Invalid

_ED25519 = b"\x01"
_DASH = "\u2014"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A log's name in public and the key that signs for it."""

    name: str
    private: Ed25519PrivateKey

    @property
    def public_bytes(self) -> bytes:
        """The public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @property
    def verifier_key(self) -> str:
        """What is published so that anyone can check: ``<name>+<key id>+<base64>``."""
        encoded = base64.b64encode(_ED25519 + self.public_bytes).decode()
        return f"{self.name}+{key_id(self.name, self.public_bytes).hex()}+{encoded}"

    def sign(self, text: str) -> str:
        """The note: the text, a blank line, and the signature line."""
        assert text.endswith("\n"), "the text of a note ends with a newline"
        signature = key_id(self.name, self.public_bytes) + self.private.sign(text.encode())
        return f"{text}\n{_DASH} {self.name} {base64.b64encode(signature).decode()}\n"


def signing_key(name: str, secret: str) -> SigningKey:
    """The key of the log with this name, from its 32-byte seed in base64.

    Refuses a missing or malformed seed and a name that a note cannot hold.
    """
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise Invalid(
            "bad_origin", "日志的名字“{name}”里不能有空格和加号，请改设置 LINLI_ORIGIN。", name=name
        )
    seed = strict_base64(secret)
    if seed is None or len(seed) != 32:
        raise Invalid("bad_log_key", "设置 LINLI_LOG_KEY 应为 32 字节随机数的 base64 写法，现在不是。")
    return SigningKey(name, Ed25519PrivateKey.from_private_bytes(seed))


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature line names its key."""
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def strict_base64(text: str) -> bytes | None:
    """The bytes of canonical base64; None for any other text (Python's decoder accepts 15 more)."""
    try:
        decoded = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return decoded if base64.b64encode(decoded).decode() == text else None


@dataclass(frozen=True, slots=True)
class CheckpointText:
    """What a checkpoint says: the log ``origin`` had ``root`` at ``size``."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def open_checkpoint(note: str, key: SigningKey) -> CheckpointText:
    """What a checkpoint says, once its signature is verified. Refuses everything else."""
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    lines = text.split("\n")
    root = strict_base64(lines[2]) if len(lines) == 4 else None
    if root is None or len(root) != 32 or not _is_decimal(lines[1]):
        raise Invalid("bad_checkpoint", "这不是核对点。")
    if not any(_signed(text, line, key) for line in signatures.split("\n")):
        raise Invalid("checkpoint_not_ours", "核对点的签名不对，或不是这把密钥签的。")
    return CheckpointText(lines[0], int(lines[1]), root)


def _is_decimal(text: str) -> bool:
    return len(text) < 20 and text.isascii() and text.isdigit() and str(int(text)) == text


def _signed(text: str, line: str, key: SigningKey) -> bool:
    signature = strict_base64(line.removeprefix(f"{_DASH} {key.name} "))
    if not line.startswith(_DASH) or signature is None:
        return False
    if signature[:4] != key_id(key.name, key.public_bytes):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public_bytes).verify(signature[4:], text.encode())
    except InvalidSignature:
        return False
    return True
