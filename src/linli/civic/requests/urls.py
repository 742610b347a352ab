"""The addresses of requests."""

from __future__ import annotations

from django.urls import path

from linli.civic.requests.views import desk, moving, residents

app_name = "requests"
_ONE = "c/<slug:slug>/requests/<int:request_id>/"

urlpatterns = [
    path("c/<slug:slug>/requests/", residents.overview, name="list"),
    path("c/<slug:slug>/requests/new/", residents.report, name="report"),
    path("c/<slug:slug>/requests/similar/", residents.similar, name="similar"),
    path("c/<slug:slug>/f/<str:asset_no>/", residents.scan, name="scan"),
    path(_ONE, residents.detail, name="detail"),
    path(f"{_ONE}number/", residents.number, name="number"),
    path(f"{_ONE}sent/", residents.sent, name="sent"),
    path(f"{_ONE}print/", residents.sheet, name="print"),
    path(f"{_ONE}support/", residents.support, name="support"),
    path(f"{_ONE}unsupport/", residents.unsupport, name="unsupport"),
    path(f"{_ONE}abuse/", residents.abuse, name="abuse"),
    path(f"{_ONE}pictures/<int:picture_id>/", residents.picture, name="picture"),
    path(f"{_ONE}pictures/<int:picture_id>/original/", residents.original, name="original"),
    path(f"{_ONE}pictures/<int:picture_id>/cover/", desk.cover, name="cover"),
    path(f"{_ONE}steps/<int:step_id>/hide/", desk.hide_step, name="hide_step"),
    path(f"{_ONE}do/<slug:move>/", moving.move, name="move"),
    path("me/requests/", residents.mine, name="mine"),
    path("jobs/", desk.jobs, name="jobs"),
    path("desk/<slug:slug>/", desk.board, name="board"),
    path("desk/<slug:slug>/requests/", desk.overview, name="desk_list"),
    path("desk/<slug:slug>/requests/new/", desk.enter, name="enter"),
    path("desk/<slug:slug>/requests/print/", desk.print_list, name="desk_print"),
    path("desk/<slug:slug>/requests/export.<str:kind>", desk.export, name="export"),
    path("desk/<slug:slug>/abuse/", desk.abuse_queue, name="abuse_queue"),
    path("desk/<slug:slug>/abuse/<int:abuse_id>/", desk.answer_abuse, name="answer_abuse"),
]
