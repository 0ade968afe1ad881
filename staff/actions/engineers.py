"""Engineers: their file, skills, standby, rota, absences and phone-off incidents (ORG-04)."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, NotAllowed, Refused
from staff.models import Absence, Engineer, PhoneOff, ProductLine, Province, Region, Skill, StandbyDuty, Tier, User
from staff.permissions import can_manage, can_plan, can_qualify, can_set_standby
from staff.roles import FIELD

CHANGEABLE = frozenset({"staff_number", "tier", "region", "base_province", "base_city", "active"})


@transaction.atomic
def make_engineer(
    user: User,
    *,
    by: User | None,
    staff_number: str,
    tier: Tier,
    region: Region,
    base_province: Province,
    base_city: str = "",
    at: datetime | None = None,
) -> Engineer:
    """Open the engineer's file of an account that has the role engineer or contractor."""
    _managing(by)
    if not set(user.roles) & FIELD:
        raise Refused({"user": _("The account needs the role engineer or contractor first.")})
    if Engineer.objects.filter(user=user).exists():
        raise Refused({"user": _("This person has an engineer's file already.")})
    _free_number(staff_number)
    engineer = Engineer.objects.create(
        user=user,
        staff_number=staff_number,
        tier=tier,
        region=region,
        base_province=base_province,
        base_city=base_city,
    )
    about = [user, region]
    history.record("engineer.created", engineer, by=by, at=at, about=about, data={"tier": f"tier:{tier.pk}"})
    return engineer


@transaction.atomic
def change_engineer(
    engineer: Engineer, *, by: User | None, at: datetime | None = None, why: str = "", **changes: Any
) -> Engineer:
    """Change number, tier, region, base or whether the engineer is in service."""
    _managing(by)
    engineer = _locked(engineer)
    before = {field: getattr(engineer, field) for field in CHANGEABLE}
    for field in changes.keys() & CHANGEABLE:
        setattr(engineer, field, changes[field])
    changed = sorted(field for field in CHANGEABLE if getattr(engineer, field) != before[field])
    if not changed:
        return engineer
    if "staff_number" in changed:
        _free_number(engineer.staff_number)
    engineer.save(update_fields=changed)
    data: dict[str, Any] = {"fields": changed}
    if "tier" in changed:
        data |= {"tier_before": f"tier:{before['tier'].pk}", "tier": f"tier:{engineer.tier_id}"}
    if "region" in changed:
        data |= {"region_before": f"region:{before['region'].pk}", "region": f"region:{engineer.region_id}"}
    _record("engineer.changed", engineer, by=by, at=at, why=why, data=data)
    return engineer


@transaction.atomic
def set_skill(
    engineer: Engineer, product_line: ProductLine, level: int, *, by: User | None, at: datetime | None = None
) -> Skill | None:
    """How well an engineer knows a product line, 1 to 5; 0 removes the line."""
    if not (can_qualify(by) or can_manage(by)):
        raise Forbidden(_("Skills are the trainer's to judge."))
    if level not in range(6):
        raise Refused({"level": _("A skill is 1 to 5, or 0 for none.")})
    if level:
        skill, _made = Skill.objects.update_or_create(
            engineer=engineer, product_line=product_line, defaults={"level": level}
        )
    else:
        Skill.objects.filter(engineer=engineer, product_line=product_line).delete()
        skill = None
    data = {"line": f"productline:{product_line.pk}", "level": level}
    _record("engineer.skill_set", engineer, by=by, at=at, data=data)
    return skill


@transaction.atomic
def set_standby(
    engineer: Engineer, standby: str, *, by: User | None, at: datetime | None = None, why: str = ""
) -> Engineer:
    """On standby, on an order, or off duty [待命]; the engineer himself or whoever plans."""
    if not can_set_standby(by, engineer):
        raise Forbidden(_("This engineer belongs to another region."))
    if standby not in Engineer.Standby.values:
        raise Refused({"standby": _("There is no such choice.")})
    engineer = _locked(engineer)
    if engineer.standby == standby:
        return engineer
    before, engineer.standby = engineer.standby, standby
    engineer.save(update_fields=["standby"])
    data = {"before": before, "standby": standby}
    _record("engineer.standby_set", engineer, by=by, at=at, why=why, data=data)
    return engineer


