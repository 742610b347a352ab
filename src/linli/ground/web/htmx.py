"""Answering with a page or with a piece of one; views never ask which.

A browser without JavaScript sends the same form to the same address and gets a whole page or a
redirect; htmx gets the piece. Both come from the same ``_fragment.html``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url

_AROUND_A_FRAGMENT = "web/fragment.html"


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A whole page."""
    return render(request, template, context, status=status)


def fragment(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    page: str | None = None,
) -> HttpResponse:
    """A piece for htmx, the same piece inside a whole page for everybody else.

    ``page`` is the template that includes the piece; without it the piece stands in a plain page whose
    title is ``context["title"]``. A form with errors is answered with ``status=422``.
    """
    if wants_fragment(request):
        return render(request, template, context, status=status)
    around = page or _AROUND_A_FRAGMENT
    return render(request, around, {**(context or {}), "fragment": template}, status=status)


def swap_or_redirect(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, to: Any
) -> HttpResponse:
    """After an act: the changed piece for htmx, a redirect (303) for everybody else.

    ``to`` is an address, a route's name or an object with ``get_absolute_url``; a second sending of the
    same form is led there.
    """
    address = resolve_url(to)
    if wants_fragment(request):
        response = render(request, template, context)
        response.leads_to = address  # type: ignore[attr-defined]
        return response
    return redirect(request, address)


def redirect(request: HttpRequest, to: Any) -> HttpResponse:
    """Lead somewhere else after an act: 303, or the header that makes htmx go there."""
    address = resolve_url(to)
    if wants_fragment(request):
        response = HttpResponse(status=200)
        response["HX-Redirect"] = address
        response.leads_to = address  # type: ignore[attr-defined]
        return response
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece (not for a whole page by boost or from history)."""
    details = getattr(request, "htmx", None)
    if not details:
        return False
    return not details.boosted and not details.history_restore_request
