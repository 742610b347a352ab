"""What the clock does for people."""

from __future__ import annotations

from datetime import datetime

from linli.registry.people import actions


def hand_over_expired(at: datetime) -> str:
    """Tell the house of duties that ended by themselves, so that open work finds other hands."""
    return f"{actions.hand_over_expired(at=at)} 项任职到期"


def forget_stale(at: datetime) -> str:
    """Delete spent codes, ended sessions, the pictures of claims answered long ago, numbers nobody confirmed."""
    rows, proofs = actions.forget_stale(at=at), actions.forget_old_proofs(at=at)
    numbers = actions.drop_unanswered_changes(at=at)
    return f"清掉 {rows} 条验证码和旧登录、{proofs} 份认领材料、{numbers} 份没人核对的换号申请"
