"""The one seam to the promises: what happened to a follow-up is told to its timers."""

from datetime import datetime
from typing import Any

from followups.models import FollowUp
from sla import actions as sla
from sla.facts import Facts


def facts_of(followup: FollowUp) -> Facts:
    """What promises are chosen by."""
    machine = followup.equipment
    about = [f"followup:{followup.pk}", f"customer:{followup.customer_id}"]
    about += [f"equipment:{machine.pk}"] if machine else []
    about += [f"ticket:{followup.ticket_id}"] if followup.ticket_id else []
    owner = followup.escalated_to_id or followup.assigned_id
    return Facts(
        product_line=machine.model.product_line.code if machine else "",
        product_model=machine.model.code if machine else "",
        customer=followup.customer.number,
        region=followup.region.code,
        province=followup.customer.province_id,
        people={"owner": owner} if owner else {},
        about=about,
        kind="followup",
    )


def follow(followup: FollowUp, kind: str, *, at: datetime, by: Any) -> None:
    """Something happened."""
    sla.follow(followup, kind, at=at, facts=facts_of(followup), by=by)


def cancel(followup: FollowUp, *, at: datetime, by: Any, why: str) -> None:
    """Nobody will be called."""
    sla.cancel(followup, at=at, by=by, why=why)
