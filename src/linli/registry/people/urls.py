"""The addresses of signing in, of one's own things, and of the register's desk."""

from __future__ import annotations

from django.urls import path

from linli.registry.people.views import claims, login, me

app_name = "people"

urlpatterns = [
    path("login/", login.phone, name="login"),
    path("login/code/", login.code, name="login_code"),
    path("login/factor/", login.factor, name="login_factor"),
    path("login/name/", login.name, name="login_name"),
    path("login/confirm/", login.confirm, name="login_confirm"),
    path("login/not-me/", login.not_me, name="login_not_me"),
    path("logout/", login.logout, name="logout"),
    path("me/", me.overview, name="me"),
    path("me/devices/<int:session_id>/sign-out/", me.sign_out_device, name="sign_out_device"),
    path("me/devices/sign-out/", me.sign_out_others, name="sign_out_others"),
    path("me/second-factor/", me.second_factor, name="second_factor"),
    path("c/<slug:slug>/claim/", claims.claim, name="claim_home"),
    path("me/claims/<int:claim_id>/withdraw/", claims.withdraw, name="withdraw_claim"),
    path("desk/<slug:slug>/claims/", claims.queue, name="claims"),
    path("desk/<slug:slug>/claims/<int:claim_id>/", claims.answer, name="answer_claim"),
    path("desk/<slug:slug>/claims/<int:claim_id>/proof/", claims.proof, name="claim_proof"),
]
