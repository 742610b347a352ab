"""The addresses of importing a roll."""

from __future__ import annotations

from django.urls import path

from linli.outward.exchange import views

app_name = "exchange"
IMPORTS = "desk/<slug:slug>/imports/"
UPLOAD = IMPORTS + "upload/<slug:upload>/"

urlpatterns = [
    path(IMPORTS, views.imports, name="imports"),
    path(IMPORTS + "<int:import_id>/", views.imported, name="imported"),
    path(IMPORTS + "<int:import_id>/undo/", views.undo, name="undo"),
    path(UPLOAD, views.preview, name="preview"),
    path(UPLOAD + "faults/", views.marked, name="marked"),
    path(UPLOAD + "confirm/", views.confirm, name="confirm"),
    path(UPLOAD + "drop/", views.drop, name="drop"),
]
