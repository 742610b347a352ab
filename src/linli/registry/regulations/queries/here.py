"""The rules of the place that this installation serves."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from linli.registry.regulations.domain.profiles import Profile
from linli.registry.regulations.queries import law_book


def rules_here(on: date) -> Profile:
    """The rules that hold here on a day; which place this is, ``LINLI_LAW_PROFILE`` says."""
    return law_book().resolve(settings.LINLI_LAW_PROFILE, on=on)
