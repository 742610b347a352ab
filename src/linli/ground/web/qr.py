"""QR codes as inline pictures: an address that any phone camera opens."""

from __future__ import annotations

import segno
from markupsafe import Markup


def code(address: str, label: str = "") -> Markup:
    """The address as an SVG without size of its own; ``label`` says what it opens."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=0, omitsize=True, svgclass=None, lineclass=None, dark="#1b1714"
    )
    voice = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<span class="qr">') + Markup(drawn.replace("<svg", f"<svg {voice}", 1)) + Markup("</span>")
