"""The shape of what people type about themselves, their homes, and each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from linli.ground.web import forms
from linli.registry.people.domain.register import GROUND_LABELS, KIND_LABELS, TRANSFERS, NewPerson

RELATIONS = (("owner", _("业主")), ("tenant", _("承租人")), ("family", _("家属")))
LIVING = RELATIONS[1:]
KINDS = tuple((kind, _(label)) for kind, label in KIND_LABELS.items())
GROUNDS = tuple((ground.value, _(GROUND_LABELS[ground])) for ground in TRANSFERS)
MOST_NEW_OWNERS = 4
"""How many new owners one form takes; more are entered in a second go."""


def _digits() -> django_forms.TextInput:
    return django_forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})


def _reason(label: Any = None) -> forms.Text:
    return forms.Text(label=label or _("理由"), lines=2, max_length=200)


def _seen() -> forms.Text:
    """The mark of what the clerk had before them, sent along."""
    return forms.Text(max_length=64, required=False, widget=forms.Hidden)


class PhoneForm(forms.Form):
    """A number to sign in with, or to use from now on."""

    phone = forms.Mobile(
        label=_("手机号"), widget=django_forms.TextInput(attrs={"autocomplete": "tel-national"})
    )


class CodeForm(forms.Form):
    """Six digits out of an SMS."""

    code = forms.Text(label=_("6 位验证码"), max_length=12, widget=_digits())

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())


class FactorForm(forms.Form):
    """Six digits of the app, or a paper code."""

    code = forms.Text(
        label=_("动态验证码或恢复码"),
        max_length=24,
        widget=django_forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class NewNumberForm(CodeForm):
    """The code sent to the new number, and the second factor of those who have one."""

    factor = forms.Text(label=_("动态验证码"), max_length=24)

    def __init__(self, *args: Any, has_factor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_factor:
            del self.fields["factor"]


class NameForm(forms.Form):
    """The name as it stands in the register."""

    name = forms.Text(
        label=_("登记时的全名"), max_length=80, widget=django_forms.TextInput(attrs={"autocomplete": "name"})
    )


class ClaimForm(forms.Form):
    """Which home, in what relation, with what proof."""

    unit_code = forms.Text(label=_("房号"), max_length=32)
    relation = forms.Choice(label=_("您是"), drawn_as="chips", choices=RELATIONS)
    name = forms.Text(label=_("您的姓名"), max_length=40)
    proof = forms.Photos(label=_("证明照片"), most=1, required=False)
    note = forms.Text(label=_("想说明的"), lines=2, max_length=300, required=False)


class AnswerForm(forms.Form):
    """The answer to a claim: which owner of the register it is, and why."""

    answer = forms.Choice(label=_("核对结果"), drawn_as="radios")
    reason = _reason(_("说明（申请人会看到）"))

    def __init__(self, *args: Any, answers: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("answer", answers)


class PhoneAnswerForm(forms.Form):
    """The answer to a change of number."""

    answer = forms.Choice(
        label=_("核对结果"),
        drawn_as="radios",
        choices=(("yes", _("已核对证件，同意换号")), ("no", _("不同意"))),
    )
    reason = _reason(_("怎么核对的"))


class ReasonForm(forms.Form):
    """Why."""

    reason = _reason()


class OccupantForm(forms.Form):
    """Somebody who lives in a home."""

    relation = forms.Choice(label=_("这位是"), drawn_as="chips", choices=LIVING)
    name = forms.Text(label=_("姓名"), max_length=40)
    phone = forms.Mobile(label=_("手机号"), required=False)

    def new(self) -> NewPerson:
        """Whom the form names."""
        return NewPerson(self.cleaned_data["name"], self.cleaned_data["phone"] or "")


class SearchForm(forms.Form):
    """An exact number; it never stands in an address."""

    phone = forms.Mobile(label=_("手机号"))


class TakeForm(forms.Form):
    """What for the register leaves the house, and how."""

    kind = forms.Choice(
        label=_("要什么"),
        drawn_as="chips",
        choices=(("xlsx", _("Excel 表格")), ("csv", _("CSV 文件")), ("print", _("打印"))),
    )
    phones = forms.Box(label=_("带完整手机号（不勾则中间四位是星号）"), required=False)
    reason = _reason(_("用途（名册上的人都能看到）"))


class PersonForm(forms.Form):
    """A person's entry, put right."""

    name = forms.Text(label=_("姓名"), max_length=40)
    phone = forms.Mobile(label=_("手机号"), required=False)
    document = forms.Text(label=_("证件号（只留末四位，不填就不改）"), max_length=24, required=False)
    reason = _reason()
    seen = _seen()

    def new(self) -> NewPerson:
        """The entry as it should be."""
        data = self.cleaned_data
        return NewPerson(data["name"], data["phone"] or "", "natural", data["document"])


