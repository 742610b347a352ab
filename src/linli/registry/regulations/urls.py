"""The addresses of the holiday tables."""

from __future__ import annotations

from django.urls import path

from linli.registry.regulations import views

app_name = "regulations"

urlpatterns = [
    path("district/holidays/", views.years, name="holidays"),
    path("district/holidays/enter/", views.enter, name="enter_holidays"),
    path("district/holidays/confirm/", views.confirm, name="confirm_holidays"),
    path("district/holidays/<int:year>/", views.year, name="holiday_year"),
]