@transaction.atomic
def record_phone_off(engineer: Engineer, *, by: User, at: datetime | None = None, note: str = "") -> PhoneOff:
    """An engineer who should have been reachable was not."""
    _planning(by, engineer)
    incident = PhoneOff.objects.create(engineer=engineer, at=at or timezone.now(), noticed_by=by, note=note)
    _record("engineer.phone_off", engineer, by=by, at=at, data={"incident": incident.pk})
    return incident


@transaction.atomic
def plan_absence(
    engineer: Engineer,
    *,
    by: User | None,
    starts_at: datetime,
    ends_at: datetime,
    kind: str = Absence.Kind.LEAVE,
    note: str = "",
    at: datetime | None = None,
) -> Absence:
    """An engineer will not be there; absences of one engineer never overlap."""
    _planning(by, engineer)
    if kind not in Absence.Kind.values:
        raise Refused({"kind": _("There is no such choice.")})
    _check_order(starts_at, ends_at)
    try:
        with transaction.atomic():
            absence = Absence.objects.create(engineer=engineer, kind=kind, during=(starts_at, ends_at), note=note)
    except IntegrityError as error:
        raise Refused({"starts_at": _("There is an absence in this time already.")}) from error
    absence.refresh_from_db()
    data = {"absence": absence.pk, "absence_kind": kind, **_span(absence)}
    _record("engineer.absence_planned", engineer, by=by, at=at, data=data)
    return absence


@transaction.atomic
def cancel_absence(absence: Absence, *, by: User | None, at: datetime | None = None, why: str = "") -> None:
    """Take a planned absence back."""
    _planning(by, absence.engineer)
    data = {"absence": absence.pk, **_span(absence)}
    if not Absence.objects.filter(pk=absence.pk).delete()[0]:
        raise NotAllowed(_("This absence was cancelled already."))
    _record("engineer.absence_cancelled", absence.engineer, by=by, at=at, why=why, data=data)


@transaction.atomic
def plan_standby(
    engineer: Engineer, *, by: User | None, starts_at: datetime, ends_at: datetime, at: datetime | None = None
) -> StandbyDuty:
    """A turn of the on-call rota."""
    _planning(by, engineer)
    _check_order(starts_at, ends_at)
    if engineer.standby_duties.filter(during__overlap=(starts_at, ends_at)).exists():
        raise Refused({"starts_at": _("This engineer is on the rota in this time already.")})
    duty = StandbyDuty.objects.create(engineer=engineer, during=(starts_at, ends_at))
    duty.refresh_from_db()
    data = {"duty": duty.pk, **_span(duty)}
    _record("engineer.duty_planned", engineer, by=by, at=at, data=data)
    return duty


@transaction.atomic
def cancel_standby(duty: StandbyDuty, *, by: User | None, at: datetime | None = None, why: str = "") -> None:
    """Take a turn out of the rota."""
    _planning(by, duty.engineer)
    data = {"duty": duty.pk, **_span(duty)}
    if not StandbyDuty.objects.filter(pk=duty.pk).delete()[0]:
        raise NotAllowed(_("This turn was taken out already."))
    _record("engineer.duty_cancelled", duty.engineer, by=by, at=at, why=why, data=data)


def _managing(by: User | None) -> None:
    if not can_manage(by):
        raise Forbidden(_("Only an administrator keeps the engineers' files."))


def _planning(by: User | None, engineer: Engineer) -> None:
    if not can_plan(by, engineer):
        raise Forbidden(_("This engineer belongs to another region."))


def _locked(engineer: Engineer) -> Engineer:
    rows = Engineer.objects.select_for_update(of=("self",))
    return rows.select_related("user", "tier", "region", "base_province").get(pk=engineer.pk)


def _free_number(number: str) -> None:
    if not number.strip():
        raise Refused({"staff_number": _("A staff number is needed.")})
    if Engineer.objects.filter(staff_number=number).exists():
        raise Refused({"staff_number": _("This staff number is taken.")})


def _check_order(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused({"ends_at": _("The end lies before the beginning.")})


def _span(planned: Absence | StandbyDuty) -> dict[str, str]:
    return {"start": planned.during.lower.isoformat(), "end": planned.during.upper.isoformat()}


def _record(kind: str, engineer: Engineer, **entry: Any) -> None:
    history.record(kind, engineer, about=[f"user:{engineer.user_id}"], **entry)
