"""Seeding the demo in one transaction, quietly."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from linli.ground.journal import actions as journal
from linli.site.demo import cast, story
from linli.site.demo.hours import by_day, days_before, story_end


def seed(*, now: datetime) -> cast.World:
    """Found the world eleven months ago and tell its story up to now; all or nothing."""
    with transaction.atomic():
        world = cast.found_world(at=days_before(story_end(now), 325, 9))
        story.tell(world, now=now)
        for key in (*cast.HOMES, "tenant"):
            cast.sign_in(cast.BY_KEY[key], by_day(now - timedelta(hours=9)))
    journal.publish_checkpoints(at=now)
    return world
