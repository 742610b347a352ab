"""The shape of what people type to sign in and to claim their home."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.ground.web import forms

RELATIONS = (("owner", _("业主")), ("tenant", _("租户")), ("family", _("家属")))


class PhoneForm(forms.Form):
    """The number to sign in with."""

    phone = forms.Mobile(label=_("手机号"))


class CodeForm(forms.Form):
    """A code of digits, or a paper code."""

    code = forms.Text(label=_("验证码"), max_length=24)


class NameForm(forms.Form):
    """The name as it stands in the register."""

    name = forms.Text(label=_("登记时的全名"), max_length=80)


class ClaimForm(forms.Form):
    """Which home, in what relation, with what proof."""

    unit_code = forms.Text(label=_("房号"), max_length=32)
    relation = forms.Choice(label=_("您是"), drawn_as="chips", choices=RELATIONS)
    name = forms.Text(label=_("您的姓名"), max_length=80)
    proof = forms.Photos(label=_("证明照片"), most=1, required=False)
    note = forms.Text(label=_("想说明的"), max_length=300, required=False)


class AnswerForm(forms.Form):
    """The answer to a claim: which owner of the register it is, and why."""

    answer = forms.Choice(label=_("核对结果"), drawn_as="radios")
    reason = forms.Text(label=_("说明"), max_length=300)

    def __init__(self, *args: Any, answers: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("answer", answers)
