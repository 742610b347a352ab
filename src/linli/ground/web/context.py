"""What every page knows without being told: who looks, how, where, and at what time."""

from __future__ import annotations

import secrets
from functools import cache, partial
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import engines
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from markupsafe import Markup

from linli.ground.kernel.actor import NOBODY
from linli.ground.web import display, idempotency, navigation

_COMPONENTS = "web/components/"


class Visit:
    """What a component may need of the request; macros ask for it by an argument named ``visit``."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.at = getattr(request, "received_at", None) or timezone.now()

    @property
    def hidden(self) -> Markup:
        """The two hidden fields of every form: against forgery, and against being sent twice."""
        return Markup(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="{}" value="{}">'
        ).format(get_token(self.request), idempotency.FIELD, secrets.token_urlsafe(16))


class Components:
    """``ui`` in the templates: every macro of ``web/components/*.html`` under one name."""

    def __init__(self, request: HttpRequest) -> None:
        self._visit = Visit(request)

    def __getattr__(self, name: str) -> Any:
        macro = _find(name)
        asks = "visit" in macro.arguments
        found = partial(macro, visit=self._visit) if asks else macro
        self.__dict__[name] = found  # the next use in this answer finds it at once
        return found


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor of all our templates."""
    actor = getattr(request, "actor", NOBODY)
    return {
        "ui": Components(request),
        "actor": actor,
        "at": getattr(request, "received_at", None) or timezone.now(),
        "place": getattr(request, "place", None),
        "display": getattr(request, "display", None) or display.Display(),
        "page_head": _page_head,
        "navigation": SimpleLazyObject(lambda: navigation.navigation_for(request)),
        "notices": SimpleLazyObject(lambda: list(get_messages(request))),
    }


@cache
def _page_head(shown: display.Display) -> Markup:
    return Markup(get_template("web/_head.html").render({"display": shown}))


def _find(name: str) -> Any:
    try:
        return _all_macros()[name]
    except KeyError:
        raise AttributeError(f"there is no component «{name}» in {_COMPONENTS}") from None


@cache
def _all_macros() -> dict[str, Any]:
    environment = engines["jinja2"].env  # type: ignore[attr-defined]
    found: dict[str, Any] = {}
    for template in environment.list_templates(filter_func=lambda name: name.startswith(_COMPONENTS)):
        found.update(vars(environment.get_template(template).module))
    return {name: macro for name, macro in found.items() if not name.startswith("_")}
