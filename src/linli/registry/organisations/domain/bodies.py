"""What kinds of bodies there are: where each may stand, which is the only one of its kind, which has seats."""

from __future__ import annotations

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold

LONGEST_NAME, LONGEST_SHORT_NAME, LONGEST_PHONE, LONGEST_HOURS = 80, 24, 24, 60
LONGEST_REASON = 200

_ANYWHERE = frozenset({"district", "subdistrict", "community", "compound"})
STANDS_AT: dict[str, frozenset[str]] = {
    "property_company": _ANYWHERE - {"compound"},
    "owners_committee": frozenset({"compound"}),
    "red_committee": frozenset({"compound"}),
    "party_branch": _ANYWHERE,
    "party_committee": _ANYWHERE,
    "residents_committee": frozenset({"community"}),
    "subdistrict_office": frozenset({"subdistrict"}),
    "district_office": frozenset({"district"}),
    "partner_unit": _ANYWHERE,
}
"""For which kind of place a body of this kind can be responsible."""

COMMITTEES = frozenset({"owners_committee", "red_committee"})
"""Elected by the owners, for a term that the regulations limit."""

PARTY_BODIES = frozenset({"party_branch", "party_committee"})
"""A seat in one of these says that somebody is a party member, which is theirs to tell (PIPL 28)."""

SEATED = COMMITTEES | PARTY_BODIES
ONE_AT_A_PLACE = COMMITTEES | {"residents_committee", "subdistrict_office", "district_office"}


def require_stands(kind: str, place_kind: str) -> None:
    """Refuse an unknown kind, and a body at a place of the wrong kind (a committee without a compound)."""
    if kind not in STANDS_AT:
        raise Invalid("organisation_kind_missing", "请选机构类别。", field="kind")
    if place_kind not in STANDS_AT[kind]:
        raise Invalid(
            "organisation_at_wrong_place",
            "这类机构不能登记在这一级：业委会登记在小区，居委会在社区，街道办在街道，物业企业在社区以上。",
            field="place",
        )


def require_parent_fits(
    *, own_path: str, own_id: int | None, parent_path: str, parent_chain: tuple[int, ...]
) -> None:
    """Refuse a superior body that does not cover the place, or that would stand under itself."""
    if not own_path.startswith(parent_path):
        raise Invalid(
            "parent_elsewhere", "上级机构要管得到这个地方，请选本级或上一级的机构。", field="parent"
        )
    if own_id is not None and own_id in parent_chain:
        raise Invalid("parent_in_circle", "上级机构不能是它自己或它的下级，请重新选。", field="parent")


def written(text: str, *, what: str, limit: int, field: str, required: bool = False) -> str:
    """The text folded; refuses what is too long rather than cutting it, and an empty one that is required."""
    found = fold(text)
    if required and not found:
        raise Invalid("text_missing", "请填写{what}。", what=what, field=field)
    if len(found) > limit:
        raise Invalid(
            "text_too_long",
            "{what}最多 {limit} 个字，现在有 {found} 个，请写短些。",
            what=what,
            limit=limit,
            found=len(found),
            field=field,
        )
    return found


def reason(text: str, *, field: str = "reason") -> str:
    """A reason that somebody can understand later. Punctuation stays as it was typed."""
    found = " ".join(text.split())
    if len(found) < 2:
        raise Invalid("reason_missing", "请写明原因（至少 2 个字），会留在记录里。", field=field)
    if len(found) > LONGEST_REASON:
        raise Invalid(
            "reason_too_long", "原因最多 {limit} 个字，请写短些。", limit=LONGEST_REASON, field=field
        )
    return found
