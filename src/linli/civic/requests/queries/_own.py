"""What one account reported, wrote and met too: the part of requests in the copy of one's own data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linli.civic.requests.domain.categories import BY_CODE
from linli.civic.requests.domain.workflow import RULES, STATUS_WORDS, Move, Status
from linli.civic.requests.models import Request, Step, Support

Table = Sequence[dict[str, object]]


def own_data(account_id: int) -> Mapping[str, Table]:
    """Tables with Chinese titles and columns, as the copy of one's own data holds them."""
    return {
        "我反映的诉求": _reported(account_id),
        "我在诉求里写的": _written(account_id),
        "我也遇到的": _supported(account_id),
    }


def _reported(account_id: int) -> Table:
    mine = Request.objects.filter(reporter_id=account_id).select_related("compound", "place", "unit")
    return [
        {
            "单号": one.number,
            "小区": one.compound.name,
            "类别": BY_CODE[one.category].name,
            "状态": STATUS_WORDS[Status(one.status)],
            "标题": one.title,
            "情况": one.text,
            "位置": " ".join(part for part in (one.place.name, one.spot) if part),
            "房屋": one.unit.label if one.unit else "",
            "公开": one.is_public,
            "反映时间": one.reported_at,
            "承诺时间": one.due_at,
            "办完时间": one.done_at,
            "办结时间": one.closed_at,
            "评价": one.rating,
            "照片张数": one.pictures.filter(added_by_id=account_id).count(),
        }
        for one in mine.order_by("pk")
    ]


def _written(account_id: int) -> Table:
    steps = Step.objects.filter(account_id=account_id).select_related("request").order_by("pk")
    return [
        {
            "单号": one.request.number,
            "时间": one.at,
            "做了什么": RULES[Move(one.move)].words,
            "文字": one.note,
        }
        for one in steps
    ]


def _supported(account_id: int) -> Table:
    backed = Support.objects.filter(account_id=account_id).select_related("request").order_by("pk")
    return [
        {"单号": one.request.number, "标题": one.request.title, "时间": one.at, "收回时间": one.ended_at}
        for one in backed
    ]
