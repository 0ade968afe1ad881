"""The customer page and its forms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import pages
from core.rest import found_or_404
from customers import actions, panels, permissions, telling
from customers.forms import ContactFormSet, ContractForm, CustomerForm, SiteForm
from customers.models import Contract, Customer, Site
from customers.views.forbidding import demand

MACHINES_SHOWN = 50
_form_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def customer(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about a customer: file, people, machines, and the story."""
    record = _visible(request, number)
    machines = record.equipment.visible_to(request.user).select_related("model__product_line", "site")
    shown = list(machines.order_by("serial")[: MACHINES_SHOWN + 1])
    context = {
        "customer": record,
        "contacts": record.contacts.all(),
        "contracts": record.contracts.order_by("-signed_on", "-id"),
        "sites": record.sites.select_related("province").order_by("id"),
        "machines": shown[:MACHINES_SHOWN],
        "more_machines": len(shown) > MACHINES_SHOWN,
        "may_edit": permissions.can_edit_customer(request.user, record),
        "panels": panels.urls("customer", record.number),
        "desk_url": panels.url_if_any("tickets:desk"),
        "story": telling.story(request, record),
    }
    return render(request, "customers/customer.html", context)


@_form_methods
@login_required
@pages.once
def add(request: HttpRequest) -> HttpResponse:
    """Open a customer file."""
    demand(permissions.can_add(request.user))
    form, contacts = _forms(request, None)
    if request.method == "POST" and form.is_valid() and contacts.is_valid():
        given = {name: form.cleaned_data[name] for name in form.Meta.fields}
        made = pages.run(
            request, form, actions.add_customer, by=request.user, contacts=_new_rows(contacts.rows()), **given
        )
        if made is not None:
            messages.success(request, _("Customer file %(number)s is open.") % {"number": made.number})
            return redirect("customers:customer", made.number)
    return _show_form(request, form, contacts, None)


@_form_methods
@login_required
@pages.once
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change a customer file and its contacts."""
    record = _visible(request, number)
    demand(permissions.can_edit_customer(request.user, record))
    form, contacts = _forms(request, record)
    if request.method == "POST" and form.is_valid() and contacts.is_valid():
        given = {name: form.cleaned_data[name] for name in form.Meta.fields}
        done = pages.run(
            request,
            form,
            actions.change_customer,
            record,
            by=request.user,
            version=form.cleaned_data["version"],
            contacts=contacts.rows(),
            **given,
        )
        if done is not None:
            messages.success(request, _("The customer file is saved."))
            return redirect("customers:customer", done.number)
    return _show_form(request, form, contacts, record)


@require_safe
@login_required
def contact_row(request: HttpRequest) -> HttpResponse:
    """One more empty line of contacts for the form; htmx puts it below the others."""
    total = request.GET.get("contact-TOTAL_FORMS", "")
    index = min(int(total), 59) if total.isdigit() else 0
    form = ContactFormSet(prefix="contact").empty_form
    form.prefix = f"contact-{index}"
    return render(request, "customers/contact_row.html", {"row": form, "total": index + 1})


@_form_methods
@login_required
@pages.once
def contract(request: HttpRequest, number: str, pk: int | None = None) -> HttpResponse:
    """File a contract or change it."""
    owner = _visible(request, number)
    record = found_or_404(owner.contracts.all(), pk=pk) if pk else None
    return _belonging(request, owner, ContractForm, record, actions.add_contract, actions.change_contract)


@_form_methods
@login_required
@pages.once
def site(request: HttpRequest, number: str, pk: int | None = None) -> HttpResponse:
    """Add a site or change it."""
    owner = _visible(request, number)
    record = found_or_404(owner.sites.all(), pk=pk) if pk else None
    return _belonging(request, owner, SiteForm, record, actions.add_site, actions.change_site)


def _belonging(
    request: HttpRequest,
    owner: Customer,
    kind: type[forms.ModelForm],
    record: Contract | Site | None,
    add_action: Any,
    change_action: Any,
) -> HttpResponse:
    demand(permissions.can_edit_customer(request.user, owner))
    initial = {"province": owner.province_id, "city": owner.city} if record is None else {}
    form = kind(request.POST or None, instance=record, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.fields}
        if record is None:
            done = pages.run(request, form, add_action, owner, by=request.user, **given)
        else:
            done = pages.run(request, form, change_action, record, by=request.user, **given)
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("customers:customer", owner.number)
    context = {"form": form, "customer": owner, "record": record, "kind": kind.__name__}
    return render(request, "customers/belonging_form.html", context, status=_status(request, form))


def _visible(request: HttpRequest, number: str) -> Customer:
    rows = Customer.objects.visible_to(request.user).select_related("province__region", "owner")
    return found_or_404(rows, number=number)  # type: ignore[no-any-return]


def _forms(request: HttpRequest, record: Customer | None) -> tuple[CustomerForm, Any]:
    """The form of the file and the lines of its contacts, filled from the request or the record."""
    initial = {"version": record.version} if record else {}
    form = CustomerForm(request.POST or None, instance=record, initial=initial)
    people = list(record.contacts.values()) if record else []
    return form, ContactFormSet(request.POST or None, initial=people, prefix="contact")


def _new_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if not row["remove"]]


def _show_form(request: HttpRequest, form: CustomerForm, contacts: Any, record: Customer | None) -> HttpResponse:
    context = {"form": form, "contacts": contacts, "customer": record}
    return render(request, "customers/customer_form.html", context, status=_status(request, form, contacts))


def _status(request: HttpRequest, *bound: Any) -> int:
    """422 for input that was refused, the status of the refusal else."""
    refused = pages.status_of(request)
    if refused != 200:
        return refused
    return 422 if any(form.is_bound and not form.is_valid() for form in bound) else 200
