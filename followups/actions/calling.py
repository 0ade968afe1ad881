"""Calling the customer: attempts, the form, handing to the superior, the answer, taking over, cancelling (FUP-02)."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history
from core.errors import Refused
from followups import answers as forms
from followups import scheduling, timers
from followups.models import Answer, Attempt, FollowUp
from followups.states import FOLLOWUP
from notices import actions as notices
from staff.models import User
from staff.roles import Role
from tickets.actions import tickets

ZONE = ZoneInfo(settings.TIME_ZONE)
CALLING_HOURS = (time(8, 30), time(20, 0))
SAME_DAY = {"days": 0, "by": "18:00"}


@transaction.atomic
def attempt(
    followup: FollowUp,
    *,
    outcome: str,
    by: Any,
    at: datetime | None = None,
    note: str = "",
    next_at: datetime | None = None,
) -> FollowUp:
    """Note a call. Not reached: tried again later, given up after as many attempts as the rule allows."""
    if outcome not in Attempt.Outcome.values:
        raise Refused({"outcome": _("This outcome is not known.")})
    followup, at = _locked(followup), at or timezone.now()
    if outcome == Attempt.Outcome.REACHED:
        return _reached(followup, by=by, at=at, note=note)
    FOLLOWUP.move(followup, "attempt", by)
    followup.attempts_count += 1
    rule = followup.rule
    in_vain = followup.attempts.exclude(outcome__in=["reached", "call_later"]).count()
    in_vain += outcome != Attempt.Outcome.CALL_LATER
    if next_at is not None and next_at <= at:
        raise Refused({"next_at": _("The next attempt lies after this one.")})
    if next_at is None:
        waits = rule.retry_hours if rule else []
        next_at = scheduling.next_attempt(at, followup.attempts_count, waits, *CALLING_HOURS, ZONE)
    gives_up = in_vain >= (rule.max_attempts if rule else 3) and outcome != Attempt.Outcome.CALL_LATER
    Attempt.objects.create(
        followup=followup, outcome=outcome, at=at, by=by, note=note, next_at=None if gives_up else next_at
    )
    followup.next_at = next_at
    _save(followup, "state", "attempts_count", "next_at")
    _record("followup.tried", followup, by=by, at=at, data={"outcome": outcome, "attempt": followup.attempts_count})
    if gives_up:
        _give_up(followup, by=by, at=at)
    return followup


@transaction.atomic
def answer(
    followup: FollowUp,
    *,
    answers: Mapping[str, Any],
    by: Any,
    at: datetime | None = None,
    question: str = "",
    note: str = "",
) -> FollowUp:
    """The form as the customer answered it. A low rating or an open question goes to the superior the same day."""
    followup, at = _locked(followup), at or timezone.now()
    FOLLOWUP.move(followup, "answer", by)
    rows = forms.read(followup.questionnaire, answers)
    Answer.objects.bulk_create([Answer(followup=followup, **row) for row in rows])
    Attempt.objects.create(followup=followup, outcome=Attempt.Outcome.REACHED, at=at, by=by, note=note)
    ratings = [row["rating"] for row in rows if row.get("rating")]
    followup.overall = next((row["rating"] for row in rows if row["question"] == forms.OVERALL), None)
    followup.lowest = min(ratings, default=None)
    followup.reached_at = followup.reached_at or at
    followup.done_at, followup.called_by, followup.question = at, by, question.strip()
    followup.attempts_count += 1
    fields = ("state", "overall", "lowest", "reached_at", "done_at", "called_by", "question", "attempts_count")
    _save(followup, *fields)
    _record("followup.answered", followup, by=by, at=at, data={"lowest": followup.lowest or "—"})
    timers.follow(followup, "followup.answered", at=at, by=by)
    _settle_ticket(followup, works=forms.works(followup.questionnaire, rows), by=by, at=at)
    low = forms.low(followup.questionnaire, rows)
    if low or followup.question:
        _hand_up(followup, why=_reason(followup, low), by=by, at=at)
    return followup


@transaction.atomic
def escalate(followup: FollowUp, *, question: str, by: Any, at: datetime | None = None) -> FollowUp:
    """The customer asks for something that is beyond the caller: the superior answers the same day."""
    followup, at = _locked(followup), at or timezone.now()
    if not question.strip():
        raise Refused({"question": _("Say what the customer wants to know.")})
    followup.question = question.strip()
    _hand_up(followup, why=followup.question, by=by, at=at)
    return followup


@transaction.atomic
def resolve(followup: FollowUp, *, answer: str, by: Any, at: datetime | None = None) -> FollowUp:
    """The customer was told the superior's answer."""
    followup, at = _locked(followup), at or timezone.now()
    FOLLOWUP.move(followup, "resolve", by)
    if not answer.strip():
        raise Refused({"answer": _("Say what the customer was told.")})
    followup.answer, followup.done_at = answer.strip(), at
    followup.called_by = followup.called_by or by
    _save(followup, "state", "answer", "done_at", "called_by")
    _record("followup.resolved", followup, by=by, at=at)
    timers.follow(followup, "followup.resolved", at=at, by=by)
    return followup


@transaction.atomic
def take(followup: FollowUp, *, by: Any, at: datetime | None = None, user: User | None = None) -> FollowUp:
    """Take over the call, or give it to a colleague."""
    followup, at = _locked(followup), at or timezone.now()
    FOLLOWUP.move(followup, "take", by)
    followup.assigned = user or by
    _save(followup, "assigned")
    _record("followup.taken", followup, by=by, at=at, data={"user": f"user:{followup.assigned_id}"})
    return followup


