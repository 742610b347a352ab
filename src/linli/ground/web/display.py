"""How somebody wants to see the pages: edition, theme and language, kept in one cookie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

COOKIE = "linli_display"
YEAR_SECONDS = 365 * 24 * 3600
CHOICES: dict[str, tuple[str, ...]] = {
    "mode": ("standard", "care"),
    "theme": ("auto", "light", "dark"),
    "language": ("zh-hans", "en"),
}


@dataclass(frozen=True, slots=True)
class Display:
    """``mode`` is standard or care (关怀版), ``theme`` auto, light or dark, ``language`` zh-hans or en."""

    mode: str = "standard"
    theme: str = "auto"
    language: str = "zh-hans"

    @property
    def html_language(self) -> str:
        """The language as the ``lang`` attribute wants it."""
        return "en" if self.language == "en" else "zh-Hans"

    @property
    def shown_theme(self) -> str:
        """The theme in effect: the care edition stays light unless dark was asked for."""
        return "light" if self.mode == "care" and self.theme == "auto" else self.theme

    @property
    def is_care(self) -> bool:
        """Whether this is the care edition."""
        return self.mode == "care"


def read(request: HttpRequest) -> Display:
    """What the cookie says; unknown words in it are ignored."""
    return changed(Display(), dict(parse_qsl(request.COOKIES.get(COOKIE, ""))))


def changed(display: Display, wishes: dict[str, str]) -> Display:
    """The display with those wishes that we know how to fulfil."""
    known = {name: value for name, value in wishes.items() if value in CHOICES.get(name, ())}
    return replace(display, **known)


def write(response: HttpResponseBase, display: Display) -> None:
    """Keep the wishes on this device for a year."""
    response.set_cookie(
        COOKIE,
        urlencode({"mode": display.mode, "theme": display.theme, "language": display.language}),
        max_age=YEAR_SECONDS,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
