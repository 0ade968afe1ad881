"""Making follow-ups: for an entry of the history, for a date of a machine, by hand; each occasion once."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import history, numbers
from core.models import Entry
from core.refs import ref
from customers.models import Customer, Equipment
from followups import scheduling, timers
from followups.models import FollowUp, Questionnaire, Rule
from followups.querysets import TO_CALL
from followups.states import FOLLOWUP
from staff.organisation import region_for
from tickets.models import DispatchOrder, Ticket

ZONE = ZoneInfo(settings.TIME_ZONE)


def rules_in_force(on: date, trigger: str) -> list[Rule]:
    """Active rules of a kind, in the version that holds on a day."""
    found: dict[str, Rule] = {}
    for rule in Rule.objects.filter(valid_from__lte=on).order_by("version"):
        found[rule.code] = rule
    return [rule for rule in found.values() if rule.active and rule.trigger == trigger]


def questionnaire(code: str, on: date) -> Questionnaire:
    """The questionnaire of a code in the version that holds on a day."""
    rows = Questionnaire.objects.filter(code=code)
    found = rows.filter(valid_from__lte=on).order_by("-version").first() or rows.order_by("version").first()
    if found is None:
        raise LookupError(f"there is no questionnaire {code}")
    return found


@transaction.atomic
def make(
    rule: Rule,
    subject: Ticket | Equipment,
    *,
    slot: str,
    since: datetime,
    at: datetime,
    due_at: datetime | None = None,
    by: Any = None,
) -> FollowUp | None:
    """Make the follow-up of a rule for an occasion; None when that occasion had its one already."""
    ticket = subject if isinstance(subject, Ticket) else None
    machine = ticket.equipment if ticket else subject
    known = {"rule_code": rule.code, "subject": ref(subject), "slot": slot}
    if FollowUp.objects.filter(**known).exists():
        return None
    customer = subject.customer
    due = due_at or scheduling.due(since, rule.delay, ZONE)
    name, phone = _contact(customer, ticket)
    values: dict[str, Any] = {
        "rule": rule,
        "questionnaire": questionnaire(rule.questionnaire, _day(at)),
        "customer": customer,
        "equipment": machine,
        "ticket": ticket,
        "region": ticket.region if ticket else region_for(customer.province),
        "contact_name": name,
        "contact_phone": phone,
        "due_at": due,
        "next_at": due,
        "created_at": at,
    }
    try:
        with transaction.atomic():
            followup = FollowUp.objects.create(**known, **values, number=numbers.daily("HF", at))
    except IntegrityError:
        return None
    about = [customer, machine, ticket]
    history.record("followup.made", followup, by=by, at=at, about=about, data={"rule": rule.code, "slot": slot})
    timers.follow(followup, "followup.made", at=at, by=by)
    return followup


def make_for_entry(entry: Entry) -> list[FollowUp]:
    """Follow-ups that an entry of the history asks for, by all rules that read its kind."""
    made = []
    for rule in rules_in_force(_day(entry.at), Rule.Trigger.HISTORY):
        if entry.kind not in rule.spec["kinds"] or not _fits(rule, entry):
            continue
        subject = _subject(entry)
        if subject is None:
            continue
        if rule.spec.get("joins_open") and isinstance(subject, Ticket) and _hasten(rule, subject, entry):
            continue
        followup = make(rule, subject, slot=f"entry:{entry.pk}", since=entry.at, at=entry.at)
        if followup is not None:
            made.append(followup)
    return made


def make_for_machine(machine: Equipment, *, at: datetime, rules: Iterable[Rule] | None = None) -> list[FollowUp]:
    """Follow-ups that a date of the machine asks for, such as ten days after its first use."""
    made = []
    for rule in rules if rules is not None else rules_in_force(_day(at), Rule.Trigger.DATE):
        day = getattr(machine, rule.spec["field"])
        if day is None or not _day(at) - timedelta(days=rule.spec["lookback_days"]) <= day <= _day(at):
            continue
        since = datetime.combine(day, scheduling.clock_time("00:00"), ZONE)
        slot = f"{rule.spec['field']}:{day}"
        followup = make(rule, machine, slot=slot, since=since, at=max(at, since))
        if followup is not None:
            made.append(followup)
    return made


@transaction.atomic
def cancel_for(ticket: Ticket, *, at: datetime, why: str, by: Any = None) -> int:
    """The ticket is open again or gone: nobody is called about its end; returns how many were cancelled."""
    rows = FollowUp.objects.select_for_update(of=("self",)).filter(ticket=ticket, state__in=TO_CALL)
    count = 0
    for followup in rows.order_by("pk"):
        FOLLOWUP.move(followup, "cancel", None)
        followup.version += 1
        followup.save(update_fields=["state", "version"])
        about = [followup.customer, followup.equipment, ticket]
        history.record("followup.cancelled", followup, by=by, at=at, about=about, why=why)
        timers.cancel(followup, at=at, by=by, why=why)
        count += 1
    return count


def _hasten(rule: Rule, ticket: Ticket, entry: Entry) -> bool:
    """Bring the call that is open for the ticket forward instead of making a second one; whether there is one."""
    rows = FollowUp.objects.select_for_update(of=("self",)).filter(ticket=ticket, state__in=TO_CALL)
    followup = rows.order_by("pk").first()
    if followup is None:
        return False
    due = scheduling.due(entry.at, rule.delay, ZONE)
    if due < followup.due_at:
        followup.due_at = due
        followup.next_at = min(followup.next_at, due)
        followup.version += 1
        followup.save(update_fields=["due_at", "next_at", "version"])
        about = [followup.customer, followup.equipment, ticket]
        history.record("followup.hastened", followup, by=None, at=entry.at, about=about, data={"rule": rule.code})
    return True


def _fits(rule: Rule, entry: Entry) -> bool:
    """Whether the data of the entry has the values the rule asks for."""
    return all(entry.data.get(name) == value for name, value in rule.spec.get("when", {}).items())


def _subject(entry: Entry) -> Ticket | Equipment | None:
    """The ticket or machine an entry is about."""
    for place in (entry.subject, *entry.about):
        name, _colon, key = place.partition(":")
        if name == "ticket":
            return _tickets().filter(pk=key).first()
        if name == "dispatchorder":
            order = DispatchOrder.objects.filter(pk=key).first()
            return _tickets().get(pk=order.ticket_id) if order else None
    for place in entry.about:
        name, _colon, key = place.partition(":")
        if name == "equipment":
            return Equipment.objects.select_related("customer__province__region").filter(pk=key).first()
    return None


def _tickets() -> Any:
    return Ticket.objects.select_related("customer", "equipment", "region")


def _contact(customer: Customer, ticket: Ticket | None) -> tuple[str, str]:
    if ticket is not None:
        return ticket.contact_name, ticket.contact_phone
    contact = customer.contacts.first()
    return (contact.name, contact.phone) if contact else ("", "")


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
