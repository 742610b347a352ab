"""Who may see a row is asked of the compound written on it: it is the one in which its place lies."""

from __future__ import annotations

import pytest
from django.db.models import F, Q

from linli.civic.requests.models import Request
from linli.registry.people.models import HomeClaim, Occupancy, Ownership
from linli.registry.places.models import Facility, Place, Unit
from tests.access.house import House

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Ownership, Occupancy, HomeClaim])
def test_what_hangs_on_a_home_names_the_compound_of_the_home(house: House, model):
    assert model.objects.exists()
    assert not model.objects.exclude(compound=F("unit__compound")).exists()


@pytest.mark.parametrize("model", [Unit, Facility, Request])
def test_what_stands_at_a_place_names_the_compound_in_which_the_place_lies(house: House, model):
    assert model.objects.exists()
    inside = Q(place__compound=F("compound")) | Q(place=F("compound"))
    astray = model.objects.exclude(inside)
    assert not (astray.filter(place__isnull=False) if model is Request else astray).exists()
    assert not Place.objects.filter(kind="compound").exclude(compound=None).exists()
