"""The environment in which every page of ours is drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from linli.ground.web import charts, formats, forms, qr


def environment(**options: Any) -> Environment:
    """Autoescape on, a missing name is a fault, Chinese through gettext, our filters and globals."""
    options.setdefault("undefined", StrictUndefined)
    made = Environment(**{**options, "trim_blocks": True, "lstrip_blocks": True})
    made.add_extension("jinja2.ext.i18n")
    made.add_extension("jinja2.ext.do")
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
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
    return reverse(name, kwargs=kwargs)


@lru_cache(maxsize=512)
def icon(name: str, label: str = "", extra: str = "") -> Markup:
    """A line icon of ours; with a label it speaks, without one it is decoration beside words."""
    voice = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    classes = f"i {extra}".strip()
    return Markup(
        f'<svg class="{escape(classes)}" viewBox="0 0 24 24" {voice}>'
        f'<use href="{escape(static("web/icons.svg"))}#{escape(name)}"/></svg>'
    )
