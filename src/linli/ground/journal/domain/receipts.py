"""What a person keeps as proof: the short code of an act, and the proof that it is in the log."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from linli.ground.kernel.errors import Invalid

_CODE = re.compile(r"LL1:(0|[1-9]\d{0,18}):(0|[1-9]\d{0,18}):([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The place of an act and the hash of its bytes. It says nothing about what the act was."""

    log: int
    index: int
    hash: bytes

    @property
    def code(self) -> str:
        """``LL1:<log>:<index>:<43 letters>``, for a QR code or to copy."""
        return f"LL1:{self.log}:{self.index}:{base64.urlsafe_b64encode(self.hash).decode().rstrip('=')}"


def read_receipt(code: str) -> Receipt:
    """The receipt of a code; refuses every other text, also one that merely decodes to the same hash."""
    match = _CODE.fullmatch(code.strip())
    if match:
        found = Receipt(int(match[1]), int(match[2]), base64.urlsafe_b64decode(match[3] + "="))
        if found.code == code.strip():
            return found
    raise Invalid("bad_receipt", "回执不对，应形如 LL1:12:345:……，最后一段是 43 个字符。")


def proof_text(entry: bytes, index: int, path: Sequence[bytes], checkpoint: str) -> str:
    """The proof that an entry is in the log, as a ``.tlog-proof`` file (C2SP tlog-proof).

    The entry itself is the extra data, so that the file can be checked alone.
    """
    lines = ["c2sp.org/tlog-proof@v1", f"extra {base64.b64encode(entry).decode()}", f"index {index}"]
    lines += [base64.b64encode(node).decode() for node in path]
    return "\n".join(lines) + f"\n\n{checkpoint}"
