"""Every write of people."""

from linli.registry.people.actions._claims import (
    claim_home,
    confirm_claim,
    forget_old_proofs,
    refuse_claim,
    withdraw_claim,
)
from linli.registry.people.actions._codes import AskedCode, ask_login_code
from linli.registry.people.actions._factor import (
    FactorReady,
    FactorSetUp,
    begin_factor,
    drop_factor,
    finish_factor,
    must_set_up,
    renew_recovery_codes,
    reset_factor,
)
from linli.registry.people.actions._households import add_occupant, end_occupancy
from linli.registry.people.actions._keeping import forget_stale
from linli.registry.people.actions._linking import confirm_entries, decline_entries, detach_number
from linli.registry.people.actions._login import (
    Entered,
    disown_account,
    enter_code,
    give_factor,
    prove_name,
    sign_out,
    sign_out_everywhere,
    touch_session,
)
from linli.registry.people.actions._phone import (
    answer_phone_change,
    ask_number_code,
    change_number,
    withdraw_phone_change,
)
from linli.registry.people.actions._privacy import (
    erase_account,
    grant_consent,
    record_look,
    reveal_phone,
    take_own_data,
    take_register,
    withdraw_consent,
)
from linli.registry.people.actions._register import (
    correct_owner,
    correct_person,
    detach_entry_number,
    remove_owner,
    transfer_ownership,
)
from linli.registry.people.actions._roles import (
    assign_role,
    end_role,
    hand_over_expired,
    invite_staff,
    leave_duties,
    resume_account,
    suspend_account,
)

__all__ = [
    "AskedCode",
    "Entered",
    "FactorReady",
    "FactorSetUp",
    "add_occupant",
    "answer_phone_change",
    "ask_login_code",
    "ask_number_code",
    "assign_role",
    "begin_factor",
    "change_number",
    "claim_home",
    "confirm_claim",
    "confirm_entries",
    "correct_owner",
    "correct_person",
    "decline_entries",
    "detach_entry_number",
    "detach_number",
    "disown_account",
    "drop_factor",
    "end_occupancy",
    "end_role",
    "enter_code",
    "erase_account",
    "finish_factor",
    "forget_old_proofs",
    "forget_stale",
    "give_factor",
    "grant_consent",
    "hand_over_expired",
    "invite_staff",
    "leave_duties",
    "must_set_up",
    "prove_name",
    "record_look",
    "refuse_claim",
    "remove_owner",
    "renew_recovery_codes",
    "reset_factor",
    "resume_account",
    "reveal_phone",
    "sign_out",
    "sign_out_everywhere",
    "suspend_account",
    "take_own_data",
    "take_register",
    "touch_session",
    "transfer_ownership",
    "withdraw_claim",
    "withdraw_consent",
    "withdraw_phone_change",
]
