"""The addresses of notices and of the inbox."""

from __future__ import annotations

from django.urls import path

from linli.civic.notifications import views

app_name = "notifications"
_ONE = "c/<slug:slug>/notices/<int:announcement_id>/"

urlpatterns = [
    path("c/<slug:slug>/notices/", views.announcements, name="announcements"),
    path(_ONE, views.announcement, name="announcement"),
    path(f"{_ONE}print/", views.announcement_print, name="announcement_print"),
    path("desk/<slug:slug>/notices/new/", views.announce, name="announce"),
    path("desk/<slug:slug>/notices/<int:announcement_id>/withdraw/", views.withdraw, name="withdraw"),
    path("me/inbox/", views.inbox, name="inbox"),
    path("me/inbox/<int:item_id>/", views.open_item, name="open"),
    path("me/inbox/read/", views.read_all, name="read_all"),
    path("me/notify/", views.preferences, name="preferences"),
    path("settings/outbox/", views.outbox, name="outbox"),
    path("settings/outbox/<int:delivery_id>/retry/", views.retry, name="retry"),
]
