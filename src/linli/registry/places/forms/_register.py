"""What the list of units is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from linli.ground.kernel.text import fold
from linli.ground.web import forms
from linli.registry.places.queries import UNIT_KINDS, Wish

if TYPE_CHECKING:
    from linli.registry.places.models import Place

KINDS = tuple((kind, _(label)) for kind, label in UNIT_KINDS)
WHICH = (("no_area", _("还没有面积")), ("closed", _("已注销")))


class FilterForm(forms.Form):
    """What the list of units is narrowed to; a wrong choice narrows nothing."""

    q = forms.Text(label=_("房号或名称"), max_length=40, required=False)
    inside = forms.Choice(label=_("楼栋"), required=False, empty_label=_("全部"))
    kind = forms.Choice(label=_("用途"), required=False, empty_label=_("全部"), choices=KINDS)
    which = forms.Choice(label=_("哪些"), required=False, empty_label=_("在用的"), choices=WHICH)

    def __init__(self, data: Any, *, buildings: Iterable[Place]) -> None:
        super().__init__(data)
        self.offer("inside", [(str(one.pk), one.name) for one in buildings])

    def wish(self) -> Wish:
        """What the reader wants to see."""
        self.is_valid()
        data = self.cleaned_data
        inside = str(data.get("inside", ""))
        return Wish(
            fold(data.get("q", "")),
            int(inside) if inside else None,
            data.get("kind", ""),
            data.get("which", ""),
        )

    def query(self) -> str:
        """The same wish as a part of an address, without the page."""
        kept = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return urlencode({name: value for name, value in kept.items() if value})
