"""The shape of what is typed about organisations, contracts, seats and duty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.ground.web import forms
from linli.registry.organisations.domain.rosters import read_clock

MOST_ELECTED = 11
"""How many elected members one form takes."""


class Clock(forms.Parsed):
    """A time of the day, cleaned to minutes since midnight."""

    read = staticmethod(read_clock)


def _reason(label: Any = None) -> forms.Text:
    return forms.Text(label=label or _("原因（会留在记录里）"), lines=2, max_length=200)


def day_after(day: date | None) -> date | None:
    """The first day on which it no longer holds, for a last day that somebody wrote."""
    return day + timedelta(days=1) if day else None


class OrganisationForm(forms.Form):
    """A body with everything that can be put right later."""

    kind = forms.Choice(label=_("机构类别"))
    name = forms.Text(label=_("全称"), max_length=80)
    short_name = forms.Text(label=_("简称（清单和单据上用）"), max_length=24)
    uscc = forms.Text(
        label=_("统一社会信用代码"), max_length=40, required=False, help_text=_("18 位；物业服务企业必填")
    )
    phone = forms.Text(label=_("对外电话"), max_length=24, required=False)
    hours = forms.Text(
        label=_("服务时间"), max_length=60, required=False, help_text=_("例如：每天 8:00—20:00")
    )
    parent = forms.Choice(label=_("上级机构"), required=False, empty_label=_("没有上级"))
    reason = _reason(_("为什么更正（会留在记录里）"))

    def __init__(
        self,
        *args: Any,
        parents: Iterable[tuple[int, str]],
        kinds: Iterable[tuple[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer("parent", [(str(pk), name) for pk, name in parents])
        offered = list(kinds)
        if offered:
            self.offer("kind", offered)
            del self.fields["reason"]
        else:
            del self.fields["kind"]

    def parent_id(self) -> int | None:
        """The superior that was chosen."""
        chosen = self.cleaned_data["parent"]
        return int(chosen) if chosen else None


class CloseForm(forms.Form):
    """A body is no more."""

    on = forms.Day(label=_("从哪天起注销"))
    reason = _reason()


class ContractForm(forms.Form):
    """A contract, from its first to its last day."""

    signed_on = forms.Day(label=_("签订日期"), required=False)
    from_on = forms.Day(label=_("从哪天起服务"))
    last_on = forms.Day(
        label=_("服务到哪天止（含当天）"), required=False, help_text=_("没有约定期限的，不填")
    )
    filed_on = forms.Day(label=_("备案日期"), required=False, help_text=_("还没备案的，以后再登记"))


class FilingForm(forms.Form):
    """The day of filing."""

    filed_on = forms.Day(label=_("备案日期"))


class EndForm(forms.Form):
    """The last day of a contract or a seat, and why."""

    last_on = forms.Day(label=_("最后一天（含当天）"))
    reason = _reason()


class ExtensionForm(forms.Form):
    """The new last day of a term, and by what decision."""

    last_on = forms.Day(label=_("延长到哪天止（含当天）"))
    basis = _reason(_("依据（哪一次业主大会的决定）"))


class PositionForm(forms.Form):
    """Another position for somebody who sits already."""

    position = forms.Text(label=_("新职务"), max_length=24)
    reason = _reason(_("依据（例如首次会议推选）"))


class VacancyForm(forms.Form):
    """Somebody takes a vacant seat until the term is over."""

    name = forms.Text(label=_("姓名"), max_length=40)
    phone = forms.Mobile(label=_("本人的手机号（登录邻里用的）"))
    position = forms.Text(label=_("职务"), max_length=24)
    mandate = forms.Text(label=_("代表的单位业主"), max_length=80, required=False)
    from_on = forms.Day(label=_("从哪天起"))
    basis = _reason(_("依据（哪一次会议的决定）"))


class ElectionForm(forms.Form):
    """A new term and everybody who was elected."""

    from_on = forms.Day(label=_("任期从哪天起"))
    last_on = forms.Day(label=_("到哪天止（含当天）"))
    basis = _reason(_("依据（哪一次会议、怎么选出的）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_ELECTED + 1):
            self.fields[f"name_{number}"] = forms.Text(label=_("姓名"), max_length=40, required=False)
            self.fields[f"phone_{number}"] = forms.Mobile(label=_("手机号"), required=False)
            self.fields[f"position_{number}"] = forms.Text(label=_("职务"), max_length=24, required=False)
            self.fields[f"mandate_{number}"] = forms.Text(
                label=_("代表的单位业主"), max_length=80, required=False
            )

    def rows(self) -> list[list[Any]]:
        """The fields of the elected, to be drawn group by group."""
        parts = ("name", "phone", "position", "mandate")
        return [[self[f"{part}_{one}"] for part in parts] for one in range(1, MOST_ELECTED + 1)]

    def elected(self) -> list[tuple[int, str, str, str, str]]:
        """The lines that were filled in: number, name, phone, position, mandate."""
        data = self.cleaned_data
        return [
            (
                one,
                data[f"name_{one}"],
                data[f"phone_{one}"] or "",
                data[f"position_{one}"] or str(_("委员")),
                data[f"mandate_{one}"],
            )
            for one in range(1, MOST_ELECTED + 1)
            if data[f"name_{one}"] or data[f"phone_{one}"]
        ]


class DutyForm(forms.Form):
    """Somebody at a post, between two hours, on some days of a week."""

    member = forms.Choice(label=_("谁值班"))
    post = forms.Text(label=_("岗位"), max_length=24, help_text=_("例如：前台、门岗、带班"))
    begins = Clock(label=_("几点到岗"), max_length=10)
    ends = Clock(
        label=_("几点下岗"), max_length=10, help_text=_("早于到岗时间的，算第二天；两个一样就是整天")
    )
    phone = forms.Text(
        label=_("值班电话"), max_length=24, required=False, help_text=_("不填就用单位的电话；居民会看到")
    )
    note = forms.Text(label=_("备注"), max_length=60, required=False)
    days = forms.Choices(label=_("哪几天"))

    def __init__(
        self,
        *args: Any,
        members: Iterable[tuple[str, str]],
        days: Iterable[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer("member", members)
        self.offer("days", days)

    def whom(self) -> tuple[int, int]:
        """The body and the account that were chosen."""
        body, account = self.cleaned_data["member"].split("-")
        return int(body), int(account)

    def chosen_days(self) -> list[date]:
        """The days that were ticked."""
        return [date.fromisoformat(day) for day in self.cleaned_data["days"]]


class ReasonForm(forms.Form):
    """Why."""

    reason = _reason()
