"""The shape of what people type about units: number and code, use, area with its source, the day of delivery."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.ground.web import forms
from linli.registry.places.forms._places import ReasonForm
from linli.registry.places.queries import AREA_SOURCES, UNIT_KINDS

KINDS = tuple((kind, _(label)) for kind, label in UNIT_KINDS)
SOURCES = tuple((source, _(label)) for source, label in AREA_SOURCES if source != "unknown")


def _sure() -> forms.Box:
    return forms.Box(label=_("已对照原件，没有写错"), required=False)


def _seen() -> forms.Text:
    return forms.Text(max_length=64, required=False, widget=forms.Hidden)


def _number() -> forms.Text:
    return forms.Text(label=_("门牌"), max_length=24, help_text=_("门上写的，例如 501。"))


def _code() -> forms.Text:
    return forms.Text(
        label=_("房号"),
        max_length=32,
        required=False,
        help_text=_("不填就按楼栋、单元、门牌自动编，例如 3-2-501。"),
    )


class UnitForm(forms.Form):
    """A new unit: where it stands, its number, what it is used for, its area."""

    place = forms.Choice(label=_("在哪里"), empty_label=_("请选择楼栋和单元"))
    number = _number()
    code = _code()
    kind = forms.Choice(label=_("用途"), drawn_as="chips", choices=KINDS, initial="home")
    area = forms.Area(
        label=_("建筑面积（平方米）"), required=False, help_text=_("例如 118.64；还不知道可以以后补。")
    )
    source = forms.Choice(label=_("面积来源"), required=False, choices=SOURCES)
    area_on = forms.Day(label=_("面积日期"), required=False, help_text=_("登记、测绘或签合同的日期。"))
    delivered_on = forms.Day(label=_("交付日期"), required=False)
    sure = _sure()

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("place", places)

    def clean(self) -> dict[str, Any]:
        """An area is given with its source."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("area") and not data.get("source"):
            self.add_error("source", _("请选面积来源：登记簿、测绘还是合同。"))
        return data


class NumberForm(ReasonForm):
    """The number on the door and the code of a unit, put right."""

    number = _number()
    code = _code()
    seen = _seen()
    field_order = ("number", "code", "reason", "seen")


class AreaForm(ReasonForm):
    """The right area of a unit with source and date, and why it changes."""

    area = forms.Area(label=_("建筑面积（平方米）"), help_text=_("照原件写，两位小数，例如 118.64。"))
    source = forms.Choice(label=_("面积来源"), drawn_as="radios", choices=SOURCES)
    area_on = forms.Day(label=_("面积日期"), help_text=_("登记、测绘或签合同的日期。"))
    sure = _sure()
    seen = _seen()
    field_order = ("area", "source", "area_on", "reason", "sure", "seen")


class KindForm(ReasonForm):
    """What a unit is used for and when it was handed over, put right."""

    kind = forms.Choice(label=_("用途"), drawn_as="chips", choices=KINDS)
    delivered_on = forms.Day(label=_("交付日期"), required=False)
    seen = _seen()
    field_order = ("kind", "delivered_on", "reason", "seen")
