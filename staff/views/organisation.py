"""Regions with provinces and supervisor, divisions with product lines, tiers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import history, pages, stories
from core.rest import found_or_404
from staff import actions
from staff.forms import DivisionForm, ProductLineForm, RegionForm, TierForm
from staff.models import Division, ProductLine, Province, Region, Tier, User
from staff.views.guards import administrators, house, status_of


@require_safe
@house
def regions(request: HttpRequest) -> HttpResponse:
    """Regions with their provinces and supervisors; what no region holds is the mobile team's."""
    rows = Region.objects.select_related("supervisor").prefetch_related("provinces", "engineers")
    free = list(Province.objects.filter(region=None))
    context = {"rows": rows.order_by("is_mobile", "id"), "free": free}
    return render(request, "staff/regions.html", context)


@require_safe
@house
def divisions(request: HttpRequest) -> HttpResponse:
    """Divisions with their product lines."""
    rows = Division.objects.prefetch_related("product_lines").order_by("id")
    return render(request, "staff/divisions.html", {"rows": rows})


@require_safe
@house
def tiers(request: HttpRequest) -> HttpResponse:
    """Tiers with their authority."""
    rows = Tier.objects.prefetch_related("engineers").order_by("rank")
    return render(request, "staff/tiers.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@administrators
@pages.once
def region(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add or change a region, its supervisor and its provinces."""
    row = found_or_404(Region.objects, code=code) if code else Region()
    form = RegionForm(request.POST or None, instance=row)
    if form.is_valid() and pages.run(request, form, _save_region, form, by=request.user) is not None:
        return _saved(request, "staff:regions")
    return _show(request, form, "staff:regions", _("New region"))


@require_http_methods(["GET", "POST"])
@administrators
@pages.once
def division(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add or change a division."""
    row = found_or_404(Division.objects, code=code) if code else Division()
    return _edit(request, DivisionForm, row, actions.save_division, "staff:divisions", _("New division"))


@require_http_methods(["GET", "POST"])
@administrators
@pages.once
def product_line(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add or change a product line."""
    row = found_or_404(ProductLine.objects, code=code) if code else ProductLine()
    return _edit(request, ProductLineForm, row, actions.save_product_line, "staff:divisions", _("New product line"))


@require_http_methods(["GET", "POST"])
@administrators
@pages.once
def tier(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add or change a tier."""
    row = found_or_404(Tier.objects, code=code) if code else Tier()
    return _edit(request, TierForm, row, actions.change_tier, "staff:tiers", _("New tier"))


@transaction.atomic
def _save_region(form: RegionForm, by: User) -> Region:
    row = actions.save_region(form.instance, by=by)
    if "provinces" in form.cleaned_data:
        chosen = set(form.cleaned_data["provinces"])
        before = set(row.provinces.all())
        for province in sorted(chosen - before, key=lambda one: one.pk):
            actions.place_province(province, row, by=by)
        for province in sorted(before - chosen, key=lambda one: one.pk):
            actions.place_province(province, None, by=by)
    return row


def _edit(
    request: HttpRequest,
    form_class: "type[ModelForm[Any]]",
    row: Any,
    action: Callable[..., Any],
    back: str,
    new: str,
) -> HttpResponse:
    form = form_class(request.POST or None, instance=row)
    if form.is_valid() and pages.run(request, form, action, form.instance, by=request.user) is not None:
        return _saved(request, back)
    return _show(request, form, back, new)


def _saved(request: HttpRequest, back: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(back)


def _show(request: HttpRequest, form: "ModelForm[Any]", back: str, new: str) -> HttpResponse:
    row = form.instance
    known = type(row).objects.filter(pk=row.pk).first() if row.pk else None
    context = {
        "form": form,
        "title": str(known) if known else new,
        "back": back,
        "known": known,
        "story": stories.tell(history.about(known)[:50], here=known) if known else [],
    }
    return render(request, "staff/organisation_form.html", context, status=status_of(request, form))
