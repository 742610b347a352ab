"""A compound that an import founded, so that every row of it stands in the log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from linli.ground.kernel.actor import system
from linli.outward.exchange import actions
from linli.registry.places.models import Place

AT = datetime(2026, 3, 16, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
FOUNDING = """街道,社区,小区,房屋,面积,业主,电话
浮山街道,龙栖社区,甲苑,3-2-501,88.00,张三,13800001234
浮山街道,龙栖社区,甲苑,3-2-503,70.00,赵老,13700009999
浮山街道,龙栖社区,乙苑,1-1-101,90.00,李四,13900005555
"""


@pytest.fixture
def founded(db: None, tmp_path: Path) -> Place:
    """甲苑 with two homes, as the district's roll brought it."""
    path = tmp_path / "全区.csv"
    path.write_text(FOUNDING, encoding="utf-8")
    actions.take_over(
        actor=system("import"), path=path, compound_id=None, rehearse=False, progress=lambda _: None, at=AT
    )
    return Place.objects.get(name="甲苑")
