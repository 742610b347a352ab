"""Sentences in the visitor's language, found without searching for the language every time.

A page says some sixty sentences. Django's own lookup asks for the active language by a slow
thread-local for each of them; the middleware tells it here once per request instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.utils import translation
from markupsafe import Markup

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let everything inside be said in this language."""
    token = _spoken.set(language)
    try:
        with translation.override(language):
            yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """The language in which things are said now."""
    return _spoken.get() or translation.get_language() or "zh-hans"


def say(message: str, /, **values: object) -> Markup:
    """The sentence in the visitor's language, with ``%(name)s`` filled in and escaped; ``%%`` is a percent sign."""
    spoken = language()
    return _sentence(spoken, message) % values if values else _plain(spoken, message)


@lru_cache(maxsize=8192)
def _sentence(spoken: str, message: str) -> Markup:
    with translation.override(spoken):
        return Markup(translation.gettext(message))


@lru_cache(maxsize=8192)
def _plain(spoken: str, message: str) -> Markup:
    sentence = _sentence(spoken, message)
    try:
        return sentence % {}
    except ValueError:  # a word from data with a percent sign of its own, e.g. the label of a choice
        return sentence
