"""How the history tells what happened to customers and machines."""

from django.utils.translation import gettext_lazy as _

from core.history import Kind

FIELDS = {
    "name": _("Name"),
    "short_name": _("Short name"),
    "kind": _("Type"),
    "province": _("Province"),
    "city": _("City"),
    "district": _("District"),
    "address": _("Address"),
    "is_remote": _("Remote place"),
    "notes": _("Notes"),
    "owner": _("Owner in marketing"),
    "contacts": _("Contacts"),
    "position": _("Position"),
    "phone": _("Phone"),
    "backup_phone": _("Backup phone"),
    "email": _("E-mail"),
    "channel": _("Preferred channel"),
    "is_main": _("Main contact"),
    "number": _("Number"),
    "title": _("Title"),
    "signed_on": _("Signed on"),
    "ends_on": _("Ends on"),
    "serial": _("Serial number"),
    "model": _("Model"),
    "customer": _("Customer"),
    "contract": _("Contract"),
    "site": _("Site"),
    "plate": _("Number plate"),
    "running_hours": _("Running hours"),
    "batch": _("Batch"),
    "quantity": _("Quantity"),
    "state": _("State"),
    "produced_on": _("Produced on"),
    "purchased_on": _("Purchased on"),
    "delivered_on": _("Delivered on"),
    "accepted_on": _("Accepted on"),
    "first_used_on": _("First used on"),
    "installed_on": _("Installed on"),
    "removed_on": _("Removed on"),
    "warranty_until": _("Warranty until"),
    "trained_on": _("Trained on"),
    "code": _("Code"),
    "name_zh": _("Chinese name"),
    "name_en": _("English name"),
    "product_line": _("Product line"),
}
"""Labels of the fields that an entry may name."""

DOUBTS = {
    "backwards": _("less than a reading before it, or more than one after it"),
    "too_fast": _("more than 24 hours a day since the reading beside it"),
}
"""Why a meter reading is not believed."""

KINDS = {
    "customer.added": Kind("building", _("opened the customer file %(number)s")),
    "customer.imported": Kind("file-upload", _("imported the customer file %(number)s")),
    "customer.changed": Kind("pencil", _("changed the customer file: %(fields)s"), words=FIELDS),
    "customer.contact_added": Kind("user-plus", _("added a contact")),
    "customer.contact_changed": Kind("user", _("changed a contact: %(fields)s"), words=FIELDS),
    "customer.contact_removed": Kind("user", _("removed a contact")),
    "customer.site_added": Kind("map-pin", _("added the site %(name)s")),
    "customer.site_changed": Kind("map-pin", _("changed the site %(name)s: %(fields)s"), words=FIELDS),
    "contract.added": Kind("file-text", _("filed the contract %(number)s")),
    "contract.changed": Kind("file-text", _("changed the contract %(number)s: %(fields)s"), words=FIELDS),
    "model.added": Kind("package", _("added the product model %(code)s")),
    "model.changed": Kind("package", _("changed the product model %(code)s: %(fields)s"), words=FIELDS),
    "equipment.added": Kind("truck", _("registered the machine %(serial)s")),
    "equipment.imported": Kind("file-upload", _("imported the machine %(serial)s")),
    "equipment.changed": Kind("pencil", _("changed the machine file: %(fields)s"), words=FIELDS),
    "equipment.component_added": Kind("plug", _("added the component %(name)s %(serial)s")),
    "equipment.component_changed": Kind("plug", _("changed the component %(name)s: %(fields)s"), words=FIELDS),
    "equipment.component_replaced": Kind("repeat", _("replaced the component %(name)s: %(old)s → %(new)s")),
    "equipment.item_delivered": Kind("package", _("handed over: %(name)s × %(quantity)s")),
    "equipment.operator_trained": Kind("school", _("added a trained operator")),
    "meter.read": Kind("gauge", _("read the meter: %(hours)s h")),
    "meter.doubted": Kind(
        "alert-triangle", _("read the meter: %(hours)s h, not believed: %(doubt)s"), tone="soon", words=DOUBTS
    ),
}
