"""Rights from the three guarantees: noticed, told to the desk, claimed, waived, lapsed (WAR-06)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history
from core.errors import Refused
from core.refs import ref
from customers.models import Equipment
from notices import actions as notices
from staff.models import User
from staff.roles import Role
from warranty import guarantees
from warranty.facts_of import facts_of, rules_for, sale_of, terms_for, working_day
from warranty.models import Right
from warranty.states import RIGHT


@transaction.atomic
def notice_rights(
    machine: Equipment, faults: Iterable[guarantees.Fault], *, at: datetime, owner: User | None = None
) -> list[Right]:
    """Write the rights that have arisen from the faults of a machine and tell them; each is written and told once."""
    on = timezone.localtime(at).date()
    rows = {rule.code: rule for rule in rules_for(machine, on)}
    if not rows:
        return []
    terms = terms_for(machine)
    sale = sale_of(facts_of(machine, terms), terms, on)
    if sale is None:
        return []
    values = [guarantee_value(rule) for rule in rows.values()]
    new = []
    for arisen in guarantees.rights(sale, faults, values, on, working_day):
        right, created = Right.objects.get_or_create(
            equipment=machine,
            rule=rows[arisen.rule.code],
            source=arisen.source or f"equipment:{machine.pk}",
            defaults={
                "number": arisen.number,
                "arose_on": arisen.arose_on,
                "ends_on": arisen.ends_on,
                "reason_zh": arisen.reason.zh,
                "reason_en": arisen.reason.en,
            },
        )
        if created:
            new.append(right)
            _arose(right, machine, at=at, owner=owner)
        elif right.state == "open" and right.ends_on != arisen.ends_on:
            right.ends_on = arisen.ends_on
            right.save(update_fields=["ends_on"])
    return new


def guarantee_value(rule: Any) -> guarantees.Rule:
    """A rule row as the pure reckoning reads it."""
    return guarantees.Rule(
        code=rule.code,
        trigger=rule.trigger,
        remedies=tuple(rule.remedies),
        days=rule.days,
        working_days=rule.working_days,
        count=rule.count,
        claim_within_days=rule.claim_within_days,
        claim_within_working_days=rule.claim_within_working_days,
    )


@transaction.atomic
def claim_right(right: Right, *, remedy: str, by: Any, at: datetime) -> Right:
    """The customer asks for what the right gives."""
    right = _locked(right)
    RIGHT.move(right, "claim", by)
    if remedy not in right.rule.remedies:
        raise Refused({"remedy": _("This right does not give that.")})
    if right.ends_on is not None and timezone.localtime(at).date() > right.ends_on:
        raise Refused({"remedy": _("The right ended on %(day)s.") % {"day": right.ends_on}})
    right.remedy = remedy
    right.save(update_fields=["state", "remedy"])
    _record("warranty.right_claimed", right, by=by, at=at, data={"remedy": remedy})
    return right


@transaction.atomic
def waive_right(right: Right, *, by: Any, at: datetime, why: str) -> Right:
    """The customer does not want it, or it was settled otherwise."""
    right = _locked(right)
    RIGHT.move(right, "waive", by)
    right.save(update_fields=["state"])
    _record("warranty.right_waived", right, by=by, at=at, why=why)
    return right


def lapse_rights(*, at: datetime) -> int:
    """Let rights lapse whose last day is over; returns how many. Run twice it does nothing more."""
    today = timezone.localtime(at).date()
    count = 0
    for pk in Right.objects.filter(state="open", ends_on__lt=today).values_list("pk", flat=True)[:1000]:
        count += _lapse(pk, today, at)
    return count


@transaction.atomic
def _lapse(pk: int, today: date, at: datetime) -> bool:
    rows = Right.objects.select_for_update(skip_locked=True, of=("self",)).select_related("rule", "equipment__customer")
    right = rows.filter(pk=pk, state="open", ends_on__lt=today).first()
    if right is None:
        return False
    RIGHT.move(right, "lapse", None)
    right.save(update_fields=["state"])
    _record("warranty.right_lapsed", right, by=None, at=at, data={"ends_on": str(right.ends_on)})
    return True


def _arose(right: Right, machine: Equipment, *, at: datetime, owner: User | None) -> None:
    ends_on = right.ends_on.isoformat() if right.ends_on else "—"
    _record("warranty.right_arose", right, by=None, at=at, data={"ends_on": ends_on})
    people = [owner] if owner is not None else User.objects.filter(roles__contains=[Role.DISPATCHER], is_active=True)
    for person in people:
        notices.tell(
            "warranty.right",
            to=person,
            about=right,
            at=at,
            context={
                "number": right.number or machine.serial,
                "title": str(right.rule),
                "customer": str(machine.customer),
                "due": ends_on,
                "why": right.reason_zh if person.language.startswith("zh") else right.reason_en,
                "url": f"/equipment/{machine.serial}/",
            },
        )


def _locked(right: Right) -> Right:
    rows = Right.objects.select_for_update(of=("self",)).select_related("rule", "equipment__customer")
    return rows.get(pk=right.pk)


def _record(kind: str, right: Right, *, by: Any, at: datetime, why: str = "", data: Any = None) -> None:
    about: list[Model | str | None] = [right.equipment, right.equipment.customer, right.source]
    history.record(kind, right, by=by, at=at, about=about, why=why, data={"rule": ref(right.rule), **(data or {})})
