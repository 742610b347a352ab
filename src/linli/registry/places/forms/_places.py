"""The shape of what people type about places: their names, why they change, and the address of a compound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.ground.web import forms
from linli.registry.places.queries import PLACE_KINDS


class ReasonForm(forms.Form):
    """Why something is done, for the record."""

    reason = forms.Text(
        label=_("原因"), lines=2, max_length=200, help_text=_("会留在变更记录里，以后查得到。")
    )


class FoundForm(forms.Form):
    """A new place: which kind of those that can stand here, and its name; of a compound also its address."""

    kind = forms.Choice(label=_("要登记的是"), drawn_as="chips")
    name = forms.Text(label=_("名称"), max_length=60)
    slug = forms.Text(
        label=_("网址词"),
        max_length=40,
        help_text=_("小区才要填，是小区网页的地址，用拼音最好，例如 longqi；以后不能改。"),
    )

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(kind, _(PLACE_KINDS[kind])) for kind in kinds]
        self.offer("kind", offered)
        only_one = len(offered) == 1
        if only_one:
            self.initial["kind"] = offered[0][0]
        if "compound" in dict(offered):
            self.fields["slug"].required = only_one
        else:
            del self.fields["slug"]


class RenameForm(ReasonForm):
    """The new name of a place, and why."""

    name = forms.Text(label=_("新名称"), max_length=60)
    field_order = ("name", "reason")


class CloseForm(ReasonForm):
    """Since when a place or a unit is no more, and why."""

    on = forms.Day(label=_("从哪天起不再使用"))
    field_order = ("on", "reason")
