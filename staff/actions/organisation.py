"""Divisions, product lines, regions with their provinces, tiers (ORG-01, ORG-02, ORG-04)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, Refused
from staff.models import Division, Named, ProductLine, Province, Region, Tier, User
from staff.permissions import can_manage
from staff.roles import Role


@transaction.atomic
def save_division(division: Division, *, by: User | None, at: datetime | None = None) -> Division:
    """Add or rename a division."""
    return _save(division, "division", by=by, at=at)


@transaction.atomic
def save_product_line(line: ProductLine, *, by: User | None, at: datetime | None = None) -> ProductLine:
    """Add or rename a product line, or give it to another division."""
    return _save(line, "product_line", by=by, at=at, data={"division": f"division:{line.division_id}"})


@transaction.atomic
def save_region(region: Region, *, by: User | None, at: datetime | None = None) -> Region:
    """Add or rename a region, or name its supervisor, who then belongs to it."""
    supervisor = region.supervisor
    if supervisor is not None and Role.SUPERVISOR not in supervisor.roles:
        raise Refused({"supervisor": _("This person has not the role regional supervisor.")})
    if supervisor is not None and supervisor.region_id != region.pk:
        raise Refused({"supervisor": _("This person belongs to another region.")})
    if not region.is_mobile and region.pk and not _other_mobile_team(region):
        raise Refused({"is_mobile": _("One team has to serve the provinces that no region holds.")})
    data = {"supervisor": f"user:{supervisor.pk}" if supervisor else ""}
    return _save(region, "region", by=by, at=at, data=data)


@transaction.atomic
def place_province(
    province: Province, region: Region | None, *, by: User | None, at: datetime | None = None
) -> Province:
    """Give a province to a region, or to the mobile team (None)."""
    _managing(by)
    province = Province.objects.select_for_update().get(pk=province.pk)
    if region is not None and region.is_mobile:
        region = None
    if province.region_id == (region.pk if region else None):
        return province
    before, province.region = province.region_id, region
    province.save(update_fields=["region"])
    data = {"before": f"region:{before}" if before else "", "region": f"region:{region.pk}" if region else ""}
    about = [region, f"region:{before}" if before else None]
    history.record("province.placed", province, by=by, at=at, about=about, data=data)
    return province


@transaction.atomic
def change_tier(tier: Tier, *, by: User | None, at: datetime | None = None) -> Tier:
    """Change what a tier may decide alone, which grades it is sent to alone, and its pay band."""
    return _save(tier, "tier", by=by, at=at, data={"limit": str(tier.may_decide_up_to)})


def _managing(by: User | None) -> None:
    if not can_manage(by):
        raise Forbidden(_("Only an administrator changes the organisation."))


def _save(row: Any, noun: str, *, by: User | None, at: datetime | None, data: dict[str, Any] | None = None) -> Any:
    _managing(by)
    added = row.pk is None
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(dict(error.message_dict)) from error
    row.save()
    names = {"code": row.code, "name_zh": row.name_zh, "name_en": row.name_en} if isinstance(row, Named) else {}
    kind = f"{noun}.added" if added else f"{noun}.changed"
    history.record(kind, row, by=by, at=at, data={**names, **(data or {})})
    return row


def _other_mobile_team(region: Region) -> bool:
    return Region.objects.filter(is_mobile=True).exclude(pk=region.pk).exists()
