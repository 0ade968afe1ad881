"""Customers and what was sold to them: files, contacts, contracts, models, machines, components, meters."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.indexes import SearchIndex
from core.models import StoredFile
from customers.querysets import BelongingQuerySet, CustomerQuerySet, EquipmentQuerySet
from staff.models import Named, ProductLine, Province


class Channel(models.TextChoices):
    """How somebody reaches us or wants to be reached."""

    PHONE = "phone", _("Phone")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    FAX = "fax", _("Fax")
    WEB = "web", _("Web")
    QR = "qr", _("QR code")
    WECHAT = "wechat", _("WeChat")
    VISIT = "visit", _("In person")


class Customer(models.Model):
    """A customer file [客户档案] (CUS-01)."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        DEALER = "dealer", _("Dealer")
        AUTHORITY = "authority", _("Public authority")
        RENTAL = "rental", _("Rental company")
        PERSON = "person", _("Private person")

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120, unique=True)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COMPANY)
    province = models.ForeignKey(Province, models.PROTECT, related_name="customers")
    city = models.CharField(max_length=40, blank=True)
    district = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    is_remote = models.BooleanField(default=False, help_text="A remote place: longer promises.")
    notes = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    search = ArrayField(models.CharField(max_length=8, db_collation="C"), default=list, editable=False)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every change; guards against overwriting.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        indexes = [SearchIndex(fields=["search"], name="customers_customer_search")]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def full_address(self) -> str:
        """Province, city, district and line as one text."""
        return "".join([self.province.name_zh, self.city, self.district, self.address])


class Contact(models.Model):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=60)
    position = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=40, blank=True, help_text="As it was given.")
    backup_phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.PHONE)
    is_main = models.BooleanField(default=False)
    phone_digits = ArrayField(
        models.CharField(max_length=20),
        default=list,
        editable=False,
        help_text="Both numbers in E.164 digits.",
    )

    class Meta:
        ordering = ["-is_main", "id"]
        indexes = [GinIndex(fields=["phone_digits"], name="customers_contact_phone")]
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(is_main=True), name="customers_one_main_contact")
        ]

    def __str__(self) -> str:
        return self.name


class Contract(models.Model):
    """A sales or service contract."""

    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contracts")
    title = models.CharField(max_length=120, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)

    objects = BelongingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number


class Site(models.Model):
    """A place where a customer's machines work."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="sites")
    name = models.CharField(max_length=80)
    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    city = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    is_remote = models.BooleanField(default=False)

    objects = BelongingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ProductModel(Named):
    """A model of a product line, for example TRC-1200."""

    product_line = models.ForeignKey(ProductLine, models.PROTECT, related_name="models")


class Equipment(models.Model):
    """A sold machine (CUS-02)."""

    class State(models.TextChoices):
        IN_USE = "in_use", _("In use")
        IN_REPAIR = "in_repair", _("In repair")
        STORED = "stored", _("Laid up")
        SCRAPPED = "scrapped", _("Scrapped")

    serial = models.CharField(max_length=40, unique=True)
    model = models.ForeignKey(ProductModel, models.PROTECT, related_name="equipment")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="equipment")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, blank=True, related_name="equipment")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="equipment")
    plate = models.CharField(max_length=20, blank=True, help_text="Number plate of a vehicle.")
    batch = models.CharField(max_length=40, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.IN_USE)
    produced_on = models.DateField(null=True, blank=True)
    purchased_on = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    first_used_on = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)
    running_hours = models.DecimalField(
        max_digits=9, decimal_places=1, null=True, blank=True, help_text="Latest plausible reading."
    )
    search = ArrayField(models.CharField(max_length=8, db_collation="C"), default=list, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    objects = EquipmentQuerySet.as_manager()

    class Meta:
        indexes = [SearchIndex(fields=["search"], name="customers_equipment_search")]

    def __str__(self) -> str:
        return self.serial


class Component(models.Model):
    """A part of a machine with its own serial number and warranty."""

    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="components")
    kind = models.CharField(max_length=30, help_text="Code of the component kind, for example electrical.")
    name = models.CharField(max_length=80)
    serial = models.CharField(max_length=40, blank=True)
    installed_on = models.DateField(null=True, blank=True)
    removed_on = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True, help_text="Where the part has a term of its own.")

    def __str__(self) -> str:
        return self.name


class DeliveredItem(models.Model):
    """A document or tool handed over with a machine."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        TOOL = "tool", _("Tool")

    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="delivered_items")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField(default=1)
    handed_over_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Operator(models.Model):
    """An operator at the customer who was trained on a machine."""

    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="operators")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=40, blank=True)
    trained_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class MeterReading(models.Model):
    """Running hours read off a machine (CUS-10)."""

    class Source(models.TextChoices):
        VISIT = "visit", _("Visit")
        CUSTOMER = "customer", _("Customer")
        API = "api", _("API")
        IMPORT = "import", _("Import")

    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="readings")
    hours = models.DecimalField(max_digits=9, decimal_places=1)
    at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=Source)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_plausible = models.BooleanField(default=True)
    doubt = models.CharField(max_length=200, blank=True, help_text="Why it is not believed.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__gte=0), name="customers_reading_not_negative"),
            models.UniqueConstraint(fields=["equipment", "at", "hours"], name="customers_reading_once"),
        ]


class ColumnMapping(models.Model):
    """Which column of a customer's sheet means which field; remembered by the heading row (CUS-05)."""

    kind = models.CharField(max_length=20)
    headings_digest = models.CharField(max_length=64)
    columns = models.JSONField(help_text="Field name to heading.")
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "headings_digest"], name="customers_mapping_once")]


class SheetImport(models.Model):
    """A sheet that somebody sent: staged with its columns until it is applied (CUS-05)."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200, help_text="Name of the file as it was sent.")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    columns = models.JSONField(default=dict, help_text="Field name to heading.")
    options = models.JSONField(default=dict, help_text="What was chosen for the whole sheet.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict, help_text="New, changed, unchanged, faulty; once applied.")
    returned = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The rows that were refused, given back.",
    )


class FieldAccess(models.Model):
    """A field person may see this customer and machine because of an order; written by the dispatch above."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="field_access")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    equipment = models.ForeignKey(Equipment, models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "customer", "equipment"], nulls_distinct=False, name="customers_access_once"
            )
        ]
