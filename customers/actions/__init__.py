"""Every write to customer files and machines."""

from customers.actions.access import grant_field_access
from customers.actions.components import (
    add_component,
    add_operator,
    change_component,
    hand_over_item,
    replace_component,
)
from customers.actions.contacts import add_contact, change_contact, remove_contact
from customers.actions.customers import add_customer, change_customer
from customers.actions.equipment import add_equipment, change_equipment
from customers.actions.imports import apply_sheet, name_columns, stage_sheet
from customers.actions.meters import record_meter
from customers.actions.models import add_product_model, change_product_model
from customers.actions.places import add_contract, add_site, change_contract, change_site

__all__ = [
    "add_component",
    "add_contact",
    "add_contract",
    "add_customer",
    "add_equipment",
    "add_operator",
    "add_product_model",
    "add_site",
    "apply_sheet",
    "change_component",
    "change_contact",
    "change_contract",
    "change_customer",
    "change_equipment",
    "change_product_model",
    "change_site",
    "grant_field_access",
    "hand_over_item",
    "name_columns",
    "record_meter",
    "remove_contact",
    "replace_component",
    "stage_sheet",
]