@transaction.atomic
def retry(followup: FollowUp, *, by: Any, at: datetime | None = None) -> FollowUp:
    """Try once more although it was given up."""
    followup, at = _locked(followup), at or timezone.now()
    FOLLOWUP.move(followup, "retry", by)
    followup.next_at = at
    _save(followup, "state", "next_at")
    _record("followup.retried", followup, by=by, at=at)
    return followup


@transaction.atomic
def cancel(followup: FollowUp, *, why: str, by: Any, at: datetime | None = None) -> FollowUp:
    """Nobody will be called, with the reason."""
    followup, at = _locked(followup), at or timezone.now()
    FOLLOWUP.move(followup, "cancel", by)
    if not why.strip():
        raise Refused({"why": _("Say why nobody is called.")})
    _save(followup, "state")
    _record("followup.cancelled", followup, by=by, at=at, why=why)
    timers.cancel(followup, at=at, by=by, why=why)
    return followup


def possible(followup: FollowUp, user: Any) -> list[str]:
    """Codes of the verbs that a person may use now."""
    return FOLLOWUP.possible(followup.state, user)


def superior(followup: FollowUp) -> User | None:
    """Who answers what the caller cannot: the supervisor of the region, else the service head."""
    supervisor = followup.region.supervisor
    if supervisor is not None and supervisor.is_active:
        return supervisor
    return User.objects.filter(roles__contains=[Role.HEAD], is_active=True).order_by("pk").first()


def _reached(followup: FollowUp, *, by: Any, at: datetime, note: str) -> FollowUp:
    FOLLOWUP.move(followup, "reach", by)
    Attempt.objects.create(followup=followup, outcome=Attempt.Outcome.REACHED, at=at, by=by, note=note)
    followup.reached_at, followup.assigned = at, followup.assigned or by
    followup.attempts_count += 1
    _save(followup, "state", "reached_at", "assigned", "attempts_count")
    _record("followup.tried", followup, by=by, at=at, data={"outcome": "reached", "attempt": followup.attempts_count})
    timers.follow(followup, "followup.reached", at=at, by=by)
    return followup


def _give_up(followup: FollowUp, *, by: Any, at: datetime) -> None:
    FOLLOWUP.move(followup, "give_up", by)
    _save(followup, "state")
    _record("followup.unreached", followup, by=by, at=at, data={"attempts": followup.attempts_count})
    timers.cancel(followup, at=at, by=by, why=_("Not to be reached"))
    _tell("followup.unreached", followup, at=at, why=str(followup.rule or ""))


def _hand_up(followup: FollowUp, *, why: str, by: Any, at: datetime) -> None:
    FOLLOWUP.move(followup, "escalate", by)
    followup.escalated_at, followup.escalated_to = at, superior(followup)
    followup.answer_due_at = scheduling.due(at, SAME_DAY, ZONE)
    followup.done_at = None
    _save(followup, "state", "escalated_at", "escalated_to", "answer_due_at", "question", "done_at")
    person = f"user:{followup.escalated_to_id}" if followup.escalated_to_id else "—"
    _record("followup.escalated", followup, by=by, at=at, data={"superior": person})
    timers.follow(followup, "followup.escalated", at=at, by=by)
    _tell("followup.escalated", followup, at=at, why=why)


def _reason(followup: FollowUp, low: list[str]) -> str:
    said = [_("Low rating: %(names)s") % {"names": ", ".join(low)}] if low else []
    return "\n".join([*said, followup.question] if followup.question else said)


def _tell(kind: str, followup: FollowUp, *, at: datetime, why: str) -> None:
    person = followup.escalated_to or superior(followup)
    if person is None:
        return
    context = {
        "number": followup.number,
        "title": str(followup.rule or followup.questionnaire),
        "customer": str(followup.customer),
        "due": followup.answer_due_at,
        "why": why,
        "url": followup.get_absolute_url(),
    }
    notices.tell(kind, to=person, about=followup, at=at, context=context, dedupe=at.isoformat())


def _settle_ticket(followup: FollowUp, *, works: bool | None, by: Any, at: datetime) -> None:
    """What the customer says ends the ticket or opens it again (TKT-06, TKT-08)."""
    ticket = followup.ticket
    if ticket is None:
        return
    ticket.refresh_from_db()
    how = _("Follow-up %(number)s") % {"number": followup.number}
    if works is False and ticket.state in ("solved", "closed"):
        tickets.reopen_ticket(ticket, _("%(how)s: the customer says it does not work.") % {"how": how}, by=by, at=at)
    elif works is not False and ticket.state == "solved" and ticket.confirmed_at is None:
        tickets.confirm(ticket, by=by, at=at, how=how)
    elif works is not False and ticket.state == "solved":
        tickets.close_ticket(ticket, by=None, at=at, why=how)


def _locked(followup: FollowUp) -> FollowUp:
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related(
        "customer", "equipment__model__product_line", "ticket", "region__supervisor", "rule", "questionnaire"
    )
    found: FollowUp = rows.get(pk=followup.pk)
    return found


def _save(followup: FollowUp, *fields: str) -> None:
    followup.version += 1
    followup.save(update_fields=[*fields, "version"])


def _record(kind: str, followup: FollowUp, *, by: Any, at: datetime, why: str = "", data: Any = None) -> None:
    about = [followup.customer, followup.equipment, followup.ticket]
    history.record(kind, followup, by=by, at=at, about=about, why=why, data=data)
