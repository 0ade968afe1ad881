"""What may be done with timers and with the policy they follow."""

from sla.actions.policy import (
    choose_promise,
    drop_choice,
    publish_clock,
    put_chain,
    put_clock,
    put_promise,
)
from sla.actions.timers import (
    acknowledge,
    cancel,
    follow,
    give_reason,
    merge,
    pause,
    refit,
    refit_clock,
    resume,
)

__all__ = [
    "acknowledge",
    "cancel",
    "choose_promise",
    "drop_choice",
    "follow",
    "give_reason",
    "merge",
    "pause",
    "publish_clock",
    "put_chain",
    "put_clock",
    "put_promise",
    "refit",
    "refit_clock",
    "resume",
]
