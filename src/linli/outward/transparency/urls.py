"""The addresses of what everybody may read."""

from __future__ import annotations

from django.urls import path

from linli.outward.transparency import views

app_name = "transparency"

urlpatterns = [
    path("", views.compounds, name="compounds"),
    path("c/<slug:slug>/", views.home, name="home"),
    path("c/<slug:slug>/stories/<int:request_id>/", views.story, name="story"),
    path("c/<slug:slug>/open/", views.log, name="log"),
    path("c/<slug:slug>/open/bundle/", views.bundle, name="bundle"),
    path("v/<str:code>/", views.receipt, name="receipt"),
    path("v/<str:code>/proof/", views.proof, name="proof"),
]
