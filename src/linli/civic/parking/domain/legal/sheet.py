"""The check as people read it, and as data; the findings go into a plan as they are."""

from __future__ import annotations

from typing import Any

from linli.civic.parking.domain.legal.checking import Checked, Measured
from linli.civic.parking.domain.legal.rules import FEATURES

VERDICTS = {"clear": "无问题", "warned": "有提醒", "blocked": "不能设"}


def legal_sheet(checked: Checked) -> list[str]:
    """What is wrong with which bay, measured, with clause and the unit that answers for it."""
    verdicts = checked.verdicts()
    counts = {verdict: sum(1 for one in verdicts.values() if one == verdict) for verdict in VERDICTS}
    told = "，".join(f"{words} {counts[verdict]} 个" for verdict, words in VERDICTS.items())
    lines = [f"合规检查（按 {checked.site.on.isoformat()} 有效的规则）：{len(verdicts)} 个车位，{told}。", ""]
    for bay, verdict in verdicts.items():
        found = [one for one in checked.breaches if one.bay.id == bay]
        if found:
            lines.append(f"{bay}：{VERDICTS[verdict]}")
            lines += [f"  {_sentence(one)}" for one in found]
    if checked.unset:
        lines += ["", "还没有定数、没能检查的规则："]
        lines += [f"  {rule.code}：请{rule.owner_unit}录入数值和条款" for rule in checked.unset]
    return lines


def _sentence(one: Measured) -> str:
    kind = one.feature.kind if one.feature else ""
    name = f"（{one.feature.id}）" if one.feature else ""
    got = f"压占 {-one.measured_m:.2f} 米" if one.measured_m < 0 else f"实测 {one.measured_m:.2f} 米"
    ground = f"{one.rule.source}{one.rule.clause}，由{one.rule.owner_unit}负责"
    strength = "阻断" if one.rule.severity == "block" else "提醒"
    if one.override is not None:
        strength = f"{one.override.unit}已准许：{one.override.reason}（{one.override.clause}）"
    return f"{one.rule.words(kind)}{name}，{got}。{ground}；{strength}。"


def legal_json(checked: Checked) -> dict[str, Any]:
    """Everything, for programs. ``findings`` has the form in which a plan takes them."""
    return {
        "name": checked.site.name,
        "on": checked.site.on.isoformat(),
        "bays": [{"id": bay, "verdict": verdict} for bay, verdict in checked.verdicts().items()],
        "findings": [_finding(one) for one in checked.breaches],
        "kept": [
            {
                "bay": one.bay.id,
                "rule": one.rule.code,
                "feature": one.feature.id if one.feature else None,
                "measured_m": round(one.measured_m, 3) + 0.0,
                "threshold_m": one.threshold_m,
            }
            for one in checked.kept
        ],
        "rules": [
            {
                "code": rule.code,
                "features": [FEATURES[kind] for kind in rule.features],
                "threshold_m": rule.threshold_m,
                "severity": rule.severity,
                "source": rule.source,
                "clause": rule.clause,
                "owner_unit": rule.owner_unit,
                "override_by": rule.override_by,
                "confidence": rule.confidence,
            }
            for rule in checked.site.rules
        ],
        "unset": [rule.code for rule in checked.unset],
    }


def _finding(one: Measured) -> dict[str, Any]:
    kind = one.feature.kind if one.feature else ""
    found: dict[str, Any] = {
        "street": one.bay.street,
        "bay": one.bay.id,
        "feature": one.feature.id if one.feature else "",
        "rule": one.rule.code,
        "text": one.rule.words(kind),
        "clause": f"{one.rule.source}{one.rule.clause}",
        "owner_unit": one.rule.owner_unit,
        "severity": one.rule.severity,
        "measured_m": round(one.measured_m, 3),
        "threshold_m": one.threshold_m,
    }
    if one.override is not None:
        found["overridden"] = f"{one.override.unit}：{one.override.reason}（{one.override.clause}）"
    return found
