"""A small house of its own for trying the door: its addresses, and callers that say who they are."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

MIDDLEWARE = [name for name in django_settings.MIDDLEWARE if not name.endswith("ActorMiddleware")]
MIDDLEWARE.insert(-2, "tests.ground.web.door_urls.SaidToBe")


@pytest.fixture
def door(settings, db):
    """A caller of the trial addresses; ``HTTP_X_ACCOUNT`` says whose account, ``HTTP_X_ROLES`` which duties."""
    settings.ROOT_URLCONF = "tests.ground.web.door_urls"
    settings.LOGIN_URL = "/login/"
    settings.MIDDLEWARE = MIDDLEWARE
    client = Client(raise_request_exception=False)
    client.get("/open/")  # brings the cookie against forgery
    return client


@pytest.fixture
def look(settings, transactional_db):
    """The address of a served house in which everybody is an operator and may see the style guide."""
    settings.ROOT_URLCONF = "tests.ground.web.door_urls"
    settings.MIDDLEWARE = [
        "tests.ground.web.door_urls.Operator" if name.endswith("SaidToBe") else name for name in MIDDLEWARE
    ]
    server = LiveServer("localhost")
    yield server.url
    server.stop()
