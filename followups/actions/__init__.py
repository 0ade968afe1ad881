"""Every write to follow-ups."""

from followups.actions.calling import answer, attempt, cancel, escalate, possible, resolve, retry, take
from followups.actions.cards import return_card
from followups.actions.making import cancel_for, make, make_for_entry, make_for_machine
from followups.actions.policy import add_questionnaire, add_rule
from followups.actions.sweeping import sweep

__all__ = [
    "add_questionnaire",
    "add_rule",
    "answer",
    "attempt",
    "cancel",
    "cancel_for",
    "escalate",
    "make",
    "make_for_entry",
    "make_for_machine",
    "possible",
    "resolve",
    "retry",
    "return_card",
    "sweep",
    "take",
]
