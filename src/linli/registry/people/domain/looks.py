"""What is recorded of looks at protected data, in words."""

from __future__ import annotations

LOOKS = {
    "phone": "查看手机号",
    "person": "打开登记页",
    "search": "查找",
    "export": "导出名册",
    "export_full": "导出名册（含完整手机号）",
    "print": "打印名册",
    "print_full": "打印名册（含完整手机号）",
    "claim": "核对认领材料",
}
"""What an access record's ``what`` is called."""
