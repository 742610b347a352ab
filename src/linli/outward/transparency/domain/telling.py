"""How acts of the log are told in plain words on public pages."""

from __future__ import annotations

ACT_WORDS: dict[str, str] = {
    "request.report": "有人反映了问题",
    "request.dispatch": "派单",
    "request.return_order": "退单",
    "request.accept": "接单",
    "request.arrive": "到达现场",
    "request.wait": "暂停等待",
    "request.resume": "继续处理",
    "request.finish": "办完，等报事人确认",
    "request.confirm": "报事人确认修好",
    "request.close_unreached": "三次联系不上，按规定办结",
    "request.reopen": "还没好，重新办理",
    "request.rate": "报事人评价",
    "request.forward": "转交给负责的单位",
    "request.take_back": "收回转交",
    "request.refuse": "不予受理",
    "request.withdraw": "报事人撤回",
    "request.merge": "并入同一件事",
    "request.correct": "补充说明",
    "request.note": "进展记录",
    "request.nudge": "催办",
    "request.attempt": "联系报事人",
    "request.moderate": "隐藏了不当文字",
    "request.restore": "恢复显示隐藏的文字",
    "request.reclassify": "改了类别",
    "request.forget": "注销账号的人说过的话已删除",
    "request.redact": "照片遮挡后公开",
    "request.hand_over": "换人处理",
    "request.support": "一位邻居也遇到",
    "request.unsupport": "一位邻居收回“也遇到”",
    "request.abuse": "有人举报内容不妥",
    "request.abuse_answer": "举报已处理",
    "request.promise": "承诺日期按放假安排重算",
    "announcement.publish": "发布公告",
    "announcement.withdraw": "撤下公告",
    "place.found": "登记楼栋、单元或公共区域",
    "place.rename": "更名",
    "place.close": "注销登记",
    "place.reopen": "恢复登记",
    "unit.add": "登记房屋",
    "unit.area": "更正房屋面积",
    "unit.correct": "更正房屋用途或交付日期",
    "unit.renumber": "更正门牌和房号",
    "unit.close": "注销房屋",
    "unit.reopen": "恢复房屋",
    "facility.add": "登记公共设施",
    "facility.add_row": "成批登记公共设施",
    "facility.rename": "公共设施改名",
    "facility.kind": "更正公共设施的类别",
    "facility.relocate": "公共设施改位置",
    "facility.retire": "停用公共设施",
    "facility.restore": "公共设施恢复使用",
    "contract.sign": "登记物业服务合同",
    "contract.file": "物业服务合同备案",
    "contract.end": "物业服务合同到期或解除",
    "roll.import": "导入业主房屋名册",
    "roll.undo": "撤销一次名册导入",
}

_GROUPS: dict[str, str] = {
    "place.": "房屋登记有变动",
    "unit.": "房屋登记有变动",
    "person.": "业主登记有变动",
    "owner": "业主登记有变动",
    "occupant.": "住户登记有变动",
    "look.": "工作人员看了一次登记的个人信息",
    "claim.": "房屋认领",
    "role.": "职责任免",
    "account.": "账号变动",
    "phone_change.": "换手机号的申请",
    "consent.": "授权或撤回授权",
    "organisation.": "机构登记有变动",
    "seat.": "任期和席位有变动",
    "duty.": "值班表有变动",
    "holidays.": "放假安排有变动",
}


def told(kind: str) -> str:
    """The plain words of an act; acts without words of their own are told by their group."""
    if kind in ACT_WORDS:
        return ACT_WORDS[kind]
    return next((words for start, words in _GROUPS.items() if kind.startswith(start)), "登记了一次操作")


def one_sentence(kind: str, supporters: int | None) -> str:
    """An act's words, with the number of neighbours where it is about them."""
    if supporters is not None and kind in ("request.support", "request.unsupport"):
        return f"{told(kind)}，现在共 {supporters} 位"
    return told(kind)
