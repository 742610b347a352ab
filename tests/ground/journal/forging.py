"""A forger's bench: bundles put together by hand, with any key, any name and any content."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.ground.journal.domain.notes import CheckpointText, SigningKey
from linli.ground.kernel import merkle

FIRST_LINE = b"linli-bundle v1\n"


def key_called(name: str, seed: int = 66) -> SigningKey:
    """The forger's own key under any name, also one that the house would refuse."""
    return SigningKey(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def entry(number: int = 0, log: int = 7, **more: str) -> bytes:
    """An act as its bytes; ``more`` puts other bytes in the place of a field."""
    said = {
        "b": f'{{"number":{number}}}',
        "by": '"a"',
        "c": str(log),
        "s": '"x"',
        "t": '"x"',
        "ts": "1",
        "v": "1",
    }
    return (
        "{" + ",".join(f'"{name}":{value}' for name, value in sorted((said | more).items())) + "}"
    ).encode()


@dataclass
class Forgery:
    """What is to stand in the bundle; what is left empty is made to fit the rest."""

    key: SigningKey
    entries: list[bytes] = field(default_factory=lambda: [entry(number) for number in range(3)])
    shown: dict[str, bytes] = field(default_factory=dict)
    older: bytes = b""
    checkpoint: bytes = b""
    manifest: Any = None
    """A function from the manifest that would fit to the one that is signed."""
    note: Any = None
    """The same for the note under it."""

    def __bytes__(self) -> bytes:
        lines = b"".join(line + b"\n" for line in self.entries)
        parts = [
            ("checkpoint", self.checkpoint or self.signed_at(len(self.entries))),
            ("checkpoints", self.older),
        ]
        parts += [
            *sorted((f"open/{path}", content) for path, content in self.shown.items()),
            ("entries", lines),
        ]
        listed = ",".join(f'["{name}",{len(data)},"{sha256(data).hexdigest()}"]' for name, data in parts)
        name = self.key.name
        manifest = (
            f'{{"at":1795161600000,"key":"{self.key.verifier_key}","log":{name.rpartition("/")[2]},'
            f'"origin":"{name}","parts":[{listed}],"size":{len(self.entries)},"v":1}}'
        ).encode()
        manifest = self.manifest(manifest) if self.manifest else manifest
        digest = base64.b64encode(sha256(manifest).digest()).decode()
        note = self.key.sign(f"linli-bundle v1\n{name}\n{digest}\n").encode()
        note = self.note(note) if self.note else note
        return joined([*parts, ("manifest", manifest), ("manifest.note", note)])

    def signed_at(self, size: int) -> bytes:
        """The checkpoint of the forged log at a size."""
        root = merkle.root(merkle.leaf_hashes(self.entries[:size]))
        return self.key.sign(str(CheckpointText(self.key.name, size, root))).encode()


def joined(parts: list[tuple[str, bytes]]) -> bytes:
    """The file of these parts, with the lengths they have."""
    return FIRST_LINE + b"".join(b"%s %d\n%s\n" % (name.encode(), len(data), data) for name, data in parts)


def split(bundle: bytes) -> list[tuple[str, bytes]]:
    """The parts of a bundle."""
    parts, rest = [], bundle[len(FIRST_LINE) :]
    while rest:
        header, _, rest = rest.partition(b"\n")
        name, length = header.decode().split(" ")
        parts.append((name, rest[: int(length)]))
        rest = rest[int(length) + 1 :]
    return parts
