"""What nobody needs any more: spent codes, ended sessions, the pictures of answered claims."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from linli.registry.people.models import LoginCode, Session

CODES_KEPT = timedelta(days=2)
SESSIONS_KEPT = timedelta(days=30)


@transaction.atomic
def forget_stale(*, at: datetime) -> int:
    """Delete codes after two days and sessions a month after their end; returns how many rows went."""
    codes = LoginCode.objects.filter(sent_at__lt=at - CODES_KEPT).delete()[0]
    over = Q(expires_at__lt=at - SESSIONS_KEPT) | Q(revoked_at__lt=at - SESSIONS_KEPT)
    return codes + Session.objects.filter(over).delete()[0]
