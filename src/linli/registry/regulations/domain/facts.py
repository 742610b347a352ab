"""What a profile may lay down besides majorities: every fact by its name, its kind and its Chinese label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from linli.registry.regulations.domain.thresholds import Threshold

Kind = Literal["count", "flag", "text", "share"]
FactValue = int | bool | str | Threshold

CONFIDENCES = {
    "T": "已核对条文",
    "S": "依据二手资料，待核对条文",
    "R": "凭业务经验，未见条文",
    "?": "有争议或可能已修改",
    "D": "本系统的设计约定，不是法律",
}


@dataclass(frozen=True, slots=True)
class FactName:
    """A fact that may stand in a profile: what kind of value it has, and the sentence that tells it.

    ``{}`` in the sentence takes the value; ``otherwise`` is the sentence of a flag that is false.
    """

    kind: Kind
    sentence: str
    otherwise: str = ""

    def told(self, value: FactValue) -> str:
        """The sentence with the value in it."""
        if isinstance(value, bool):
            return self.sentence if value else self.otherwise
        return self.sentence.format(value.words if isinstance(value, Threshold) else value)


FACTS: dict[str, FactName] = {
    "one_part_one_head": FactName("flag", "一个专有部分按一人计算", "不按专有部分的数量计算人数"),
    "developer_one_head": FactName(
        "flag",
        "建设单位未出售和已售未交付的专有部分合计按一人计算，面积照算",
        "建设单位的专有部分逐个计算人数",
    ),
    "same_buyer_one_head": FactName(
        "flag", "同一买受人拥有几个专有部分的按一人计算，面积照算", "同一买受人拥有几个专有部分的逐个计算人数"
    ),
    "headcount_override_by_rules": FactName(
        "flag", "业主大会对投票权的计算另有约定的，从其约定", "投票权的计算不能另作约定"
    ),
    "count_parking_area": FactName("flag", "车位、车库面积计入表决面积", "车位、车库面积不计入表决面积"),
    "notice_days": FactName("count", "业主大会会议召开 {} 日前，通知全体业主并公示议题、时间、地点、方式"),
    "first_assembly_notice_days": FactName("count", "首次业主大会会议召开 {} 日前，公示筹备内容"),
    "decision_publish_days": FactName("count", "决定作出之日起 {} 日内公示"),
    "covenant_publish_days": FactName("count", "管理规约、议事规则自通过之日起 {} 日内公示"),
    "publicity_min_days": FactName("count", "公示不少于 {} 日"),
    "publicity_physical_required": FactName(
        "flag", "公示要在显著位置公开张贴，网上发布只是补充", "公示可以只在网上发布"
    ),
    "fund_plan_post_days": FactName("count", "维修资金使用方案公示不少于 {} 日"),
    "temporary_meeting_share": FactName("share", "{}的业主提议，应当召开临时会议"),
    "meetings_per_year_min": FactName("count", "业主大会会议每年至少召开 {} 次"),
    "committee_min": FactName("count", "业主委员会由 {} 人以上组成"),
    "committee_odd": FactName("flag", "业主委员会人数须为单数", "业主委员会人数不要求单数"),
    "committee_term_max_years": FactName("count", "业主委员会每届任期不超过 {} 年，可以连选连任"),
    "committee_extension_max_years": FactName("count", "经业主大会决定延长任期的，不超过 {} 年"),
    "committee_attendance": FactName("share", "业主委员会会议应有{}成员出席"),
    "committee_decision": FactName("share", "业主委员会作出决定，须经全体成员{}同意"),
    "committee_first_meeting_days": FactName(
        "count", "业主委员会选出之日起 {} 日内开首次会议，推选主任、副主任"
    ),
    "officers_publish_days": FactName("count", "主任、副主任推选完成之日起 {} 日内公示"),
    "filing_days": FactName("count", "业主委员会选出之日起 {} 日内备案"),
    "one_company_per_area": FactName(
        "flag", "一个物业管理区域由一家物业服务企业服务", "一个物业管理区域可以由几家企业服务"
    ),
    "contract_dismissal_notice_days": FactName("count", "业主解聘物业服务人，提前 {} 日书面通知"),
    "contract_filing_days": FactName("count", "物业服务合同自签订之日起 {} 日内备案"),
    "filing_to": FactName("text", "业主委员会向{}备案"),
    "prep_form_days": FactName("count", "符合条件或者收到申请之日起 {} 日内组建筹备组"),
    "prep_publish_days": FactName("count", "筹备组成立之日起 {} 日内公示成员名单"),
    "first_meeting_days": FactName("count", "筹备组成立之日起 {} 日内召开首次业主大会会议"),
    "first_meeting_extension_days": FactName("count", "首次业主大会会议经批准可以延长 {} 日"),
    "reelect_before_days": FactName("count", "任期届满 {} 日前召开换届会议"),
    "handover_days": FactName("count", "新一届选出后 {} 日内移交资料、印章和财物"),
    "revocation_years": FactName("count", "业主请求法院撤销决定，自知道或者应当知道之日起 {} 年内"),
    "evote_municipal_system": FactName("flag", "市里建有电子投票系统，供免费使用", "没有市级电子投票系统"),
    "interim_management_committee": FactName("flag", "可以设物业管理委员会", "没有物业管理委员会这一制度"),
}
