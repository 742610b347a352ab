"""Addresses of the house itself: display, kept photos of a form, the style guide."""

from django.urls import path

from linli.ground.web import views

app_name = "web"
urlpatterns = [
    path("settings/display/", views.display_settings, name="display"),
    path("uploads/<str:token>/", views.kept_picture, name="kept_picture"),
    path("style/", views.style, name="style"),
    path("style/desk/", views.style_desk, name="style_desk"),
    path("style/sheet/", views.style_sheet, name="style_sheet"),
    path("style/form/", views.style_form, name="style_form"),
]
