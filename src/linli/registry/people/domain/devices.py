"""What a device is called in the list of one's own devices."""

from __future__ import annotations

_PROGRAMS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge 浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("VivoBrowser", "vivo 浏览器"),
    ("HeyTapBrowser", "OPPO 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("HarmonyOS", "鸿蒙手机"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


def describe(user_agent: str) -> str:
    """A short name for whoever looks at the list: the system, then the program."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "其他设备")
    program = next((name for mark, name in _PROGRAMS if mark in user_agent), "")
    return f"{system} · {program}" if program else system
