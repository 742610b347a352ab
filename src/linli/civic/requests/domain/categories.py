"""What requests are about: the categories, their promised time, and how plain words point to them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of request. ``working_days`` is the promised time; ``words`` are what people say of it."""

    code: str
    name: str
    working_days: int
    icon: str
    words: tuple[str, ...]


CATEGORIES: tuple[Category, ...] = (
    Category("door", "单元门", 3, "door", ("单元门", "闭门器", "门禁", "门锁", "门闭不上", "门坏")),
    Category("lift", "电梯", 1, "lift", ("电梯", "升降机", "轿厢")),
    Category("parking", "停车", 1, "car", ("停车", "乱停", "车位", "充电", "电动车", "道闸", "堵车", "占道")),
    Category("light", "照明", 3, "lamp", ("路灯", "灯不亮", "照明", "楼道灯", "灯坏", "黑灯")),
    Category(
        "water",
        "水电气暖",
        3,
        "drop",
        ("漏水", "渗水", "下水", "堵塞", "停水", "停电", "暖气", "水管", "水压"),
    ),
    Category(
        "hygiene", "环境卫生", 3, "broom", ("垃圾", "卫生", "异味", "清扫", "粪便", "蟑螂", "老鼠", "杂物")
    ),
    Category(
        "amenity",
        "便民设施",
        10,
        "bench",
        ("长椅", "凳子", "坡道", "扶手", "座椅", "健身", "晾衣", "无障碍", "推车"),
    ),
    Category("green", "绿化", 5, "leaf", ("树", "草坪", "绿化", "浇水", "修剪", "花坛")),
    Category("noise", "噪声宠物", 3, "sound", ("噪声", "噪音", "吵", "狗", "宠物", "装修", "扰民")),
    Category("fire", "消防安全", 1, "flame", ("消防", "灭火器", "消防通道", "飞线", "堆物", "烟感")),
    Category(
        "fee", "收费公示", 5, "receipt", ("物业费", "收费", "发票", "公摊", "账目", "维修资金", "公共收益")
    ),
    Category("security", "治安", 1, "shield", ("小偷", "丢", "门岗", "保安", "监控", "高空抛物")),
    Category("praise", "建议表扬", 5, "heart", ("建议", "表扬", "感谢", "希望能")),
    Category("other", "其他", 5, "dots", ()),
)
BY_CODE: dict[str, Category] = {category.code: category for category in CATEGORIES}


def guess_category(text: str) -> str:
    """The category whose words stand in the text most often; ``other`` when none does."""
    scores = [(sum(text.count(word) * len(word) for word in item.words), item.code) for item in CATEGORIES]
    best = max(score for score, _ in scores)
    return next(code for score, code in scores if score == best) if best else "other"


@dataclass(frozen=True, slots=True)
class Danger:
    """Something that cannot wait for a form: whom to call at once."""

    code: str
    name: str
    call: str
    words: tuple[str, ...]


DANGERS: tuple[Danger, ...] = (
    Danger(
        "gas",
        "燃气泄漏",
        "先开窗、不开关电器、离开屋子，到室外打燃气抢修电话或 119。",
        ("燃气味", "煤气味", "燃气泄漏", "煤气泄漏", "漏气", "天然气味"),
    ),
    Danger(
        "trapped",
        "电梯困人",
        "别扒门。按轿厢里的报警铃，打物业值班电话；有人不舒服打 120，救援打 119。",
        ("困在电梯", "电梯困人", "关在电梯", "被困电梯", "困人"),
    ),
    Danger(
        "fire",
        "着火",
        "马上打 119，走楼梯离开，别坐电梯。",
        ("着火", "起火", "冒烟", "火灾", "失火", "自燃"),
    ),
    Danger(
        "facade",
        "外墙坠物",
        "离开楼下，别让人靠近，打物业值班电话；有人受伤打 120。",
        ("外墙脱落", "墙皮掉", "瓷砖掉", "外墙掉", "要掉下来", "坠落"),
    ),
    Danger(
        "electric",
        "触电危险",
        "不要碰，离远些，打物业值班电话或供电抢修 95598；有人触电打 120。",
        ("触电", "漏电", "电线掉", "电线断", "电线裸露", "打火花"),
    ),
)
DANGER_BY_CODE: dict[str, Danger] = {danger.code: danger for danger in DANGERS}


def find_danger(text: str) -> Danger | None:
    """The first danger that the words speak of, or None."""
    return next((danger for danger in DANGERS if any(word in text for word in danger.words)), None)
