"""The one seam to the promises: what happens to a complaint is told to its timers; the next deadline comes back."""

from datetime import datetime
from typing import Any

from complaints.models import Complaint
from sla import actions as sla
from sla import queries
from sla.facts import Facts
from staff.organisation import region_for


def follow(complaint: Complaint, kind: str, *, at: datetime, by: Any, agreed_at: datetime | None = None) -> None:
    """Something happened: timers start, stop, start anew."""
    sla.follow(complaint, kind, at=at, facts=facts_of(complaint), by=by, agreed_at=agreed_at)
    _refresh(complaint)


def agree(complaint: Complaint, *, at: datetime, by: Any) -> None:
    """A time of the answer was agreed with the customer, if one was (SLA-02)."""
    if complaint.answer_due_at is not None:
        follow(complaint, "complaint.answer_agreed", at=at, by=by, agreed_at=complaint.answer_due_at)


def hand_over(complaint: Complaint, *, at: datetime, by: Any) -> None:
    """Somebody else has it now; the deadlines stay."""
    sla.refit(complaint, facts=facts_of(complaint), at=at, by=by)
    _refresh(complaint)


def facts_of(complaint: Complaint) -> Facts:
    """What promises are chosen by; no `about`, so that only the complaint's own page tells of its timers (CMP-07)."""
    province, machine = complaint.customer.province, complaint.equipment
    owner = complaint.owner_id or complaint.taken_by_id
    return Facts(
        product_line=machine.model.product_line.code if machine else "",
        product_model=machine.model.code if machine else "",
        customer=complaint.customer.number,
        region=region_for(province).code,
        province=province.code,
        is_home=province.is_home,
        is_remote=complaint.customer.is_remote,
        people={"owner": owner} if owner else {},
        kind="complaint",
    )


def _refresh(complaint: Complaint) -> None:
    due = queries.next_due(complaint)
    if due != complaint.next_due_at:
        complaint.next_due_at = due
        complaint.save(update_fields=["next_due_at"])
