"""From the cookie to the actor: one query, and only when somebody asks who acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from linli.ground.kernel.actor import NOBODY, Actor
from linli.registry.people import actions, queries
from linli.registry.people.domain.login import COOKIE, token_hash
from linli.registry.people.queries import SignedIn

SET_UP = "/me/second-factor/"
LONGEST_TOKEN = 64


class ActorMiddleware:
    """Gives every request ``actor`` and ``session``, both read lazily: static pages ask for neither.

    Staff whose duties wait for a second factor are led to its set-up instead of a closed door.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = _Session(request)
        request.session_found = found  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(found.actor)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code == 403 and request.method == "GET" and found.duties_wait():
            return HttpResponseRedirect(f"{SET_UP}?next={quote(request.get_full_path())}")
        return response


class _Session:
    """The session of one request, read at most once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request: Any = request
        self._read = False
        self._found: SignedIn | None = None

    def actor(self) -> Actor:
        """Who acts."""
        found = self.get()
        return found.actor if found else NOBODY

    def get(self) -> SignedIn | None:
        """The session with its standing, also one that waits for a second factor."""
        if not self._read:
            self._read = True
            self._found = self._load()
        return self._found

    def duties_wait(self) -> bool:
        """Whether a closed door would open after setting up the second factor; asks nothing anew."""
        return self._found is not None and self._found.duties_wait

    def _load(self) -> SignedIn | None:
        token = self._request.COOKIES.get(COOKIE, "")
        if not token or len(token) > LONGEST_TOKEN:
            return None
        at: datetime = getattr(self._request, "received_at", None) or timezone.now()
        found = queries.signed_in(token_hash(token), at)
        if found is not None and found.seen_long_ago:
            actions.touch_session(session_id=found.session_id, account_id=found.account_id, at=at)
        return found
