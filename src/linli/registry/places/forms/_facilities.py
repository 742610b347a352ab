"""The shape of what people type about common facilities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from linli.ground.kernel.text import fold
from linli.ground.web import forms
from linli.registry.places.queries import ALL, FACILITY_KINDS, RETIRED, FacilityWish

if TYPE_CHECKING:
    from linli.registry.places.models import Place

KINDS = tuple((kind, _(label)) for kind, label in FACILITY_KINDS)
WHICH = ((RETIRED, _("已停用")), (ALL, _("全部")))
LONGEST_KEYS = 300


class FacilityFilterForm(forms.Form):
    """What the list of facilities is narrowed to; a wrong choice narrows nothing."""

    q = forms.Text(label=_("编号、名称或位置"), max_length=40, required=False)
    kind = forms.Choice(label=_("类别"), required=False, empty_label=_("全部类别"), choices=KINDS)
    inside = forms.Choice(label=_("在哪里"), required=False, empty_label=_("整个小区"))
    which = forms.Choice(label=_("哪些"), required=False, empty_label=_("在用的"), choices=WHICH)

    def __init__(self, data: Any, *, places: Iterable[Place]) -> None:
        super().__init__(data)
        self.offer("inside", [(str(one.pk), one.name) for one in places])

    def wish(self) -> FacilityWish:
        """What the reader wants to see; of ticked ones, only those."""
        self.is_valid()
        data = self.cleaned_data
        ticked = self.data.getlist("id")[:LONGEST_KEYS] if hasattr(self.data, "getlist") else []
        return FacilityWish(
            words=fold(data.get("q", "")),
            kind=data.get("kind", ""),
            inside=int(data["inside"]) if data.get("inside") else None,
            which=data.get("which", ""),
            keys=tuple(int(key) for key in ticked if key.isdecimal() and len(key) < 18),
        )

    def query(self, **changed: str) -> str:
        """The same wish as a part of an address, without the page and the ticks; some fields may differ."""
        self.is_valid()
        kept = {name: str(self.cleaned_data.get(name, "")) for name in self.fields} | changed
        return urlencode({name: value for name, value in kept.items() if value})


class _Placed(forms.Form):
    """A form with a field ``place`` that offers the places of the compound."""

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("place", places)


class AddFacilityForm(_Placed):
    """One facility; without a number it gets the next free one."""

    kind = forms.Choice(label=_("类别"), choices=KINDS)
    asset_no = forms.Text(label=_("设施编号"), max_length=40, required=False)
    name = forms.Text(label=_("名称"), max_length=60)
    place = forms.Choice(label=_("在哪里"))
    spot = forms.Text(label=_("具体位置"), max_length=120, required=False)


class AddFacilitiesForm(_Placed):
    """A row of equal facilities by the first and the last number."""

    kind = forms.Choice(label=_("类别"), choices=KINDS)
    first_no = forms.Text(label=_("从几号"), max_length=40)
    last_no = forms.Text(label=_("到几号"), max_length=40)
    name = forms.Text(label=_("名称"), max_length=56)
    place = forms.Choice(label=_("在哪里"))
    spot = forms.Text(label=_("具体位置"), max_length=120, required=False)


class RenameFacilityForm(forms.Form):
    """Another name, and why."""

    name = forms.Text(label=_("新的名称"), max_length=60)
    reason = forms.Text(label=_("原因"), max_length=200)


class FacilityKindForm(forms.Form):
    """Another kind, and why."""

    kind = forms.Choice(label=_("类别"), choices=KINDS)
    reason = forms.Text(label=_("原因"), max_length=200)


class RelocateFacilityForm(_Placed):
    """Another place, and why."""

    place = forms.Choice(label=_("现在在哪里"))
    spot = forms.Text(label=_("具体位置"), max_length=120, required=False)
    reason = forms.Text(label=_("原因"), max_length=200)


class RetireFacilityForm(forms.Form):
    """Since when it is out of use, and why."""

    on = forms.Day(label=_("从哪天起停用"))
    reason = forms.Text(label=_("原因"), max_length=200)


class RestoreFacilityForm(forms.Form):
    """Why it comes back."""

    reason = forms.Text(label=_("原因"), max_length=200)
