"""The addresses of the register of places: a compound's own, and the tree above the compounds."""

from __future__ import annotations

from django.urls import path

from linli.registry.places import views

app_name = "places"
REGISTER = "c/<slug:slug>/places/"
PLACE = REGISTER + "<int:place_id>/"
UNIT = REGISTER + "units/<int:unit_id>/"

urlpatterns = [
    path(REGISTER, views.register, name="register"),
    path(REGISTER + "print/", views.print_register, name="print"),
    path(REGISTER + "export.<str:kind>", views.export, name="export"),
    path(PLACE, views.place, name="place"),
    path(UNIT, views.unit, name="unit"),
]
