"""The time chip of a follow-up: until when the customer is to be called, or to have the superior's answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from followups.models import FollowUp


@dataclass(frozen=True)
class Chip:
    """A deadline in the shape of a timer."""

    state: str
    target_label: str
    due_at: datetime
    warn_at: datetime | None
    started_at: datetime
    share_used: float
    held_reason: str = ""
    ended_at: datetime | None = None
    url: str = ""


def chip_of(followup: FollowUp, at: datetime) -> Chip | None:
    """What is due now; kept or missed for one that is done; None for one that was given up or cancelled."""
    if followup.state == "escalated" and followup.answer_due_at and followup.escalated_at:
        return _running(_("answer"), followup.escalated_at, followup.answer_due_at, at)
    if followup.state in ("due", "tried", "reached"):
        return _running(_("call"), followup.created_at, followup.next_at, at)
    if followup.state == "done" and followup.reached_at:
        kept = followup.reached_at <= followup.due_at or followup.attempts_count > 1
        state, label = "kept" if kept else "broken", _("called")
        return Chip(state, label, followup.due_at, None, followup.created_at, 1, ended_at=followup.reached_at)
    return None


def _running(label: Any, since: datetime, due: datetime, at: datetime) -> Chip:
    whole = max((due - since).total_seconds(), 1)
    warn_at = min(due - timedelta(minutes=30), since + 0.75 * (due - since))
    return Chip("running", str(label), due, warn_at, since, min(max((at - since).total_seconds() / whole, 0), 1))
