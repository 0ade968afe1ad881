"""Contracts and sites of a customer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import Refused
from customers import permissions
from customers.actions import changing
from customers.models import Contract, Customer, Site

CONTRACT_FIELDS = ("number", "title", "signed_on", "ends_on", "notes")
SITE_FIELDS = ("name", "province", "city", "address", "is_remote")


@transaction.atomic
def add_contract(customer: Customer, *, by: Any, number: str, at: datetime | None = None, **fields: Any) -> Contract:
    """File a contract of a customer."""
    customer = _locked(customer, by)
    contract = Contract(customer=customer)
    changing.apply(contract, {"number": number, **fields}, CONTRACT_FIELDS)
    _check_contract(contract)
    contract.save()
    _reindex(customer)
    history.record("contract.added", customer, by=by, at=at, data={"number": contract.number})
    return contract


@transaction.atomic
def change_contract(
    contract: Contract, *, by: Any, at: datetime | None = None, why: str = "", **changes: Any
) -> Contract:
    """Change a contract; machines under it are found by the new number."""
    customer = _locked(contract.customer, by)
    contract = Contract.objects.get(pk=contract.pk)
    different = changing.apply(contract, changes, CONTRACT_FIELDS)
    if not different:
        return contract
    _check_contract(contract)
    contract.save()
    if "number" in different:
        _reindex(customer)
        changing.reindex_machines(changing.machines_of(contract=contract))
    data = changing.data_of(different, number=contract.number)
    history.record("contract.changed", customer, by=by, at=at, why=why, data=data)
    return contract


@transaction.atomic
def add_site(customer: Customer, *, by: Any, name: str, at: datetime | None = None, **fields: Any) -> Site:
    """Add a place where machines of a customer work; without a province it is the customer's."""
    customer = _locked(customer, by)
    site = Site(customer=customer)
    changing.apply(site, {"province": customer.province, "name": name, **fields}, SITE_FIELDS)
    changing.check(site)
    site.save()
    history.record("customer.site_added", customer, by=by, at=at, data={"name": site.name})
    return site


@transaction.atomic
def change_site(site: Site, *, by: Any, at: datetime | None = None, why: str = "", **changes: Any) -> Site:
    """Change a site."""
    customer = _locked(site.customer, by)
    site = Site.objects.get(pk=site.pk)
    different = changing.apply(site, changes, SITE_FIELDS)
    if not different:
        return site
    changing.check(site)
    site.save()
    if "name" in different:
        changing.reindex_machines(changing.machines_of(site=site))
    data = {**changing.data_of(different), "name": site.name}
    history.record("customer.site_changed", customer, by=by, at=at, why=why, data=data)
    return site


def _check_contract(contract: Contract) -> None:
    changing.check(contract)
    if contract.signed_on and contract.ends_on and contract.ends_on < contract.signed_on:
        raise Refused({"ends_on": _("A contract cannot end before it was signed.")})


def _locked(customer: Customer, by: Any) -> Customer:
    customer = Customer.objects.select_for_update(of=("self",)).select_related("province").get(pk=customer.pk)
    permissions.demand(permissions.can_edit_customer(by, customer))
    return customer


def _reindex(customer: Customer) -> None:
    changing.reindex_customer(customer)
    customer.save(update_fields=["search"])
