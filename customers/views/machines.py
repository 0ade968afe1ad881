"""The machine page, its form, and what is added to a machine in place."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pages
from core.rest import found_or_404
from customers import actions, kinds, panels, permissions, telling
from customers.forms import ComponentForm, ItemForm, MachineForm, OperatorForm, ReadingForm, ReplacementForm
from customers.models import Customer, Equipment
from customers.stories import DOUBTS
from customers.views.forbidding import demand

READINGS_SHOWN = 6
_form_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def machine(request: HttpRequest, serial: str) -> HttpResponse:
    """Everything about a machine: file, warranty, meter, components, papers, operators, and the story."""
    return _show(request, _visible(request, serial))


@_form_methods
@login_required
@pages.once
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Register a machine of a customer."""
    owner = found_or_404(Customer.objects.visible_to(request.user).select_related("province"), number=number)
    demand(permissions.can_edit_customer(request.user, owner))
    form = MachineForm(request.POST or None, user=request.user, customer=owner)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.Meta.fields}
        made = pages.run(request, form, actions.add_equipment, by=request.user, **given)
        if made is not None:
            messages.success(request, _("Machine %(serial)s is registered.") % {"serial": made.serial})
            return redirect("customers:equipment", made.serial)
    return _show_form(request, form, owner, None)


@_form_methods
@login_required
@pages.once
def edit(request: HttpRequest, serial: str) -> HttpResponse:
    """Change a machine file, also its owner."""
    record = _visible(request, serial)
    demand(permissions.can_edit_customer(request.user, record.customer))
    initial = {"version": record.version}
    form = MachineForm(
        request.POST or None, instance=record, initial=initial, user=request.user, customer=record.customer
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in (*form.Meta.fields, "version", "why")}
        done = pages.run(request, form, actions.change_equipment, record, by=request.user, **given)
        if done is not None:
            messages.success(request, _("The machine file is saved."))
            return redirect("customers:equipment", done.serial)
    return _show_form(request, form, record.customer, record)


@require_POST
@login_required
@pages.once
def reading(request: HttpRequest, serial: str) -> HttpResponse:
    """Record running hours."""
    return _added(request, serial, "reading", actions.record_meter, permissions.can_read_meter)


@require_POST
@login_required
@pages.once
def component(request: HttpRequest, serial: str) -> HttpResponse:
    """Add a component."""
    return _added(request, serial, "component", actions.add_component)


@require_POST
@login_required
@pages.once
def item(request: HttpRequest, serial: str) -> HttpResponse:
    """Note a document or tool that was handed over."""
    return _added(request, serial, "item", actions.hand_over_item)


@require_POST
@login_required
@pages.once
def operator(request: HttpRequest, serial: str) -> HttpResponse:
    """Note a trained operator."""
    return _added(request, serial, "operator", actions.add_operator)


@_form_methods
@login_required
@pages.once
def replace(request: HttpRequest, serial: str, pk: int) -> HttpResponse:
    """Swap a component for another."""
    record = _visible(request, serial)
    demand(permissions.can_edit_customer(request.user, record.customer))
    old = found_or_404(record.components.all(), pk=pk)
    form = ReplacementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = pages.run(request, form, actions.replace_component, old, by=request.user, **form.cleaned_data)
        if new is not None:
            messages.success(request, _("The component is replaced; the old one stays in the file."))
            return redirect("customers:equipment", record.serial)
    context = {"form": form, "machine": record, "component": old}
    return render(request, "customers/replace_form.html", context, status=_status(request, form))


FORMS: dict[str, Any] = {
    "reading": ReadingForm,
    "component": ComponentForm,
    "item": ItemForm,
    "operator": OperatorForm,
}


def _may_edit(user: Any, record: Equipment) -> bool:
    return permissions.can_edit_customer(user, record.customer)


def _added(request: HttpRequest, serial: str, name: str, action: Any, may: Any = _may_edit) -> HttpResponse:
    """Run an action on a machine from a form in its page; with errors the page comes back with the form open."""
    record = _visible(request, serial)
    demand(may(request.user, record))
    form = FORMS[name](request.POST, prefix=name)
    if form.is_valid():
        done = pages.run(request, form, action, record, by=request.user, **form.cleaned_data)
        if done is not None:
            _say(request, name, done)
            return redirect("customers:equipment", record.serial)
    return _show(request, record, **{name: form})


def _say(request: HttpRequest, name: str, done: Any) -> None:
    if name == "reading" and not done.is_plausible:
        doubt = DOUBTS.get(done.doubt, done.doubt)
        messages.warning(request, _("The reading is kept but not believed: %(doubt)s.") % {"doubt": doubt})
    else:
        messages.success(request, _("Saved."))


def _show(request: HttpRequest, record: Equipment, **bound: Any) -> HttpResponse:
    may_edit = permissions.can_edit_customer(request.user, record.customer)
    readings = list(record.readings.select_related("by").order_by("-at", "-hours")[:READINGS_SHOWN])
    labels = dict(kinds.choices())
    context = {
        "machine": record,
        "customer": record.customer,
        "dates": _dates(record),
        "readings": [(row, DOUBTS.get(row.doubt, row.doubt)) for row in readings],
        "components": [
            (row, labels.get(row.kind, row.kind)) for row in record.components.order_by("removed_on", "id").reverse()
        ],
        "items": record.delivered_items.order_by("kind", "id"),
        "operators": record.operators.order_by("id"),
        "may_edit": may_edit,
        "may_read_meter": permissions.can_read_meter(request.user, record),
        "forms": {name: bound.get(name) or kind(prefix=name) for name, kind in FORMS.items()},
        "panels": panels.urls("machine", record.serial),
        "warranty_url": panels.url_if_any("warranty:bar", record.serial),
        "desk_url": panels.url_if_any("tickets:desk"),
        "story": telling.story(request, record),
    }
    return render(request, "customers/machine.html", context, status=_status(request, *bound.values()))


def _dates(record: Equipment) -> list[tuple[Any, Any]]:
    return [
        (_("Produced on"), record.produced_on),
        (_("Purchased on"), record.purchased_on),
        (_("Delivered on"), record.delivered_on),
        (_("Accepted on"), record.accepted_on),
        (_("First used on"), record.first_used_on),
    ]


def _visible(request: HttpRequest, serial: str) -> Equipment:
    rows = Equipment.objects.visible_to(request.user).select_related(
        "customer__province", "model__product_line", "contract", "site"
    )
    return found_or_404(rows, serial=serial)  # type: ignore[no-any-return]


def _show_form(request: HttpRequest, form: MachineForm, owner: Customer, record: Equipment | None) -> HttpResponse:
    back = reverse("customers:equipment", args=[record.serial]) if record else None
    context = {
        "form": form,
        "customer": owner,
        "machine": record,
        "back": back or reverse("customers:customer", args=[owner.number]),
    }
    return render(request, "customers/machine_form.html", context, status=_status(request, form))


def _status(request: HttpRequest, *bound: Any) -> int:
    refused = pages.status_of(request)
    if refused != 200:
        return refused
    return 422 if any(form.is_bound and not form.is_valid() for form in bound) else 200
