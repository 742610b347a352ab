"""Prints letters: for the demo and for development."""

from __future__ import annotations

import sys

from linli.civic.notifications.adapters.protocol import Letter


class Console:
    """Writes each letter to the terminal, the address masked."""

    def send(self, letter: Letter) -> None:
        shown = f"{letter.address[:3]}****{letter.address[-4:]}" if len(letter.address) > 7 else "****"
        print(f"[通知] {shown} {letter.subject}：{letter.text} {letter.link}", file=sys.stderr)
