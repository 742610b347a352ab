"""The environment in which every page of ours is drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags import static as static_files
from django.urls import reverse
from django.utils.translation import ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from linli.ground.web import charts, formats, forms, qr
from linli.ground.web.words import say


def environment(**options: Any) -> Environment:
    """Autoescape on, a missing name is a fault, Chinese through gettext, our filters and globals."""
    options.setdefault("undefined", StrictUndefined)
    made = Environment(**{**options, "trim_blocks": True, "lstrip_blocks": True})
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_callables(say, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(_=say, gettext=say)
    made.filters.update(formats.FILTERS)
    made.globals.update(
        url=url,
        static=static,
        icon=icon,
        svg=icon,
        chart=charts,
        share=charts.share,
        qr=qr.code,
        field_kind=forms.kind_of,
        field_facts=forms.facts_of,
    )
    return made


def url(name: str, /, **kwargs: object) -> str:
    """The address of a route: ``url('requests:detail', slug=place.slug, no=request.no)``."""
    return _address(settings.ROOT_URLCONF, name, tuple(kwargs.items()))


@lru_cache(maxsize=8192)
def static(path: str) -> str:
    """The address of a file of ours, with its fingerprint."""
    return static_files.static(path)


@lru_cache(maxsize=16384)
def _address(urlconf: str, name: str, arguments: tuple[tuple[str, object], ...]) -> str:
    return reverse(name, urlconf=urlconf, kwargs=dict(arguments))


@lru_cache(maxsize=512)
def icon(name: str, label: str = "", extra: str = "") -> Markup:
    """A line icon of ours; with a label it speaks, without one it is decoration beside words."""
    voice = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    classes = f"i {extra}".strip()
    return Markup(
        f'<svg class="{escape(classes)}" viewBox="0 0 24 24" {voice}>'
        f'<use href="{escape(static("web/icons.svg"))}#{escape(name)}"/></svg>'
    )
