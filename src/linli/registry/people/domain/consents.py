"""The purposes for which the house asks a separate consent, each with the words that are agreed to.

How somebody wants to be notified is no consent of this kind; it is chosen in ``notifications``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from linli.ground.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. Its version is the digest of what a person reads; other words need a new consent."""

    code: str
    title: str
    text: str
    kept: str
    clause: str
    sensitive: bool = False

    @property
    def sha256(self) -> str:
        """The version that a consent names."""
        content = "\n".join((self.code, self.title, self.text, self.kept, self.clause))
        return hashlib.sha256(content.encode()).hexdigest()


_ALL = (
    Purpose(
        "identity_display",
        "公开我的身份（亮身份）",
        "在小区的公示页上写明您的姓名、职务和服务的楼栋，让邻居知道找谁。任何人都能看到。"
        "不同意时，公示页只写姓和职务。",
        "撤回当天从页面上撤下；已经打印的公示由张贴单位收回。",
        "个人信息保护法第二十五条、第二十九条",
        sensitive=True,
    ),
    Purpose(
        "party_membership",
        "登记我的党员身份",
        "登记您是不是中共党员、在哪个支部，供支部安排联系户和活动。只有支部书记和上级党组织能看到。"
        "不同意不影响您参加任何活动。",
        "撤回后删除登记。",
        "个人信息保护法第二十八条、第二十九条",
        sensitive=True,
    ),
    Purpose(
        "care_needs",
        "登记需要照顾的情况",
        "登记独居、行动不便、使用轮椅或助听器等情况，报修和上门时优先安排、用合适的方式联系。"
        "只有小区工作人员在处理您的事情时能看到，每次查看都有记录。",
        "撤回后删除登记。",
        "个人信息保护法第二十八条、第二十九条",
        sensitive=True,
    ),
    Purpose(
        "plate_record",
        "登记我的车牌",
        "登记车牌号，用于车位、道闸和挪车联系。进出记录只用于开闸和处理纠纷。"
        "不登记也能进出，由门岗人工放行。",
        "撤回后删除车牌；进出记录最多保存三十天。",
        "个人信息保护法第二十八条、第二十九条",
        sensitive=True,
    ),
    Purpose(
        "photo_public",
        "公开我拍的照片",
        "您反映问题时拍的照片可以出现在公开页面上。公开前会去掉拍摄地点，工作人员会遮住人脸和车牌。"
        "不同意时，照片只给处理的人看。",
        "撤回后从公开页面上撤下。",
        "个人信息保护法第二十五条",
    ),
)

PURPOSES: Mapping[str, Purpose] = MappingProxyType({purpose.code: purpose for purpose in _ALL})


def purpose(code: str) -> Purpose:
    """The purpose of that code."""
    try:
        return PURPOSES[code]
    except KeyError:
        raise NotFound("no_such_purpose", "没有这一项同意事项。") from None


def holds(code: str, text_sha256: str) -> bool:
    """Whether a consent given to that version still covers the purpose as it is worded today."""
    return purpose(code).sha256 == text_sha256
