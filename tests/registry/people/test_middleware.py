"""The actor behind a cookie is read when somebody asks, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from linli.ground.kernel.actor import NOBODY
from linli.registry.people.domain.login import COOKIE, token_hash
from linli.registry.people.middleware import ActorMiddleware
from linli.registry.people.models import Account, Session
from tests.registry.people.cast import AT, World, later

TOKEN = "a-token-that-somebody-holds"


@pytest.fixture
def request_of(world: World):
    Session.objects.create(
        account=world.wang,
        token_hash=token_hash(TOKEN),
        created_at=AT,
        seen_at=AT,
        expires_at=AT + timedelta(days=9),
    )

    def request_of(token: str = TOKEN, at=AT):
        request = RequestFactory().get("/")
        request.COOKIES[COOKIE] = token
        request.received_at = at
        return request

    return request_of


def passed(request, view=lambda request: HttpResponse()):
    return ActorMiddleware(view)(request)


def test_a_page_that_does_not_ask_who_comes_costs_no_query(request_of, django_assert_num_queries):
    with django_assert_num_queries(0):
        passed(request_of())


def test_asking_twice_costs_one_query(request_of, world: World):
    def view(request):
        assert request.actor.account_id == world.wang.pk
        assert request.actor.owns_in(world.longqi.pk)
        assert request.session_found.get().actor == request.actor
        return HttpResponse()

    with CaptureQueriesContext(connection) as asked:
        passed(request_of(), view)
    assert len(asked) == 1


@pytest.mark.parametrize("token", ["", "another", "x" * 65, "0" * 5000])
def test_an_odd_cookie_is_nobody_and_a_long_one_is_not_even_looked_up(
    request_of, token, django_assert_max_num_queries
):
    def view(request):
        assert request.actor == NOBODY
        return HttpResponse()

    with django_assert_max_num_queries(1 if 0 < len(token) < 65 else 0):
        passed(request_of(token), view)


def test_the_hour_is_noted_when_it_has_passed(request_of, world: World):
    def view(request):
        return HttpResponse(str(request.actor.account_id))

    for minutes, seen in ((59, AT), (60, later(minutes=60)), (90, later(minutes=60))):
        passed(request_of(at=later(minutes=minutes)), view)
        assert Session.objects.get().seen_at == seen
    assert Account.objects.get(pk=world.wang.pk).seen_at == later(minutes=60)


def test_a_closed_door_stays_closed_for_whom_no_second_factor_would_open_it(request_of):
    def view(request):
        bool(request.actor.roles)
        return HttpResponse(status=403)

    assert passed(request_of(), view).status_code == 403
