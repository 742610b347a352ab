"""All addresses of the house; each capability brings its own."""

from __future__ import annotations

import importlib.util

from django.urls import URLPattern, URLResolver, include, path

CAPABILITIES = [
    "linli.ground.web",
    "linli.ground.journal",
    "linli.registry.people",
    "linli.registry.places",
    "linli.registry.organisations",
    "linli.registry.regulations",
    "linli.civic.notifications",
    "linli.civic.requests",
    "linli.outward.transparency",
    "linli.outward.exchange",
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{name}.urls")) for name in CAPABILITIES if importlib.util.find_spec(f"{name}.urls")
]
handler400 = "linli.ground.web.errors.bad_request"
handler403 = "linli.ground.web.errors.forbidden"
handler404 = "linli.ground.web.errors.not_found"
handler500 = "linli.ground.web.errors.server_error"
