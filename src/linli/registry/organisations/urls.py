"""The addresses of the register of organisations, of the duty roster, and of what everybody may read."""

from __future__ import annotations

from django.urls import path

from linli.registry.organisations.views import contracts, register, rosters, seats

app_name = "organisations"
LIST = "district/organisations/"
ONE = LIST + "<int:organisation_id>/"

urlpatterns = [
    path(LIST, register.register, name="register"),
    path(LIST + "export/<slug:kind>/", register.export, name="export"),
    path(LIST + "print/", register.print_register, name="print"),
    path(LIST + "new/", register.new, name="new"),
    path(ONE, register.card, name="card"),
    path(ONE + "correct/", register.correct, name="correct"),
    path(ONE + "close/", register.close, name="close"),
    path(ONE + "contracts/new/", contracts.sign, name="sign"),
    path(ONE + "contracts/<int:contract_id>/file/", contracts.file, name="file"),
    path(ONE + "contracts/<int:contract_id>/end/", contracts.end, name="end"),
    path(ONE + "election/", seats.election, name="election"),
    path(ONE + "extend/", seats.extend, name="extend"),
    path(ONE + "seats/new/", seats.fill, name="fill"),
    path(ONE + "seats/<int:seat_id>/position/", seats.position, name="position"),
    path(ONE + "seats/<int:seat_id>/leave/", seats.leave, name="leave"),
    path("desk/<slug:slug>/duty/", rosters.roster, name="roster"),
    path("desk/<slug:slug>/duty/print/", rosters.print_roster, name="print_roster"),
    path("desk/<slug:slug>/duty/<int:duty_id>/remove/", rosters.remove, name="remove"),
    path("c/<slug:slug>/serving/", rosters.serving, name="serving"),
]
