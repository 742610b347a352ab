"""The demo's story happens by day, in order, and never after now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from linli.civic.notifications.models import Announcement, Delivery
from linli.civic.requests.models import Request, Step
from linli.site.demo import seeding
from linli.site.demo.hours import CHINA, by_day, story_end

EVERY_HALF_HOUR = [datetime(2026, 11, 25, tzinfo=UTC) + timedelta(minutes=30 * step) for step in range(96)]


def test_night_becomes_day_in_the_same_order_and_on_the_same_date():
    moved = [by_day(at) for at in EVERY_HALF_HOUR]
    assert moved == sorted(moved)
    for at, then in zip(EVERY_HALF_HOUR, moved, strict=True):
        assert 8 <= then.hour < 20 or (then.hour, then.minute) == (20, 0)
        assert then.date() == at.astimezone(CHINA).date()


def test_the_story_ends_by_day_and_not_after_now():
    for now in EVERY_HALF_HOUR:
        end = story_end(now)
        assert end <= now
        assert by_day(end) == end
        assert now - end <= timedelta(hours=13)


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [2, 9, 23])
def test_whenever_the_demo_is_seeded_nothing_happens_at_night(hour: int, tmp_path: Path):
    now = datetime(2026, 11, 26, hour, 10, tzinfo=CHINA)
    with override_settings(LINLI_DEMO=True, HOME=tmp_path, LINLI_MEDIA=tmp_path / "media"):
        seeding.seed(now=now)
    moments = [step.at for step in Step.objects.all()]
    moments += [notice.published_at for notice in Announcement.objects.all()]
    assert len(moments) > 80
    for at in moments:
        assert 8 <= at.astimezone(CHINA).hour <= 20, at
        assert at <= now
    for request in Request.objects.all():
        told = [step.at for step in request.steps.order_by("pk")]
        assert told == sorted(told), request.title
    assert Delivery.objects.exists(), "the urgent notice went out by SMS"
