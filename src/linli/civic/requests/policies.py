"""Who may do what with a request, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.civic.requests.domain.workflow import Move
from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from linli.civic.requests.models import Request

DISPATCHERS = frozenset({RoleName.COMMITTEE_MEMBER, RoleName.PARTY_SECRETARY, RoleName.COMMUNITY_WORKER})
COMPANY_DISPATCHERS = frozenset({RoleName.PROPERTY_MANAGER, RoleName.PROPERTY_CLERK})
COMPANY = COMPANY_DISPATCHERS | {RoleName.REPAIRER}
HANDLERS = COMPANY | DISPATCHERS
"""Whose duty lets them work on orders."""
COMPOUND_STAFF = DISPATCHERS | COMPANY | {RoleName.BUILDING_CAPTAIN, RoleName.SUPERVISOR}
WATCHERS = frozenset({RoleName.SUBDISTRICT_OFFICER, RoleName.DISTRICT_OFFICER, RoleName.SUPERVISOR})
CLERKS = DISPATCHERS | COMPANY_DISPATCHERS | {RoleName.BUILDING_CAPTAIN}
MODERATORS = DISPATCHERS | COMPANY_DISPATCHERS

REPORTER_MOVES = frozenset({Move.CONFIRM, Move.WITHDRAW, Move.RATE})
DISPATCHER_MOVES = frozenset(
    {
        Move.DISPATCH,
        Move.HAND_OVER,
        Move.FORWARD,
        Move.TAKE_BACK,
        Move.REFUSE,
        Move.MERGE,
        Move.RECLASSIFY,
        Move.ATTEMPT,
        Move.CLOSE_UNREACHED,
    }
)
HANDLER_MOVES = frozenset({Move.ACCEPT, Move.ARRIVE, Move.WAIT, Move.RESUME, Move.FINISH, Move.RETURN_ORDER})


def may_report_in(actor: Actor, compound_id: int, compound_path: str) -> bool:
    """Whoever lives or owns in the compound, and its staff."""
    return actor.lives_in(compound_id) or actor.holds(COMPOUND_STAFF, compound_path)


def require_may_report(actor: Actor, compound_id: int, compound_path: str) -> None:
    """Refuse strangers of the compound."""
    if not (may_report_in(actor, compound_id, compound_path) or actor.is_system):
        raise NotAllowed(
            "not_of_this_compound",
            "您还没有登记在这个小区。请先到「我的」里认领自己的房屋，或打物业电话登记。",
        )


def require_may_enter_on_behalf(actor: Actor, compound_path: str) -> None:
    """Only staff write down what a caller or visitor says."""
    if not actor.holds(CLERKS, compound_path):
        raise NotAllowed("not_a_clerk", "只有业委会、物业前台和社区工作人员可以代为登记。")


def is_staff_of(actor: Actor, compound_path: str) -> bool:
    """Whether the actor works for the compound or watches over it."""
    return actor.holds(COMPOUND_STAFF | WATCHERS, compound_path)


def may_see(actor: Actor, request: Request, compound_path: str) -> bool:
    """Public requests are everybody's, also when their words are hidden; others are for the reporter and staff."""
    return request.is_public or is_reporter(actor, request) or is_staff_of(actor, compound_path)


def may_read_words(actor: Actor, request: Request, compound_path: str) -> bool:
    """Hidden words and photos are for the reporter and staff; the public reads why they were hidden."""
    return (
        not request.text_hidden or is_reporter(actor, request) or is_staff_of(actor, compound_path)
    ) and may_see(actor, request, compound_path)


def may_know_reporter(actor: Actor, request: Request, compound_path: str) -> bool:
    """Who reported, from which door and under which number: those who dispatch, and the one who does the work."""
    if actor.account_id is not None and actor.account_id in (request.handler_id, request.entered_by_id):
        return actor.holds(COMPOUND_STAFF, compound_path)
    return actor.holds(DISPATCHERS | COMPANY_DISPATCHERS, compound_path)


def require_may_know_reporter(actor: Actor, request: Request, compound_path: str) -> None:
    """Refuse whoever neither dispatches it nor does the work."""
    if not may_know_reporter(actor, request, compound_path):
        raise NotAllowed(
            "not_your_call",
            "报事人的号码只给派单和承办这件诉求的人看。",
            clause="个人信息保护法第六条",
        )