class RemoveForm(ReasonForm):
    """Why somebody never was a co-owner."""

    seen = _seen()


class OwnerForm(forms.Form):
    """The right owner in place of a wrong one."""

    kind = forms.Choice(label=_("类型"), drawn_as="chips", choices=KINDS, initial="natural")
    name = forms.Text(label=_("姓名或单位名称"), max_length=40)
    phone = forms.Mobile(label=_("手机号"), required=False)
    document = forms.Text(label=_("证件号（只留末四位）"), max_length=24, required=False)
    reason = _reason()
    seen = _seen()

    def new(self) -> NewPerson:
        """The right owner."""
        data = self.cleaned_data
        return NewPerson(data["name"], data["phone"] or "", data["kind"], data["document"])


class TransferForm(forms.Form):
    """A unit changes hands: on what ground, when, who stays, who comes."""

    ground = forms.Choice(label=_("变更原因"), choices=GROUNDS)
    on = forms.Day(label=_("变更日期"))
    staying = forms.Choices(label=_("仍是业主的人"), required=False)
    reason = _reason(_("凭什么办理（例如：不动产权证已看）"))
    seen = _seen()

    def __init__(self, *args: Any, owners: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("staying", owners)
        if not self.fields["staying"].choices:  # type: ignore[attr-defined]
            del self.fields["staying"]
        for number in range(1, MOST_NEW_OWNERS + 1):
            self.fields[f"name_{number}"] = forms.Text(
                label=_("姓名或单位名称"), max_length=40, required=False
            )
            self.fields[f"phone_{number}"] = forms.Mobile(label=_("手机号"), required=False)
            self.fields[f"document_{number}"] = forms.Text(
                label=_("证件号（只留末四位）"), max_length=24, required=False
            )
            self.fields[f"kind_{number}"] = forms.Choice(label=_("类型"), choices=KINDS, initial="natural")
            self.fields[f"kind_{number}"].required = False

    def new_owners(self) -> list[list[Any]]:
        """The fields of the new owners, to be drawn group by group."""
        numbers = range(1, MOST_NEW_OWNERS + 1)
        return [[self[f"{part}_{one}"] for part in ("name", "phone", "document", "kind")] for one in numbers]

    def to(self) -> list[NewPerson]:
        """The new owners that were named."""
        data = self.cleaned_data
        return [
            NewPerson(
                data[f"name_{one}"],
                data[f"phone_{one}"] or "",
                data[f"kind_{one}"] or "natural",
                data[f"document_{one}"],
            )
            for one in range(1, MOST_NEW_OWNERS + 1)
            if data[f"name_{one}"]
        ]

    def staying_ids(self) -> list[int]:
        """The ownerships that go on."""
        return [int(one) for one in self.cleaned_data.get("staying", [])]


class InviteForm(forms.Form):
    """Somebody gets a duty."""

    role = forms.Choice(label=_("职务"))
    name = forms.Text(label=_("姓名"), max_length=40)
    phone = forms.Mobile(label=_("手机号"))
    place = forms.Choice(label=_("在哪里"))
    organisation = forms.Choice(label=_("代表的单位"), required=False)
    title = forms.Text(label=_("岗位名称"), max_length=40, required=False)
    from_on = forms.Day(label=_("从哪天起"), required=False)
    last_on = forms.Day(label=_("到哪天止（含当天）"), required=False)

    def __init__(
        self,
        *args: Any,
        roles: Iterable[tuple[str, Any]],
        places: Iterable[tuple[str, Any]],
        organisations: Iterable[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer("role", roles)
        self.offer("place", places)
        bodies = list(organisations)
        self.offer("organisation", bodies)
        if not bodies:
            del self.fields["organisation"]


class LeaveForm(forms.Form):
    """A duty ends; who takes the open work over."""

    successor = forms.Choice(label=_("谁接手"), required=False, empty_label=_("没人接，退回待派"))
    reason = _reason()

    def __init__(self, *args: Any, successors: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("successor", [(str(pk), name) for pk, name in successors])


class EraseForm(forms.Form):
    """The last word before an account goes."""

    drop_register_phone = forms.Box(label=_("也从业主名册里删去我的手机号"), required=False)
    sure = forms.Box(label=_("我知道注销后不能恢复"))
