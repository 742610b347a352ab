"""The legal grounds that the pages of people name."""

from __future__ import annotations

COPY = "个人信息保护法第四十五条"
ERASURE = "个人信息保护法第四十七条、网络数据安全管理条例第二十四条"
PURPOSE = "个人信息保护法第六条、第十三条、第十七条"
RIGHTS = "个人信息保护法第四十四条至第四十七条"
SECRECY = "青岛市物业管理条例第三十九条、第六十一条"
LEASE = "民法典第七百二十五条"