def is_reporter(actor: Actor, request: Request) -> bool:
    """Whether the actor reported it."""
    return actor.account_id is not None and actor.account_id == request.reporter_id


def require_made(actor: Actor, request: Request) -> None:
    """The receipt is for whoever reported, or wrote down what a caller said."""
    mine = actor.account_id is not None and actor.account_id == request.entered_by_id
    if not (mine or is_reporter(actor, request)):
        raise NotAllowed("not_your_receipt", "这张回执只给报事人看；进展请看诉求页面。")


def _may_handle(actor: Actor, request: Request, compound_path: str) -> bool:
    """The named handler; or, while nobody is named, anyone of the company it was given to."""
    if actor.account_id is None:
        return False
    if request.handler_id == actor.account_id:
        return True
    same_organisation = any(
        role.organisation_id == request.organisation_id and compound_path.startswith(role.scope)
        for role in actor.roles
        if role.name in HANDLERS
    )
    is_manager = actor.holds(COMPANY_DISPATCHERS, compound_path)
    return (
        request.organisation_id is not None
        and same_organisation
        and (request.handler_id is None or is_manager)
    )


def _may_dispatch(actor: Actor, request: Request, compound_path: str) -> bool:
    """The committee, the branch and the community; the company only passes on what it was given."""
    if actor.holds(DISPATCHERS, compound_path):
        return True
    given_to_own_company = any(
        role.name in COMPANY_DISPATCHERS
        and role.organisation_id == request.organisation_id
        and compound_path.startswith(role.scope)
        for role in actor.roles
    )
    return request.organisation_id is not None and given_to_own_company


def _may_answer_for_reporter(actor: Actor, request: Request, compound_path: str) -> bool:
    """A caller has no account, and nobody confirms their own work: other staff look and write down the answer."""
    return (
        request.reporter_id in (None, request.handler_id)
        and actor.account_id != request.handler_id
        and actor.holds(CLERKS, compound_path)
    )


def may(actor: Actor, move: Move, request: Request, compound_path: str, *, supports: bool = False) -> bool:
    """Whether the actor may make this move on this request, whatever its state."""
    if actor.is_system:
        return True
    if move in (Move.CONFIRM, Move.REOPEN) and _may_answer_for_reporter(actor, request, compound_path):
        return True
    if move in (Move.CONFIRM, Move.RATE) and is_reporter(actor, request):
        return actor.account_id != request.handler_id
    if move in REPORTER_MOVES:
        return is_reporter(actor, request)
    if move == Move.REOPEN:
        return is_reporter(actor, request) or supports
    if move in HANDLER_MOVES:
        return _may_handle(actor, request, compound_path)
    if move in DISPATCHER_MOVES:
        return _may_dispatch(actor, request, compound_path)
    if move in (Move.CORRECT, Move.NUDGE):
        return is_reporter(actor, request) or supports or actor.holds(CLERKS | WATCHERS, compound_path)
    if move in (Move.MODERATE, Move.RESTORE, Move.REDACT):
        return actor.holds(MODERATORS, compound_path)
    if move == Move.NOTE:
        return actor.holds(COMPOUND_STAFF | WATCHERS, compound_path)
    return False


def require_may(
    actor: Actor, move: Move, request: Request, compound_path: str, *, supports: bool = False
) -> None:
    """Refuse, saying whose word it is."""
    if may(actor, move, request, compound_path, supports=supports):
        return
    if move in REPORTER_MOVES and is_reporter(actor, request):
        raise NotAllowed("own_work", "自己办的事不能由自己确认或评价，请业委会的其他人看过后代为确认。")
    if move in REPORTER_MOVES:
        raise NotAllowed("only_the_reporter", "这一步要由报事人本人来做。")
    if move in HANDLER_MOVES:
        raise NotAllowed("only_the_handler", "这件诉求没有派给您，不能替别人处理。请联系派单的人。")
    if move in DISPATCHER_MOVES:
        raise NotAllowed("only_a_dispatcher", "只有红色业委会、社区，或接到单的物业公司可以做这一步。")
    raise NotAllowed("not_your_request", "您不能对这件诉求做这一步。")
