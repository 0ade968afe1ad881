"""Every write to warranties, and the one decision all others ask for."""

from warranty.actions.decisions import decide
from warranty.actions.extensions import ask_extension, cancel_extension, decide_extension
from warranty.actions.findings import find_cause, sign_cause
from warranty.actions.machines import (
    back_in_service,
    exchange_machine,
    out_of_service,
    replace_part,
    use_allowance,
)
from warranty.actions.rights import claim_right, lapse_rights, notice_rights, waive_right
from warranty.actions.terms import add_rule, add_term, withdraw_term

__all__ = [
    "add_rule",
    "add_term",
    "ask_extension",
    "back_in_service",
    "cancel_extension",
    "claim_right",
    "decide",
    "decide_extension",
    "exchange_machine",
    "find_cause",
    "lapse_rights",
    "notice_rights",
    "out_of_service",
    "replace_part",
    "sign_cause",
    "use_allowance",
    "waive_right",
    "withdraw_term",
]
