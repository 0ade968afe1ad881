"""The lists of customers and machines: filters, pages by key, export."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import paging, sheets
from customers import permissions
from customers.forms import CustomerFilterForm, MachineFilterForm
from customers.models import Contact, Customer, Equipment
from staff.models import Region

CUSTOMER_ORDERS = {"number": ("number", "id"), "-number": ("-number", "-id"), "name": ("name", "id")}
CUSTOMER_ORDERS["-name"] = ("-name", "-id")
MACHINE_ORDERS = {"serial": ("serial", "id"), "-serial": ("-serial", "-id")}


@require_safe
@login_required
def customers(request: HttpRequest) -> HttpResponse:
    """Customers that the person may see."""
    form = CustomerFilterForm(request.GET)
    rows = _filtered(Customer.objects.visible_to(request.user), form, {"province": "province", "kind": "kind"})
    if "export" in request.GET:
        return sheets.answer(request, _("Customers"), customer_columns(), _exported(rows))
    rows = rows.select_related("province").annotate(contact=_main_contact(), machines=_machine_count())
    order = CUSTOMER_ORDERS.get(request.GET.get("sort", ""), ("-id",))
    page = paging.page(rows, order, request.GET.get("cursor", ""))
    context = {
        "form": form,
        "page": page,
        "exports": _exports(request),
        "may_add": permissions.can_add(request.user),
        "may_import": permissions.can_import(request.user),
        "filtered": any(form.data.get(name) for name in form.fields),
    }
    return render(request, "customers/customers.html", context)


@require_safe
@login_required
def machines(request: HttpRequest) -> HttpResponse:
    """Machines that the person may see."""
    form = MachineFilterForm(request.GET)
    paths = {
        "province": "customer__province",
        "product_line": "model__product_line__code",
        "model": "model__code",
        "state": "state",
        "customer": "customer__number",
    }
    rows = _filtered(Equipment.objects.visible_to(request.user), form, paths)
    rows = rows.select_related("customer__province", "model__product_line", "contract", "site")
    if "export" in request.GET:
        return sheets.answer(request, _("Machines"), machine_columns(), rows.order_by("serial").iterator(2000))
    order = MACHINE_ORDERS.get(request.GET.get("sort", ""), ("-id",))
    number = form.data.get("customer", "")
    context = {
        "form": form,
        "page": paging.page(rows, order, request.GET.get("cursor", "")),
        "exports": _exports(request),
        "owner": Customer.objects.visible_to(request.user).filter(number=number).first() if number else None,
        "may_import": permissions.can_import(request.user),
        "filtered": any(form.data.get(name) for name in form.fields),
    }
    return render(request, "customers/machines.html", context)


def _filtered(rows: Any, form: forms.Form, paths: dict[str, str]) -> Any:
    """Rows narrowed by whatever of the filters is valid; a filter that means nothing finds nothing."""
    if not form.is_valid():
        return rows.none()
    given = form.cleaned_data
    if given.get("q"):
        rows = rows.matching(given["q"])
    if given.get("region"):
        rows = rows.of_region(Region.objects.get(code=given["region"]))
    return rows.filter(**{path: given[name] for name, path in paths.items() if given.get(name)})


def _exports(request: HttpRequest) -> list[tuple[str, str]]:
    query = request.GET.copy()
    query.pop("cursor", None)
    links = []
    for kind in ("xlsx", "csv"):
        query["export"] = kind
        links.append((kind.upper(), f"?{query.urlencode()}"))
    return links


def _main_contact() -> Subquery:
    person = JSONObject(name="name", phone="phone", backup_phone="backup_phone", position="position", email="email")
    rows = Contact.objects.filter(customer=OuterRef("pk")).order_by("-is_main", "id")
    return Subquery(rows.annotate(person=person).values("person")[:1])


def _machine_count() -> Coalesce:
    rows = Equipment.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


def _exported(rows: QuerySet[Any]) -> Any:
    people = Contact.objects.filter(customer=OuterRef("pk")).order_by("-is_main", "id")
    others = people.annotate(person=JSONObject(name="name", phone="phone")).values("person")[1:20]
    rows = rows.select_related("province", "owner").annotate(contact=_main_contact(), others=ArraySubquery(others))
    return rows.order_by("number").iterator(2000)


def customer_columns() -> list[sheets.Column]:
    """Columns of the customer export; those of the import stand first, under the same headings."""
    column = sheets.Column
    return [
        column(_("Customer number"), "number", "code"),
        column(_("Customer name"), "name"),
        column(_("Short name"), "short_name"),
        column(_("Type"), lambda row: row.get_kind_display()),
        column(_("Province"), "province"),
        column(_("City"), "city"),
        column(_("District"), "district"),
        column(_("Address"), "address"),
        column(_("Remote place"), lambda row: _("yes") if row.is_remote else _("no")),
        column(_("Contact"), _of_contact("name")),
        column(_("Position"), _of_contact("position")),
        column(_("Phone"), _of_contact("phone"), "code"),
        column(_("Backup phone"), _of_contact("backup_phone"), "code"),
        column(_("E-mail"), _of_contact("email")),
        column(_("Notes"), "notes"),
        column(_("Owner in marketing"), lambda row: row.owner or ""),
        column(_("Other contacts"), lambda row: "; ".join(f"{p['name']} {p['phone']}" for p in row.others)),
        column(_("Opened"), "created_at", "moment"),
    ]


def _of_contact(name: str) -> Any:
    return lambda row: (row.contact or {}).get(name, "")


def machine_columns() -> list[sheets.Column]:
    """Columns of the machine export, under the headings of the import."""
    column = sheets.Column
    return [
        column(_("Serial number"), "serial", "code"),
        column(_("Product line"), "model.product_line"),
        column(_("Model"), "model.code", "code"),
        column(_("Customer number"), "customer.number", "code"),
        column(_("Customer name"), "customer.name"),
        column(_("Province"), "customer.province"),
        column(_("Contract"), "contract.number", "code"),
        column(_("Site"), "site.name"),
        column(_("Number plate"), "plate", "code"),
        column(_("Batch"), "batch", "code"),
        column(_("Quantity"), "quantity", "number"),
        column(_("State"), lambda row: row.get_state_display()),
        column(_("Produced on"), "produced_on", "day"),
        column(_("Purchased on"), "purchased_on", "day"),
        column(_("Delivered on"), "delivered_on", "day"),
        column(_("Accepted on"), "accepted_on", "day"),
        column(_("First used on"), "first_used_on", "day"),
        column(_("Running hours"), "running_hours", "number"),
        column(_("Notes"), "notes"),
    ]
