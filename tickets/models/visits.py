"""Visits, parts used, photos and the signed service report (DSP-07, DSP-13, DSP-14)."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Paper, StoredFile
from tickets.models.orders import DispatchOrder
from tickets.querysets import CHARGED, VisitQuerySet


class Visit(models.Model):
    """One journey to the customer, from setting off to the report."""

    class Outcome(models.TextChoices):
        FIXED = "fixed", _("Fixed")
        PROVISIONAL = "provisional", _("Provisional")
        WAITS_FOR_PARTS = "waits_for_parts", _("Waits for parts")
        NOT_POSSIBLE = "not_possible", _("Not possible")

    class Cause(models.TextChoices):
        WEAR = "wear", _("Wear")
        MATERIAL = "material", _("Material or manufacture")
        DESIGN = "design", _("Design")
        OPERATION = "operation", _("Wrong operation")
        ALTERATION = "alteration", _("Unauthorised change")
        STORAGE = "storage", _("Wrong storage or installation")
        FORCE_MAJEURE = "force_majeure", _("Force majeure")
        UNKNOWN = "unknown", _("Not found")

    class Payment(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        CASH = "cash", _("Cash")
        MOBILE = "mobile", _("Mobile payment")
        ACCOUNT = "account", _("On the contract's account")
        WAIVED = "waived", pgettext_lazy("payment", "Waived")

    order = models.ForeignKey(DispatchOrder, models.PROTECT, related_name="visits")
    sequence = models.PositiveSmallIntegerField()
    departed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True, help_text="When the report was finished.")
    report_entered_at = models.DateTimeField(null=True, blank=True, help_text="When the report reached us.")
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    sure = models.BooleanField(default=True, help_text="The engineer is sure of the repair (FUP-01, DSP-09).")
    diagnosis = models.TextField(blank=True)
    cause = models.CharField(max_length=15, choices=Cause, blank=True)
    cause_note = models.TextField(blank=True)
    work_done = models.TextField(blank=True)
    hazards = models.TextField(blank=True)
    hours = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="Hours of work on site."
    )
    running_hours = models.DecimalField(max_digits=9, decimal_places=1, null=True, blank=True)
    labour_charge = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    parts_charge = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    travel_charge = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    left_unsolved = models.BooleanField(default=False, help_text="Left with the fault unsolved (DSP-06).")
    customer_agreed = models.BooleanField(default=False, help_text="The customer agreed to the leaving.")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When the charges were settled.")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    payment = models.CharField(max_length=10, choices=Payment, blank=True)
    payment_note = models.CharField(max_length=120, blank=True, help_text="Receipt, voucher, or why waived.")

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="tickets_visit_once"),
            models.CheckConstraint(condition=Q(hours__isnull=True) | Q(hours__gte=0), name="tickets_visit_hours"),
        ]
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="tickets_visit_reported"),
            models.Index(
                fields=["reported_at", "id"],
                condition=Q(settled_at__isnull=True) & CHARGED,
                name="tickets_visit_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.sequence}"

    @property
    def charges(self) -> Decimal:
        """What the customer pays for this visit."""
        return self.labour_charge + self.parts_charge + self.travel_charge


class PartUse(models.Model):
    """A part put in during a visit, and what came out."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="parts")
    name = models.CharField(max_length=80)
    model = models.CharField(max_length=80, blank=True, help_text="Model and specification.")
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    serial_in = models.CharField(max_length=40, blank=True)
    serial_out = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="tickets_part_quantity")]

    def __str__(self) -> str:
        return self.name


class VisitPhoto(models.Model):
    """A photo taken on an order; `visit` is the visit it belongs to once one has begun."""

    order = models.ForeignKey(DispatchOrder, models.PROTECT, related_name="photos")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    caption = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.caption or self.file.name


class ServiceReport(models.Model):
    """A version of the service report [维修服务单] as signed; a correction is a new version (DSP-14)."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField()
    content = models.JSONField(help_text="Everything the paper prints, frozen.")
    content_sha256 = models.CharField(max_length=64)
    signature = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    signed_by_name = models.CharField(max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    engineer_signed_at = models.DateTimeField()
    corrected_why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    papers = models.ManyToManyField(Paper, related_name="+", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="tickets_report_version")]

    def __str__(self) -> str:
        return f"{self.visit} v{self.version}"
