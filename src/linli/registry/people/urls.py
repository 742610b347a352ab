"""The addresses of signing in, of one's own things, and of the register's and duties' desks."""

from __future__ import annotations

from django.urls import path

from linli.registry.people.views import claims, login, me, privacy, register, security, staff, units

app_name = "people"
PEOPLE = "desk/<slug:slug>/people/"
UNIT = PEOPLE + "units/<int:unit_id>/"

urlpatterns = [
    path("login/", login.phone, name="login"),
    path("login/code/", login.code, name="login_code"),
    path("login/code/again/", login.code_again, name="login_code_again"),
    path("login/factor/", login.factor, name="login_factor"),
    path("login/name/", login.name, name="login_name"),
    path("login/new-holder/", login.new_holder, name="login_new_holder"),
    path("login/confirm/", login.confirm, name="login_confirm"),
    path("login/not-me/", login.not_me, name="login_not_me"),
    path("logout/", login.logout, name="logout"),
    path("privacy/", privacy.notice, name="privacy"),
    path("me/", me.overview, name="me"),
    path("me/homes/<int:unit_id>/", me.home, name="home"),
    path("me/homes/<int:unit_id>/<int:occupancy_id>/end/", me.end_occupancy, name="end_own_occupancy"),
    path("me/claims/<int:claim_id>/withdraw/", claims.withdraw, name="withdraw_claim"),
    path("me/claims/<int:claim_id>/proof/", claims.own_proof, name="own_proof"),
    path("me/duties/<int:assignment_id>/", me.own_duty, name="own_duty"),
    path("me/devices/", me.device_list, name="devices"),
    path("me/devices/<int:session_id>/sign-out/", me.sign_out_device, name="sign_out_device"),
    path("me/devices/sign-out/", me.sign_out_others, name="sign_out_others"),
    path("me/looks/", me.looks, name="looks"),
    path("me/second-factor/", security.second_factor, name="second_factor"),
    path("me/second-factor/codes/", security.new_recovery_codes, name="recovery_codes"),
    path("me/second-factor/off/", security.drop_factor, name="drop_factor"),
    path("me/phone/", security.number, name="number"),
    path("me/phone/code/", security.number_code, name="number_code"),
    path("me/phone/withdraw/", security.withdraw_number, name="withdraw_number"),
    path("me/consents/", privacy.consents, name="consents"),
    path("me/consents/<slug:purpose>/grant/", privacy.grant, name="grant_consent"),
    path("me/consents/<slug:purpose>/withdraw/", privacy.withdraw, name="withdraw_consent"),
    path("me/data/", privacy.own_data, name="own_data"),
    path("me/data/take/", privacy.take_data, name="take_data"),
    path("me/data/erase/", privacy.erase, name="erase"),
    path("c/<slug:slug>/claim/", claims.claim, name="claim_home"),
    path("desk/<slug:slug>/claims/", claims.queue, name="claims"),
    path("desk/<slug:slug>/claims/<int:claim_id>/", claims.answer, name="answer_claim"),
    path("desk/<slug:slug>/claims/<int:claim_id>/proof/", claims.proof, name="claim_proof"),
    path("desk/<slug:slug>/phone-changes/<int:change_id>/", claims.answer_number, name="answer_number"),
    path(PEOPLE, register.people, name="people"),
    path(PEOPLE + "find/", register.find, name="find"),
    path(PEOPLE + "take/", register.take, name="take"),
    path(PEOPLE + "take/<int:look_id>/", register.taken, name="taken"),
    path(PEOPLE + "<int:person_id>/", register.person, name="person"),
    path(PEOPLE + "<int:person_id>/phone/", register.reveal, name="reveal"),
    path(PEOPLE + "<int:person_id>/correct/", register.correct, name="correct"),
    path(PEOPLE + "<int:person_id>/detach/", register.detach, name="detach"),
    path(UNIT, units.unit, name="unit"),
    path(UNIT + "transfer/", units.transfer, name="transfer"),
    path(UNIT + "owners/<int:ownership_id>/correct/", units.correct_owner, name="correct_owner"),
    path(UNIT + "owners/<int:ownership_id>/remove/", units.remove_owner, name="remove_owner"),
    path(UNIT + "occupants/", units.add_occupant, name="add_occupant"),
    path(UNIT + "occupants/<int:occupancy_id>/end/", units.end_occupancy, name="end_occupancy"),
    path("desk/<slug:slug>/roles/", staff.compound_roles, name="roles"),
    path("desk/<slug:slug>/roles/<int:assignment_id>/", staff.compound_duty, name="duty"),
    path("district/roles/", staff.district, name="district"),
    path("district/roles/<int:place_id>/", staff.district_roles, name="district_roles"),
    path("district/roles/<int:place_id>/<int:assignment_id>/", staff.district_duty, name="district_duty"),
]
