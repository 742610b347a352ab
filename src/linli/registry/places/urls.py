"""The addresses of the register of places: a compound's own, and the tree above the compounds."""

from __future__ import annotations

from django.urls import path

from linli.registry.places import views

app_name = "places"
REGISTER = "c/<slug:slug>/places/"
PLACE = REGISTER + "<int:place_id>/"
UNIT = REGISTER + "units/<int:unit_id>/"
FACILITIES = REGISTER + "facilities/"
FACILITY = FACILITIES + "<int:facility_id>/"
ABOVE = "district/places/"
AUTHORITY = ABOVE + "<int:place_id>/"

urlpatterns = [
    path(REGISTER, views.register, name="register"),
    path(REGISTER + "print/", views.print_register, name="print"),
    path(REGISTER + "export.<str:kind>", views.export, name="export"),
    path(REGISTER + "new/", views.found_place, name="found_place"),
    path(PLACE, views.place, name="place"),
    path(PLACE + "rename/", views.rename_place, name="rename_place"),
    path(PLACE + "close/", views.close_place, name="close_place"),
    path(PLACE + "reopen/", views.reopen_place, name="reopen_place"),
    path(REGISTER + "units/new/", views.add_unit, name="add_unit"),
    path(UNIT, views.unit, name="unit"),
    path(FACILITIES, views.facilities, name="facilities"),
    path(FACILITIES + "add/", views.add_facility, name="add_facility"),
    path(FACILITIES + "add-row/", views.add_facilities, name="add_facilities"),
    path(FACILITIES + "print/", views.print_facilities, name="print_facilities"),
    path(FACILITIES + "labels/", views.labels, name="labels"),
    path(FACILITIES + "export.<str:kind>", views.export_facilities, name="export_facilities"),
    path(FACILITY, views.facility, name="facility"),
    path(FACILITY + "rename/", views.rename_facility, name="rename_facility"),
    path(FACILITY + "kind/", views.correct_facility_kind, name="correct_facility_kind"),
    path(FACILITY + "move/", views.relocate_facility, name="relocate_facility"),
    path(FACILITY + "retire/", views.retire_facility, name="retire_facility"),
    path(FACILITY + "restore/", views.restore_facility, name="restore_facility"),
    path(UNIT + "area/", views.correct_area, name="correct_area"),
    path(UNIT + "correct/", views.correct_unit, name="correct_unit"),
    path(UNIT + "number/", views.renumber_unit, name="renumber_unit"),
    path(UNIT + "close/", views.close_unit, name="close_unit"),
    path(UNIT + "reopen/", views.reopen_unit, name="reopen_unit"),
    path(ABOVE, views.district, name="district"),
    path(AUTHORITY, views.authority, name="authority"),
    path(AUTHORITY + "export.<str:kind>", views.export_authority, name="export_authority"),
    path(AUTHORITY + "new/", views.found_in_authority, name="found_in_authority"),
    path(AUTHORITY + "rename/", views.rename_authority, name="rename_authority"),
    path(AUTHORITY + "close/", views.close_authority, name="close_authority"),
    path(AUTHORITY + "reopen/", views.reopen_authority, name="reopen_authority"),
]
