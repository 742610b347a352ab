"""The SMS that is printed where the server runs: for the demo and for trying things out."""

from __future__ import annotations

import sys


class ConsoleSender:
    """Prints instead of sending."""

    def send(self, phone: str, text: str) -> None:
        """Print number and text."""
        print(f"短信 → {phone}：{text}", file=sys.stdout, flush=True)
