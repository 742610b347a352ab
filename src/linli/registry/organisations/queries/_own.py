"""Where one account sits, serves and stands on duty: the part of organisations in the copy of one's own data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linli.registry.organisations.domain.rosters import Shift
from linli.registry.organisations.models import Duty, Organisation, Seat
from linli.registry.people import queries as people

Table = Sequence[dict[str, object]]


def own_data(account_id: int) -> Mapping[str, Table]:
    """Tables with Chinese titles and columns, as the copy of one's own data holds them."""
    return {
        "机构席位": _seats(account_id),
        "任职单位": _posts(account_id),
        "值班": _duties(account_id),
    }


def _seats(account_id: int) -> Table:
    mine = Seat.objects.filter(account_id=account_id).select_related("organisation", "term")
    return [
        {
            "机构": seat.organisation.name,
            "职位": seat.position,
            "受谁委派": seat.mandate,
            "开始": seat.from_on,
            "结束": seat.to_on,
            "离任原因": seat.ended_reason,
            "本届开始": seat.term.from_on if seat.term else None,
            "本届结束": seat.term.to_on if seat.term else None,
            "产生依据": seat.term.basis if seat.term else "",
        }
        for seat in mine.order_by("from_on", "pk")
    ]


def _posts(account_id: int) -> Table:
    held = [one for one in people.every_duty_of(account_id) if one.organisation_id is not None]
    names = dict(
        Organisation.objects.filter(pk__in={one.organisation_id for one in held}).values_list("pk", "name")
    )
    return [
        {
            "机构": names.get(one.organisation_id or 0, ""),
            "职务": one.label,
            "地点": one.place_name,
            "开始": one.from_on,
            "结束": one.to_on,
        }
        for one in held
    ]


def _duties(account_id: int) -> Table:
    planned = Duty.objects.filter(account_id=account_id).select_related("organisation", "place")
    return [
        {
            "机构": duty.organisation.name,
            "地点": duty.place.name,
            "日期": duty.on,
            "时间": Shift(duty.on, duty.from_minute, duty.to_minute).hours,
            "岗位": duty.post,
            "电话": duty.phone,
            "备注": duty.note,
            "取消时间": duty.removed_at,
            "取消原因": duty.removed_reason,
        }
        for duty in planned.order_by("on", "from_minute", "pk")
    ]
