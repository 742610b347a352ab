"""The shape of what people type about notices and about being told."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.ground.web import forms


class AnnounceForm(forms.Form):
    """A notice: from whom, to where, what."""

    organisation = forms.Choice(label=_("以谁的名义"), empty_label=_("请选择单位"))
    place = forms.Choice(label=_("发给哪里"), empty_label=_("请选择范围"))
    title = forms.Text(label=_("标题"), max_length=80)
    text = forms.Text(label=_("内容"), lines=6, max_length=4000)
    expires_on = forms.Day(label=_("过了哪天就不用看了"), required=False)
    urgent = django_forms.BooleanField(label=_("紧急：同时发短信"), required=False)

    def __init__(
        self, *args: Any, organisations: list[tuple[str, str]], places: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer("organisation", organisations)
        self.offer("place", places)


class WithdrawForm(forms.Form):
    """Why a notice is taken down."""

    reason = forms.Text(label=_("为什么撤下"), lines=2, max_length=200)


class ChannelsForm(forms.Form):
    """How somebody wants to be told besides the inbox."""

    sms = django_forms.BooleanField(label=_("短信"), required=False)
    mail = django_forms.BooleanField(label=_("邮件"), required=False)
    wechat = django_forms.BooleanField(label=_("微信"), required=False)
    email = forms.Text(label=_("邮箱地址"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        email = str(wanted.get("email") or "").strip()
        if email:
            try:
                validate_email(email)
            except django_forms.ValidationError:
                self.add_error("email", gettext("邮箱地址不对，应该像 name@example.com。"))
        elif wanted.get("mail"):
            self.add_error("email", gettext("要用邮件通知，请写上邮箱地址。"))
        return wanted | {"email": email}
